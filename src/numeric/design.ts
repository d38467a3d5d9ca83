import { blocksOf, copyBlock, reserve } from './kernels.ts';

/** Rows of features by columns: d Float64Array[n]. */
export interface DenseDesign {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
}

/** Rows of features of which only some are not 0: row i has those from `starts[i]` to before `starts[i + 1]`. */
export interface SparseDesign {
  readonly rows: number;
  readonly width: number;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

export type Design = DenseDesign | SparseDesign;

/**
 * A loss over some rows, by their margins: of `n` rows from row `start` on, output c of row i stands at place
 * offset + c · stride + i. Gives their loss, and puts in each margin's place the slope of the loss there.
 */
export type MarginLoss = (margins: Float64Array, offset: number, stride: number, start: number, n: number) => number;

/**
 * A loss over all rows and its gradient. Margin of output c: Σ_j weights[c·(d+1) + j] · x_j + weights[c·(d+1) + d].
 *
 * `weights`: Float64Array[k·(d+1)], an intercept last for each of k outputs; `gradient`: of the same form, overwritten.
 * Cost: O(values · k), memory O(d · k).
 */
export function lossOf(
  design: Design,
  weights: Float64Array,
  k: number,
  loss: MarginLoss,
  gradient: Float64Array,
): number {
  gradient.fill(0);
  return 'starts' in design
    ? sparseLoss(design, weights, k, loss, gradient)
    : denseLoss(design, weights, k, loss, gradient);
}

/** All margins, output after output: Float64Array[k·n]. `weights` as in `lossOf`. */
export function marginsOf(design: Design, weights: Float64Array, k: number): Float64Array[] {
  const out = Array.from({ length: k }, () => new Float64Array(design.rows));
  const keep: MarginLoss = (margins, offset, stride, start, n) => {
    out.forEach((each, c) => {
      each.set(margins.subarray(offset + c * stride, offset + c * stride + n), start);
    });
    return 0;
  };
  if ('starts' in design) sparseLoss(design, weights, k, keep, undefined);
  else denseLoss(design, weights, k, keep, undefined);
  return out;
}

/** The weights of one output: its coefficients, then its intercept. */
export function outputWeights(coefficients: Float64Array, intercept: number): Float64Array {
  const weights = new Float64Array(coefficients.length + 1);
  weights.set(coefficients);
  weights[coefficients.length] = intercept;
  return weights;
}

function denseLoss(
  { rows: rowCount, columns }: DenseDesign,
  weights: Float64Array,
  k: number,
  loss: MarginLoss,
  gradient: Float64Array | undefined,
): number {
  const d = columns.length;
  const { rows, stride, length } = blocksOf(Math.max(1, d));
  const room = reserve(length, weights.length, k * rows, weights.length);
  const { kernels, numbers } = room;
  const [x, w, margins, sums] = room.at;
  numbers.set(weights, w / 8);
  numbers.fill(0, sums / 8, sums / 8 + weights.length);
  let total = 0;
  for (let start = 0; start < rowCount; start += rows) {
    const n = Math.min(rows, rowCount - start);
    const padded = Math.ceil(n / 8) * 8;
    copyBlock(columns, start, n, room, x, stride);
    for (let f = 0; n < padded && f < d; f++) numbers.fill(0, (x + f * stride) / 8 + n, (x + f * stride) / 8 + padded);
    for (let c = 0; c < k; c++) {
      const own = w + 8 * c * (d + 1);
      const at = margins / 8 + c * rows;
      numbers.fill(numbers[own / 8 + d]!, at, at + n);
      kernels.addColumns(n, d, x, stride, own, 8 * at, -0);
    }
    total += loss(numbers, margins / 8, rows, start, n);
    if (gradient === undefined) continue;
    for (let c = 0; c < k; c++) {
      const slopes = margins + 8 * c * rows;
      numbers.fill(0, slopes / 8 + n, slopes / 8 + padded);
      kernels.addProducts(n, d, x, stride, slopes, sums + 8 * c * (d + 1));
      gradient[c * (d + 1) + d] = gradient[c * (d + 1) + d]! + sumBetween(numbers, slopes / 8, slopes / 8 + n);
    }
  }
  for (let c = 0; gradient !== undefined && c < k; c++) {
    const at = sums / 8 + c * (d + 1);
    gradient.set(numbers.subarray(at, at + d), c * (d + 1));
  }
  return total;
}

const SPARSE_BLOCK_ROWS = 1024;

function sparseLoss(
  { rows, width: d, starts, indices, values }: SparseDesign,
  weights: Float64Array,
  k: number,
  loss: MarginLoss,
  gradient: Float64Array | undefined,
): number {
  const block = new Float64Array(k * SPARSE_BLOCK_ROWS);
  let total = 0;
  for (let start = 0; start < rows; start += SPARSE_BLOCK_ROWS) {
    const n = Math.min(SPARSE_BLOCK_ROWS, rows - start);
    for (let c = 0; c < k; c++) {
      const own = c * (d + 1);
      for (let i = 0; i < n; i++) {
        let margin = weights[own + d]!;
        const end = starts[start + i + 1]!;
        for (let p = starts[start + i]!; p < end; p++) margin += weights[own + indices[p]!]! * values[p]!;
        block[c * SPARSE_BLOCK_ROWS + i] = margin;
      }
    }
    total += loss(block, 0, SPARSE_BLOCK_ROWS, start, n);
    if (gradient === undefined) continue;
    for (let c = 0; c < k; c++) {
      const own = c * (d + 1);
      for (let i = 0; i < n; i++) {
        const slope = block[c * SPARSE_BLOCK_ROWS + i]!;
        if (slope === 0) continue;
        const end = starts[start + i + 1]!;
        for (let p = starts[start + i]!; p < end; p++) {
          gradient[own + indices[p]!] = gradient[own + indices[p]!]! + slope * values[p]!;
        }
        gradient[own + d] = gradient[own + d]! + slope;
      }
    }
  }
  return total;
}

function sumBetween(numbers: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += numbers[i]!;
  return sum;
}
