import { learnByRows, stretchesOf, workOn } from './by-rows.ts';
import type { LabeledRows } from './linear.ts';

/** What follow-the-regularised-leader remembers of each coordinate: Float64Array[d], or [d + 1] where the last is an intercept. */
export type ProximalState = {
  readonly weights: Float64Array;
  /** Σ g − s·w. */
  readonly z: Float64Array;
  /** Σ g². */
  readonly n: Float64Array;
};

export interface ProximalOptions {
  readonly alpha: number;
  readonly beta: number;
  /** On all weights but the intercept. */
  readonly l1: number;
  readonly l2: number;
}

/**
 * Steps along the slope of the logistic loss, one row after the other, each coordinate with
 *
 *     g = weight · (σ(w·x) − y) · x        s = (√(n + g²) − √n) / α        z ← z + g − s·w        n ← n + g²
 *     w ← 0 if |z| ≤ l1, else −(z − sign(z)·l1) / ((β + √n) / α + l2)
 *
 * A row of weight 0 is passed over, and a coordinate without a gradient. To the bit what a loop over rows gives
 * (`test/oracle/row-kernels.test.ts`). Changes `state`; `margins`: Float64Array[n], w·x before the step; overwritten. Cost: O(n · d).
 */
export function followByRows(
  rows: LabeledRows,
  state: ProximalState,
  margins: Float64Array,
  options: ProximalOptions,
): void {
  const [d, width] = [rows.columns.length, state.weights.length];
  const { alpha, beta } = options;
  learnByRows(rows, learned(state, d, options, new Float64Array(width)), margins, (kernels, block, at) => {
    const [w, z, squares, l1, l2, row] = at;
    const { n, x, stride, labels, weights, out } = block;
    kernels.followProximally(n, d, width, x, stride, labels, weights, alpha, beta, l1, l2, w, z, squares, row, out);
  });
}

/** One such step along g = slope · gradient. `gradient`: as long as the weights, which are those of `d` features, and of an intercept if there is one. */
export function followOnce(
  gradient: Float64Array,
  slope: number,
  state: ProximalState,
  d: number,
  options: ProximalOptions,
): void {
  const { alpha, beta } = options;
  workOn(learned(state, d, options, gradient.slice()), (kernels, at) => {
    const [w, z, squares, l1, l2, row] = at;
    kernels.stepProximally(gradient.length, row, slope, alpha, beta, l1, l2, w, z, squares);
  });
}

function learned({ weights, z, n }: ProximalState, d: number, { l1, l2 }: ProximalOptions, row: Float64Array) {
  const width = weights.length;
  const penalties = (penalty: number) => new Float64Array(width).fill(penalty, 0, d);
  return stretchesOf(width, weights, z, n, penalties(l1), penalties(l2), row);
}
