import type { Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { OnlineTransform } from '../../contracts/online-transform.ts';
import { DataError, StateError, UsageError } from '../../errors.ts';
import { checkOption } from '../check-option.ts';
import { columnsOfSnapshot } from '../learned-columns.ts';

export interface OneHotEncoderOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Most categories that a feature may have, ≥ 1: the columns it becomes. */
  readonly maxCategories: number;
  /** Which features are categories, by index; the others stay as they are. Default all. */
  readonly categorical?: readonly number[];
}

/** Categories by encoded feature, in the order in which they first came. */
type Categories = {
  /** Float64Array[encoded · maxCategories]. */
  readonly values: Float64Array;
  /** Float64Array[encoded]: how many of them are known. */
  readonly counts: Float64Array;
};

/**
 * Turns features that are categories, such as the number of a shop, into a column of zeros and ones for each category, and finds
 * the categories in the stream. For categories without end, such as words, see `FeatureHasher`.
 *
 * A category has the next free column when it first comes, and keeps it. One that was not seen, or came when all columns were
 * taken, is zeros. The columns of a feature stand where the feature stood.
 *
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) for a category that is no finite number. Cost: O(d · maxCategories) a row.
 */
export class OneHotEncoder implements OnlineTransform {
  readonly kind = 'OneHotEncoder';
  readonly width: number;
  readonly outputWidth: number;
  readonly #maxCategories: number;
  readonly #categorical: readonly number[];
  #state: Categories;

  constructor({ numFeatures, maxCategories, categorical }: OneHotEncoderOptions) {
    const whole = (value: number) => Number.isInteger(value) && value > 0;
    this.width = checkOption(this.kind, whole(numFeatures), numFeatures, 'Number of features must be positive');
    this.#maxCategories = checkOption(
      this.kind,
      whole(maxCategories),
      maxCategories,
      'Most categories must be a positive whole number',
    );
    const all = [...new Array<undefined>(numFeatures).keys()];
    this.#categorical = [...(categorical ?? all)].sort((a, b) => a - b);
    const valid =
      new Set(categorical).size === (categorical ?? []).length && this.#categorical.every((j) => all.includes(j));
    checkOption(this.kind, valid, this.#categorical, 'Categorical features must be different indices of features');
    const encoded = this.#categorical.length;
    this.outputWidth = numFeatures - encoded + encoded * maxCategories;
    this.#state = { values: new Float64Array(encoded * maxCategories), counts: new Float64Array(encoded) };
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, maxCategories: this.#maxCategories, categorical: this.#categorical };
  }

  update(features: Features, weights?: Float64Array): Features {
    this.#checkWidth(features);
    const state = { values: this.#state.values.slice(), counts: this.#state.counts.slice() };
    const encoded = this.#encoded(features, (e, value, row) => {
      const known = this.#indexOf(state, e, value);
      if (known >= 0 || (weights !== undefined && weights[row] === 0)) return known;
      if (!Number.isFinite(value)) {
        throw new DataError('not-finite', `${this.kind}: row ${row}: expected a finite number, got ${value}`);
      }
      const count = state.counts[e]!;
      if (count === this.#maxCategories) return -1;
      state.values[e * this.#maxCategories + count] = value;
      state.counts[e] = count + 1;
      return count;
    });
    this.#state = state;
    return encoded;
  }

  transform(features: Features): Features {
    this.#checkWidth(features);
    return this.#encoded(features, (e, value) => this.#indexOf(this.#state, e, value));
  }

  snapshot(): SnapshotRecord {
    return { values: this.#state.values.slice(), counts: this.#state.counts.slice() };
  }

  restore(snapshot: SnapshotRecord): void {
    const state = columnsOfSnapshot(snapshot, this.#state, this.kind);
    if (!state.counts.every((count) => Number.isInteger(count) && count >= 0 && count <= this.#maxCategories)) {
      throw new StateError(
        'does-not-fit',
        `${this.kind}: expected up to ${this.#maxCategories} saved categories a feature`,
      );
    }
    this.#state = state;
  }

  /** The columns, where `indexOf` says which column of its own a value sets, −1 for none. */
  #encoded({ rows, columns }: Features, indexOf: (encoded: number, value: number, row: number) => number): Features {
    const out = columns.flatMap((column, j) => {
      const encoded = this.#categorical.indexOf(j);
      if (encoded < 0) return [column];
      const own = Array.from({ length: this.#maxCategories }, () => new Float64Array(rows));
      for (let i = 0; i < rows; i++) {
        const index = indexOf(encoded, column[i]!, i);
        if (index >= 0) own[index]![i] = 1;
      }
      return own;
    });
    return { rows, columns: out };
  }

  #indexOf({ values, counts }: Categories, encoded: number, value: number): number {
    const start = encoded * this.#maxCategories;
    for (let c = 0; c < counts[encoded]!; c++) if (values[start + c] === value) return c;
    return -1;
  }

  #checkWidth({ columns }: Features): void {
    if (columns.length === this.width) return;
    throw new UsageError('wrong-width', `${this.kind}: expected ${this.width} features, got ${columns.length}`);
  }
}
