import { copyBlock, reserve, strideOf } from './kernels.ts';

/** Where columns are needed only once, so many are copied at once, and of as many rows as this leaves room for: long ones are copied faster. */
const PANEL_COLUMNS = 8;
const PANEL_NUMBERS = 2 ** 17;
const MOST_PANEL_ROWS = 2048;

/** Weights, Float64Array[d], and what a sum of their products begins and ends with. */
export interface LinearModel {
  readonly weights: Float64Array;
  readonly first: number;
  readonly last?: number | undefined;
}

/**
 * Linear predictions of all rows: out[i] = first + Σ_f weights[f] · columns[f][i] + last, added up in this order. To the bit what
 * a row-by-row loop gives (`test/oracle/kernels.test.ts`).
 *
 * `columns`: d Float64Array[n]; `out`: Float64Array[n], overwritten. Cost: O(n · d).
 */
export function linearPredictions(
  columns: readonly Float64Array[],
  weights: Float64Array,
  first: number,
  out: Float64Array,
  last?: number,
): void {
  predictInto([out], columns, [{ weights, first, last }]);
}

/** As `linearPredictions`, of several models: one Float64Array[rowCount] for each. */
export function linearScores(
  columns: readonly Float64Array[],
  rowCount: number,
  models: readonly LinearModel[],
): Float64Array[] {
  const scores = models.map(() => new Float64Array(rowCount));
  predictInto(scores, columns, models);
  return scores;
}

function predictInto(
  outs: readonly Float64Array[],
  columns: readonly Float64Array[],
  models: readonly LinearModel[],
): void {
  const [rowCount, d, k] = [outs[0]!.length, columns.length, models.length];
  const rows = Math.min(MOST_PANEL_ROWS, 8 * Math.ceil(PANEL_NUMBERS / (k + PANEL_COLUMNS) / 8), rowCount);
  const stride = strideOf(rows);
  const room = reserve((PANEL_COLUMNS * stride) / 8, k * d, (k * stride) / 8);
  const { kernels, numbers } = room;
  const [x, w, margins] = room.at;
  for (const [j, { weights }] of models.entries()) numbers.set(weights.subarray(0, d), w / 8 + j * d);
  for (let start = 0; start < rowCount; start += rows) {
    const n = Math.min(rows, rowCount - start);
    const place = (j: number) => margins / 8 + (j * stride) / 8;
    for (const [j, { first }] of models.entries()) numbers.fill(first, place(j), place(j) + n);
    for (let f = 0; f < d; f += PANEL_COLUMNS) {
      const panel = columns.slice(f, f + PANEL_COLUMNS);
      copyBlock(panel, start, n, room, x, stride);
      for (const [j, { last = -0 }] of models.entries()) {
        const end = f + PANEL_COLUMNS < d ? -0 : last;
        kernels.addColumns(n, panel.length, x, stride, w + 8 * (j * d + f), 8 * place(j), end);
      }
    }
    for (const [j, out] of outs.entries()) out.set(numbers.subarray(place(j), place(j) + n), start);
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
