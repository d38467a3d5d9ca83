import type { Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { OnlineTransform } from '../../contracts/online-transform.ts';
import { DataError, UsageError } from '../../errors.ts';
import { allFinite } from '../../numeric/linear.ts';
import { checkOption } from '../check-option.ts';
import { columnsOfSnapshot, copyOfColumns, type LearnedColumns } from '../learned-columns.ts';

/** What the transforms share that work on each feature by itself and give one for each. */
export abstract class ColumnTransform<S extends LearnedColumns> implements OnlineTransform {
  abstract readonly kind: string;
  readonly width: number;
  #state!: S;

  constructor(numFeatures: number) {
    const valid = Number.isInteger(numFeatures) && numFeatures > 0;
    this.width = checkOption(new.target.name, valid, numFeatures, 'Number of features must be positive');
  }

  get outputWidth(): number {
    return this.width;
  }

  abstract params(): SnapshotRecord;

  /** Learns all rows of positive weight, in `state`, and gives each as it is once it was learned. */
  protected abstract learnRows(state: S, features: Features, weights?: Float64Array): Float64Array[];

  /** The column of feature `j`, by what has been learned: a new one. */
  protected abstract giveColumn(state: S, j: number, column: Float64Array): Float64Array;

  /** What has been learned. A subclass sets it in its constructor. */
  protected get state(): S {
    return this.#state;
  }

  protected set state(state: S) {
    this.#state = state;
  }

  update(features: Features, weights?: Float64Array): Features {
    this.#checkWidth(features);
    const state = copyOfColumns(this.#state);
    const columns = this.learnRows(state, features, weights);
    if (!Object.values(state).every(allFinite)) {
      throw new DataError(
        'not-finite',
        `${this.kind}: what it learns would leave the finite numbers; scale the features`,
      );
    }
    this.#state = state;
    return { rows: features.rows, columns };
  }

  transform(features: Features): Features {
    this.#checkWidth(features);
    const columns = features.columns.map((column, j) => this.giveColumn(this.#state, j, column));
    return { rows: features.rows, columns };
  }

  snapshot(): SnapshotRecord {
    return copyOfColumns(this.#state);
  }

  restore(snapshot: SnapshotRecord): void {
    this.#state = columnsOfSnapshot(snapshot, this.#state, this.kind);
  }

  #checkWidth({ columns }: Features): void {
    if (columns.length === this.width) return;
    throw new UsageError('wrong-width', `${this.kind}: expected ${this.width} features, got ${columns.length}`);
  }
}
