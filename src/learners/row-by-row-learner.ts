import type { Examples, Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { LabeledPoint } from '../batch/vector.ts';
import { DataError } from '../errors.ts';
import { allFinite, sumOf } from '../numeric/linear.ts';
import { checkOption } from './check-option.ts';
import { columnsOfSnapshot, copyOfColumns, type LearnedColumns } from './learned-columns.ts';
import { OnlineLearner } from './online-learner.ts';

export interface RowByRowOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Whether an intercept is learned beside the weights. Default true. */
  readonly fitIntercept?: boolean;
}

/**
 * What the learners share that learn row after row, so that it makes no difference how a stream is cut into batches. They
 * learn a batch on a copy of what they know, and take the copy when the whole batch was learned.
 */
export abstract class RowByRowLearner<S extends LearnedColumns> extends OnlineLearner<LabeledPoint> {
  readonly supervised = true;
  readonly width: number;
  protected readonly fitIntercept: boolean;
  #state!: S;
  /** A row at hand: the features, and then 1 where there is an intercept. */
  readonly #x: Float64Array;

  constructor({ numFeatures, fitIntercept = true }: RowByRowOptions) {
    super();
    const valid = Number.isInteger(numFeatures) && numFeatures > 0;
    this.width = checkOption(new.target.name, valid, numFeatures, 'Number of features must be positive');
    this.fitIntercept = fitIntercept;
    this.#x = new Float64Array(fitIntercept ? numFeatures + 1 : numFeatures).fill(1);
  }

  /** Learns one row of positive weight, in `state`, and gives its loss as it was before. `x` is only lent. */
  protected abstract learnRow(state: S, x: Float64Array, label: number, weight: number): number;

  /** Called after the rows of a batch that had any, with their weight. */
  protected afterRows(_state: S, _total: number): void {}

  /** Numbers a row has: its features, and 1 where there is an intercept. */
  protected get inputs(): number {
    return this.#x.length;
  }

  /** What has been learned. A subclass sets it in its constructor. */
  protected get state(): S {
    return this.#state;
  }

  protected set state(state: S) {
    this.#state = state;
  }

  protected learn(examples: Examples): number | undefined {
    const total = examples.weights === undefined ? examples.features.rows : sumOf(examples.weights);
    if (total === 0) return undefined;
    const state = copyOfColumns(this.#state);
    const loss = this.learnRows(state, examples);
    this.afterRows(state, total);
    if (!(Number.isFinite(loss) && Object.values(state).every(allFinite))) {
      throw new DataError(
        'not-finite',
        `${this.kind}: what it learns would leave the finite numbers; scale the features, or learn in smaller steps`,
      );
    }
    this.#state = state;
    return loss / total;
  }

  /** Learns all rows of positive weight, in `state`, and gives Σ weight · loss. */
  protected learnRows(state: S, { features, labels, weights }: Examples): number {
    const x = this.#x;
    let loss = 0;
    for (let i = 0; i < features.rows; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      gatherRow(features, i, x);
      loss += weight * this.learnRow(state, x, labels![i]!, weight);
    }
    return loss;
  }

  /** One number a row. `x` is only lent. */
  protected eachRow(features: Features, use: (x: Float64Array) => number): Float64Array {
    const out = new Float64Array(features.rows);
    for (let i = 0; i < out.length; i++) {
      gatherRow(features, i, this.#x);
      out[i] = use(this.#x);
    }
    return out;
  }

  protected learned(): SnapshotRecord {
    return copyOfColumns(this.#state);
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    this.#state = columnsOfSnapshot(snapshot, this.#state, this.kind);
  }
}

/** Writes the features of a row to the beginning of `x`. */
function gatherRow({ columns }: Features, row: number, x: Float64Array): void {
  for (let j = 0; j < columns.length; j++) x[j] = columns[j]![row]!;
}
