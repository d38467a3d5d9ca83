import type { Examples, Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { changesBetween, withChanges } from '../../batch/snapshot-changes.ts';
import type { LabeledPoint } from '../../batch/vector.ts';
import type { ChangingState } from '../../contracts/stateful.ts';
import { DataError } from '../../errors.ts';
import { checkOption } from '../check-option.ts';
import { OnlineLearner } from '../online-learner.ts';
import { RowAtHand } from '../row-at-hand.ts';
import { checkSizes } from '../row-sizes.ts';
import { isCount } from './growth-options.ts';
import { type NominalOptions, valueCounts } from './nominal-options.ts';
import type { TreeNode } from './tree-node.ts';
import { recordOf } from './tree-snapshot.ts';

/** A tree, or many, that learns row after row. Rows are only lent, and weigh more than 0. */
export interface RowModel {
  /** Learns a row, and writes what it would have predicted. */
  learnRow(row: RowAtHand): void;
  /** Writes what it predicts of a row. */
  predictRow(row: RowAtHand): void;
  roots(): readonly TreeNode<unknown>[];
  snapshot(): SnapshotRecord;
  /** For a new one. Throws `StateError` (`does-not-fit`), and is then of no use. */
  restore(saved: SnapshotRecord): void;
}

/** The features that a tree learns from. */
export interface TreeFeatures extends NominalOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
}

/**
 * What the learners share whose state is too large to be copied for each batch: they look at all numbers of a batch before they learn
 * the first row, so that nothing can go wrong half way. On a stream, a commit holds what the batch changed of the state. The loss of a row is the squared
 * error, or 1 for a wrong class.
 */
export abstract class TreeLearner<M extends RowModel> extends OnlineLearner<LabeledPoint> implements ChangingState {
  readonly supervised = true;
  readonly width: number;
  /** How many values each feature has, 0 of one that is not nominal: Int32Array[d]. */
  protected readonly numValues: Int32Array;
  #model!: M;
  readonly #row: RowAtHand;
  /** On a stream: the state as it was committed last, and as the batch under way has left it. */
  #committed: SnapshotRecord | undefined;
  #changed: SnapshotRecord | undefined;

  constructor({ numFeatures, nominalFeatures = {} }: TreeFeatures) {
    super();
    const valid = isCount(numFeatures) && numFeatures > 0;
    this.width = checkOption(new.target.name, valid, numFeatures, 'Number of features must be positive');
    this.#row = new RowAtHand(numFeatures);
    this.numValues = valueCounts(numFeatures, nominalFeatures);
  }

  /** A model that has learned nothing. */
  protected abstract newModel(): M;

  changes(): SnapshotRecord | undefined {
    this.#changed = this.snapshot();
    return changesBetween(this.#committed ?? {}, this.#changed);
  }

  applyChanges(changes: SnapshotRecord): void {
    this.restore(withChanges(this.snapshot(), changes));
  }

  keepChanges(): void {
    this.#committed = this.#changed ?? this.snapshot();
    this.#changed = undefined;
  }

  undoChanges(): void {
    this.#changed = undefined;
    if (this.#committed !== undefined) this.restore(this.#committed);
  }

  /** How many branches ask for each feature: Float64Array[d]. */
  learnedValues(): Float64Array {
    const splits = new Float64Array(this.width);
    for (const root of this.#model.roots()) {
      for (const { leaf, feature } of root.all()) if (leaf === undefined) splits[feature] = splits[feature]! + 1;
    }
    return splits;
  }

  /** A subclass sets it in its constructor, to a new one. */
  protected get model(): M {
    return this.#model;
  }

  protected set model(model: M) {
    this.#model = model;
  }

  protected learned(): SnapshotRecord {
    return { model: this.#model.snapshot() };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const model = this.newModel();
    model.restore(recordOf(snapshot['model'], 'model', this.kind));
    this.#model = model;
  }

  protected learn(examples: Examples): number | undefined {
    checkSizes(this.kind, examples);
    this.checkNominal(examples.features);
    const { features, labels, weights } = examples;
    let loss = 0;
    let total = 0;
    for (let i = 0; i < features.rows; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      const row = this.rowOf(features, i);
      row.label = labels![i]!;
      row.weight = weight;
      this.#model.learnRow(row);
      loss += weight * (this.numClasses === undefined ? squaredError(row) : wrongly(row));
      total += weight;
    }
    return total === 0 ? undefined : loss / total;
  }

  protected score(features: Features): Float64Array {
    this.checkNominal(features);
    const out = new Float64Array(features.rows);
    for (let i = 0; i < out.length; i++) {
      const row = this.rowOf(features, i);
      this.#model.predictRow(row);
      out[i] = row.prediction;
    }
    return out;
  }

  /** Throws `DataError` (`bad-record`) where a nominal feature has a value that it can't have. */
  protected checkNominal({ columns }: Features): void {
    for (const [j, numValues] of this.numValues.entries()) {
      if (numValues === 0) continue;
      const column = columns[j]!;
      for (let row = 0; row < column.length; row++) {
        const value = column[row]!;
        if (Number.isInteger(value) && value >= 0 && value < numValues) continue;
        const expected = `a whole number from 0 to ${numValues - 1}`;
        throw new DataError('bad-record', `${this.kind}: row ${row}: feature ${j}: expected ${expected}, got ${value}`);
      }
    }
  }

  /** Only lent. */
  protected rowOf(features: Features, i: number): RowAtHand {
    return this.#row.take(features, i);
  }
}

function squaredError({ prediction, label }: RowAtHand): number {
  return (label - prediction) ** 2;
}

function wrongly({ prediction, label }: RowAtHand): number {
  return prediction === label ? 0 : 1;
}
