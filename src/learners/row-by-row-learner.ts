import type { Examples } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { LabeledPoint } from '../batch/vector.ts';
import { DataError } from '../errors.ts';
import { allFinite, type LabeledRows, sumOf } from '../numeric/linear.ts';
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

  constructor({ numFeatures, fitIntercept = true }: RowByRowOptions) {
    super();
    const valid = Number.isInteger(numFeatures) && numFeatures > 0;
    this.width = checkOption(new.target.name, valid, numFeatures, 'Number of features must be positive');
    this.fitIntercept = fitIntercept;
  }

  /** Learns all rows of positive weight, one after the other, in `state`, and gives Σ weight · loss, each row's as it was before it. */
  protected abstract learnRows(state: S, rows: LabeledRows): number;

  /** Numbers a row has: its features, and 1 where there is an intercept. */
  protected get inputs(): number {
    return this.fitIntercept ? this.width + 1 : this.width;
  }

  /** What has been learned. A subclass sets it in its constructor. */
  protected get state(): S {
    return this.#state;
  }

  protected set state(state: S) {
    this.#state = state;
  }

  protected learn({ features, labels, weights }: Examples): number | undefined {
    const total = weights === undefined ? features.rows : sumOf(weights);
    if (total === 0) return undefined;
    const state = copyOfColumns(this.#state);
    const loss = this.learnRows(state, { columns: features.columns, labels: labels!, weights });
    if (!(Number.isFinite(loss) && Object.values(state).every(allFinite))) {
      throw new DataError(
        'not-finite',
        `${this.kind}: what it learns would leave the finite numbers; scale the features, or learn in smaller steps`,
      );
    }
    this.#state = state;
    return loss / total;
  }

  protected learned(): SnapshotRecord {
    return copyOfColumns(this.#state);
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    this.#state = columnsOfSnapshot(snapshot, this.#state, this.kind);
  }
}
