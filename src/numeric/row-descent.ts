import { blocksOf, copyBlock, copyRows, reserve } from './kernels.ts';
import type { LabeledRows } from './linear.ts';
import type { RowLossName } from './row-loss.ts';

/** Losses by the number that the kernel knows them by. */
const LOSSES: readonly RowLossName[] = ['squared', 'absolute', 'logistic', 'hinge'];

export interface RowDescentOptions {
  readonly loss: RowLossName;
  /** η. */
  readonly stepSize: number;
  /** λ, on all weights but the intercept. */
  readonly l2: number;
}

/**
 * Stochastic gradient descent, one row after the other. For each row, with m = w·x: w ← w − η·(weight · ∂loss/∂m · x + λ·w). A
 * row of weight 0 is passed over. To the bit what a loop of `stepOf('sgd')` gives (`test/oracle/kernels.test.ts`).
 *
 * `weights`: Float64Array[d], or [d + 1] where the last is an intercept, whose x is 1; changed. `margins`: Float64Array[n], each
 * row's before its step; overwritten, but for rows of weight 0. Cost: O(n · d).
 */
export function descendByRows(
  { columns, labels, weights: rowWeights }: LabeledRows,
  weights: Float64Array,
  margins: Float64Array,
  { loss, stepSize, l2 }: RowDescentOptions,
): void {
  const d = columns.length;
  const { rows, stride, length } = blocksOf(d);
  const room = reserve(length, d + 1, rows, rows, rows);
  const { kernels, numbers } = room;
  const [x, w, y, weighing, m] = room.at as [number, number, number, number, number];
  numbers.set(weights, w / 8);
  const [which, intercept] = [LOSSES.indexOf(loss), weights.length > d];
  const rowWeighing = rowWeights === undefined ? 0 : weighing;
  for (let start = 0; start < margins.length; start += rows) {
    const n = Math.min(rows, margins.length - start);
    copyBlock(columns, start, n, room, x, stride);
    copyRows(labels, start, n, numbers, y);
    if (rowWeights !== undefined) copyRows(rowWeights, start, n, numbers, weighing);
    kernels.descend(n, d, x, stride, y, rowWeighing, which, stepSize, l2, intercept, w, m);
    margins.set(numbers.subarray(m / 8, m / 8 + n), start);
  }
  weights.set(numbers.subarray(w / 8, w / 8 + weights.length));
}
