import { learnByRows, stretchesOf } from './by-rows.ts';
import type { LabeledRows } from './linear.ts';

/** `weights`: w, Float64Array[m]. `covariance`: P, m rows of m numbers, symmetric. */
export type LeastSquaresFit = { readonly weights: Float64Array; readonly covariance: Float64Array };

export interface LeastSquaresOptions {
  /** λ in (0, 1]. */
  readonly forgettingFactor: number;
  /** P is scaled down as a whole where its trace passes this. */
  readonly mostTrace: number;
}

/**
 * Recursive least squares, one row after the other:
 *
 *     s = 1 / (λ/weight + xᵀ·P·x)        w ← w + s · (y − w·x) · P·x        P ← (P − s · P·x·(P·x)ᵀ) / λ
 *
 * P stays symmetric to the bit. A row of weight 0 is passed over. To the bit what a loop over rows gives (`test/oracle/row-kernels.test.ts`).
 *
 * Changes `fit`, of m = d inputs, or d + 1 where the last is an intercept. `errors`: Float64Array[n], y − w·x before the step; overwritten.
 * Cost: O(n · m²).
 */
export function fitByRows(
  rows: LabeledRows,
  { weights, covariance }: LeastSquaresFit,
  errors: Float64Array,
  { forgettingFactor, mostTrace }: LeastSquaresOptions,
): void {
  const [d, width] = [rows.columns.length, weights.length];
  const [row, spread] = [new Float64Array(width), new Float64Array(width)];
  const stretches = stretchesOf(width, weights, covariance, row, spread);
  learnByRows(rows, stretches, errors, (kernels, block, at) => {
    const [w, p, x, s] = at;
    const { n, stride, labels, weights: weighing, out } = block;
    kernels.leastSquares(n, d, width, block.x, stride, labels, weighing, forgettingFactor, mostTrace, w, p, x, s, out);
  });
}
