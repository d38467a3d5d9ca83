/** Rows that are worked on together: with them a block of each column stays in the processor's cache. */
const BLOCK_ROWS = 128;

/** Features that one pass over a block adds up, so that the sums travel to memory and back less often. */
const FEATURES_A_PASS = 4;

/** Where the rows of a batch belong. */
export interface Assignment {
  /** Int32Array[n]: the index of each row's nearest centre; of equally near ones the lowest. */
  readonly labels: Int32Array;
  /** Σ over the rows of the squared distance to it, times the row's weight. */
  readonly cost: number;
}

/**
 * Finds the nearest centre of each row, by squared Euclidean distance.
 *
 * d(i, j) = Σ_f (columns[f][i] − centers[j·d + f])², summed in the order of the features; label(i) = argmin_j d(i, j).
 * Tested against a row-by-row loop in `test/oracle/kernels.test.ts`.
 *
 * `columns`: d ≥ 1 Float64Array[n]; `rows`: n; `centers`: Float64Array[k·d], centre after centre; `k` ≥ 1; `weights`:
 * Float64Array[n], 1 each where absent. None is changed.
 * Cost: O(n · k · d), memory O(n).
 */
export function nearestCenters(
  columns: readonly Float64Array[],
  rows: number,
  centers: Float64Array,
  k: number,
  weights?: Float64Array,
): Assignment {
  const d = columns.length;
  const closing = Math.max(0, Math.floor((d - 1) / FEATURES_A_PASS) * FEATURES_A_PASS);
  const labels = new Int32Array(rows);
  const nearest = new Float64Array(BLOCK_ROWS); // squared distance of each row of the block to its nearest centre so far
  const distance = new Float64Array(BLOCK_ROWS);
  let cost = 0;
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, rows);
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < k; j++) {
      if (closing > 0) distance.fill(0);
      for (let f = 0; f < closing; f += FEATURES_A_PASS) addPass(columns, f, start, end, centers, j * d, distance);
      closePass(columns, closing, start, end, centers, j, distance, nearest, labels);
    }
    if (weights === undefined) for (let i = 0; i < end - start; i++) cost += nearest[i]!;
    else for (let i = 0; i < end - start; i++) cost += weights[start + i]! * nearest[i]!;
  }
  return { labels, cost };
}

/** distance[i] += the squared differences of four features, from feature `f` on, in the order of a plain sum. */
function addPass(
  columns: readonly Float64Array[],
  f: number,
  start: number,
  end: number,
  centers: Float64Array,
  at: number,
  distance: Float64Array,
): void {
  const column0 = columns[f]!;
  const column1 = columns[f + 1]!;
  const column2 = columns[f + 2]!;
  const column3 = columns[f + 3]!;
  const c0 = centers[at + f]!;
  const c1 = centers[at + f + 1]!;
  const c2 = centers[at + f + 2]!;
  const c3 = centers[at + f + 3]!;
  for (let row = start, i = 0; row < end; row++, i++) {
    const t0 = column0[row]! - c0;
    const t1 = column1[row]! - c1;
    const t2 = column2[row]! - c2;
    const t3 = column3[row]! - c3;
    distance[i] = distance[i]! + t0 * t0 + t1 * t1 + t2 * t2 + t3 * t3;
  }
}

/** Adds the last one to four features, and takes centre `j` for the rows to which it is the nearest so far. */
function closePass(
  columns: readonly Float64Array[],
  f: number,
  start: number,
  end: number,
  centers: Float64Array,
  j: number,
  distance: Float64Array,
  nearest: Float64Array,
  labels: Int32Array,
): void {
  const d = columns.length;
  const left = d - f;
  const column0 = columns[f]!;
  const column1 = columns[f + 1] ?? column0;
  const column2 = columns[f + 2] ?? column0;
  const column3 = columns[f + 3] ?? column0;
  const at = j * d + f;
  const c0 = centers[at]!;
  const c1 = left > 1 ? centers[at + 1]! : 0;
  const c2 = left > 2 ? centers[at + 2]! : 0;
  const c3 = left > 3 ? centers[at + 3]! : 0;
  for (let row = start, i = 0; row < end; row++, i++) {
    const t0 = column0[row]! - c0;
    let candidate = distance[i]! + t0 * t0;
    if (left > 1) {
      const t1 = column1[row]! - c1;
      candidate += t1 * t1;
    }
    if (left > 2) {
      const t2 = column2[row]! - c2;
      candidate += t2 * t2;
    }
    if (left > 3) {
      const t3 = column3[row]! - c3;
      candidate += t3 * t3;
    }
    if (candidate < nearest[i]!) {
      nearest[i] = candidate;
      labels[row] = j;
    }
  }
}

/**
 * Σ weight · row of the rows of each label, Float64Array[k·d], and Σ weight, Float64Array[k]. `weights`: Float64Array[n];
 * without them every row weighs 1. Cost: O(n · d).
 */
export function sumsByLabel(
  columns: readonly Float64Array[],
  labels: Int32Array,
  k: number,
  weights?: Float64Array,
): { readonly sums: Float64Array; readonly counts: Float64Array } {
  const d = columns.length;
  const n = labels.length;
  const sums = new Float64Array(k * d);
  const counts = new Float64Array(k);
  if (weights !== undefined) {
    addWeighted(columns, labels, weights, sums, counts);
    return { sums, counts };
  }
  for (let i = 0; i < n; i++) counts[labels[i]!]! += 1;
  let f = 0;
  for (; f + 1 < d; f += 2) {
    const column0 = columns[f]!;
    const column1 = columns[f + 1]!;
    for (let i = 0; i < n; i++) {
      const at = labels[i]! * d + f;
      sums[at]! += column0[i]!;
      sums[at + 1]! += column1[i]!;
    }
  }
  if (f < d) {
    const column = columns[f]!;
    for (let i = 0; i < n; i++) sums[labels[i]! * d + f]! += column[i]!;
  }
  return { sums, counts };
}

function addWeighted(
  columns: readonly Float64Array[],
  labels: Int32Array,
  weights: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
  const d = columns.length;
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]! += weights[i]!;
  for (let f = 0; f < d; f++) {
    const column = columns[f]!;
    for (let i = 0; i < labels.length; i++) sums[labels[i]! * d + f]! += weights[i]! * column[i]!;
  }
}
