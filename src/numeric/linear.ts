import { blocksOf, copyBlock, copyRows, reserve } from './kernels.ts';

/**
 * Linear predictions of all rows: out[i] = first + Σ_f weights[f] · columns[f][i] + last, added up in this order. To the bit what
 * a row-by-row loop gives (`test/oracle/kernels.test.ts`).
 *
 * `columns`: d Float64Array[n]; `weights`: Float64Array[d]; `out`: Float64Array[n], overwritten. Cost: O(n · d).
 */
export function linearPredictions(
  columns: readonly Float64Array[],
  weights: Float64Array,
  first: number,
  out: Float64Array,
  last = -0, // which changes nothing, not even the sign of a zero
): void {
  const d = columns.length;
  const { rows, stride, length } = blocksOf(d);
  const room = reserve(length, d, rows);
  const { kernels, numbers } = room;
  const [x, w, margins] = room.at as [number, number, number];
  numbers.set(weights.subarray(0, d), w / 8);
  for (let start = 0; start < out.length; start += rows) {
    const n = Math.min(rows, out.length - start);
    copyBlock(columns, start, n, room, x, stride);
    kernels.margins(n, d, x, stride, w, first, last, margins);
    out.set(numbers.subarray(margins / 8, margins / 8 + n), start);
  }
}

/** Rows with labels, column-major. */
export interface LabeledRows {
  /** d columns, each a Float64Array[n]. */
  readonly columns: readonly Float64Array[];
  /** Float64Array[n]. */
  readonly labels: Float64Array;
  /** Float64Array[n], or undefined where every row weighs 1. */
  readonly weights: Float64Array | undefined;
}

/** What becomes of a margin before it is compared with the label: nothing, or σ(m) = 1 / (1 + e^−m). */
export type Link = 'identity' | 'logistic';

/**
 * The gradient of the squared or the logistic loss, but for its factor, over all rows: with m = w·x + intercept and
 * slope = weight · (link(m) − y),
 *
 *     out[f] = Σ_i slope_i · columns[f][i]        out[d] = Σ_i slope_i
 *
 * Within a relative 1e-12 of Σ|…| of what a row-by-row loop gives (`test/oracle/kernels.test.ts`): the sums are taken in another order.
 * `weights`: Float64Array[d]. Gives Float64Array[d + 1]. Cost: O(n · d), memory O(d).
 */
export function gradientSums(
  { columns, labels, weights: rowWeights }: LabeledRows,
  weights: Float64Array,
  intercept: number,
  link: Link,
): Float64Array {
  const d = columns.length;
  const { rows, stride, length } = blocksOf(d);
  const room = reserve(length, d, rows, rows, rows, d);
  const { kernels, numbers } = room;
  const [x, w, slopes, y, weighing, sums] = room.at as [number, number, number, number, number, number];
  numbers.set(weights, w / 8);
  numbers.fill(0, sums / 8, sums / 8 + d);
  let slopeSum = 0;
  for (let start = 0; start < labels.length; start += rows) {
    const n = Math.min(rows, labels.length - start);
    copyBlock(columns, start, n, room, x, stride);
    copyRows(labels, start, n, numbers, y);
    if (rowWeights !== undefined) copyRows(rowWeights, start, n, numbers, weighing);
    padBlock(numbers, n, d, x, stride);
    kernels.margins(n, d, x, stride, w, intercept, 0, slopes);
    slopeSum += kernels.toSlopes(n, slopes, y, rowWeights === undefined ? 0 : weighing, link === 'logistic');
    kernels.addProducts(n, d, x, stride, slopes, sums);
  }
  const out = new Float64Array(d + 1);
  out.set(numbers.subarray(sums / 8, sums / 8 + d));
  out[d] = slopeSum;
  return out;
}

/** Makes the rows up to the next multiple of 8 zeros: what another call left there times a slope of 0 may be no number. */
function padBlock(numbers: Float64Array, n: number, d: number, x: number, stride: number): void {
  if (n % 8 === 0) return;
  for (let f = 0, at = x / 8 + n; f < d; f++, at += stride / 8) numbers.fill(0, at, at + 8 - (n % 8));
}

/** Σ_i a[i] · b[i] over the length of `a`. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Σ_i a[i], from the first to the last. */
export function sumOf(a: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]!;
  return sum;
}

/** Σ_i weights[i] · a[i]; the sum of `a` where there are no weights. */
export function weightedSum(a: Float64Array, weights: Float64Array | undefined): number {
  return weights === undefined ? sumOf(a) : dot(weights, a);
}

/** Euclidean length of `a` − `b`. */
export function distanceBetween(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const t = a[i]! - b[i]!;
    sum += t * t;
  }
  return Math.sqrt(sum);
}

/** Whether every value is a finite number. */
export function allFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return false;
  return true;
}
