import type { Examples, Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { changesBetween, withChanges } from '../../batch/snapshot-changes.ts';
import type { LabeledPoint } from '../../batch/vector.ts';
import type { ChangingState } from '../../contracts/stateful.ts';
import { checkOption } from '../check-option.ts';
import { OnlineLearner } from '../online-learner.ts';
import { checkSizes } from '../row-sizes.ts';
import { isCount } from './growth-options.ts';
import type { TreeNode } from './tree-node.ts';
import { recordOf } from './tree-snapshot.ts';

/** A tree, or many, that learns row after row. Rows are only lent. */
export interface RowModel {
  /** Learns a row of weight above 0, and gives what it would have predicted. */
  learnRow(x: Float64Array, label: number, weight: number): number;
  predictRow(x: Float64Array): number;
  roots(): readonly TreeNode<unknown>[];
  snapshot(): SnapshotRecord;
  /** For a new one. Throws `StateError` (`does-not-fit`), and is then of no use. */
  restore(saved: SnapshotRecord): void;
}

/**
 * What the learners share whose state is too large to be copied for each batch: they look at all numbers of a batch before they learn
 * the first row, so that nothing can go wrong half way. On a stream, a commit holds what the batch changed of the state.
 */
export abstract class TreeLearner<M extends RowModel> extends OnlineLearner<LabeledPoint> implements ChangingState {
  readonly supervised = true;
  readonly width: number;
  #model!: M;
  /** The row at hand. */
  readonly #x: Float64Array;
  /** On a stream: the state as it was committed last, and as the batch under way has left it. */
  #committed: SnapshotRecord | undefined;
  #changed: SnapshotRecord | undefined;

  constructor(numFeatures: number) {
    super();
    const valid = isCount(numFeatures) && numFeatures > 0;
    this.width = checkOption(new.target.name, valid, numFeatures, 'Number of features must be positive');
    this.#x = new Float64Array(numFeatures);
  }

  /** A model that has learned nothing. */
  protected abstract newModel(): M;

  protected abstract lossOf(prediction: number, label: number): number;

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
    const { features, labels, weights } = examples;
    let loss = 0;
    let total = 0;
    for (let i = 0; i < features.rows; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      this.#gather(features, i);
      const label = labels![i]!;
      loss += weight * this.lossOf(this.#model.learnRow(this.#x, label, weight), label);
      total += weight;
    }
    return total === 0 ? undefined : loss / total;
  }

  protected score(features: Features): Float64Array {
    const out = new Float64Array(features.rows);
    this.eachRow(features, (x, i) => {
      out[i] = this.#model.predictRow(x);
    });
    return out;
  }

  /** `x` is only lent. */
  protected eachRow(features: Features, use: (x: Float64Array, row: number) => void): void {
    for (let i = 0; i < features.rows; i++) {
      this.#gather(features, i);
      use(this.#x, i);
    }
  }

  #gather({ columns }: Features, row: number): void {
    const x = this.#x;
    for (let j = 0; j < columns.length; j++) x[j] = columns[j]![row]!;
  }
}
