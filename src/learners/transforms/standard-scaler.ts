import type { Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { type RunningMoments, standardiseByRows } from '../../numeric/standardise.ts';
import { ColumnTransform } from './column-transform.ts';

export interface StandardScalerOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Whether the mean is taken off. Default true. */
  readonly withMean?: boolean;
  /** Whether features are divided by their standard deviation. Default true. */
  readonly withStd?: boolean;
}

/**
 * Brings features to mean 0 and variance 1, by all values seen so far. Learners that take steps along a gradient need it.
 *
 * z = (x − mean) / √variance, the population variance, and z = 0 where it is 0 or nothing was learned. Per value of weight w:
 *
 *     n ← n + w        d = x − mean        mean ← mean + w·d/n        variance ← variance + w·(d·(x − mean) − variance)/n
 *
 * Unlike Spark's, which divides by n − 1, is fitted once, and by default leaves the mean.
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) where a square overflows. Cost: O(d) a row.
 * Source: Welford, Note on a Method for Calculating Corrected Sums of Squares, 1962.
 */
export class StandardScaler extends ColumnTransform<RunningMoments> {
  readonly kind = 'StandardScaler';
  readonly #withMean: boolean;
  readonly #withStd: boolean;

  constructor({ numFeatures, withMean = true, withStd = true }: StandardScalerOptions) {
    super(numFeatures);
    this.#withMean = withMean;
    this.#withStd = withStd;
    const [counts, means, variances] = [0, 0, 0].map(() => new Float64Array(numFeatures));
    this.state = { counts: counts!, means: means!, variances: variances! };
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, withMean: this.#withMean, withStd: this.#withStd };
  }

  /** Float64Array[d], a copy. */
  get means(): Float64Array {
    return this.state.means.slice();
  }

  /** Float64Array[d], population variances, a copy. */
  get variances(): Float64Array {
    return this.state.variances.slice();
  }

  protected learnRows(state: RunningMoments, { rows, columns }: Features, weights?: Float64Array): Float64Array[] {
    return standardiseByRows(columns, rows, weights, state, { withMean: this.#withMean, withStd: this.#withStd });
  }

  protected giveColumn({ means, variances }: RunningMoments, j: number, column: Float64Array): Float64Array {
    const given = new Float64Array(column.length);
    const variance = variances[j]!;
    if (this.#withStd && !(variance > 0)) return given;
    const mean = this.#withMean ? means[j]! : 0;
    const deviation = this.#withStd ? Math.sqrt(variance) : 1;
    for (let i = 0; i < given.length; i++) given[i] = (column[i]! - mean) / deviation;
    return given;
  }
}
