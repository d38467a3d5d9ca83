/** Rows that are worked on together: with them a block of each column stays in the processor's cache. */
const BLOCK_ROWS = 128;

/** Where the rows of a batch belong. */
export interface Assignment {
  /** Int32Array[n]: the index of each row's nearest centre; of equally near ones the lowest. */
  readonly labels: Int32Array;
  /** Float64Array[n]: the squared distance to it. */
  readonly squaredDistances: Float64Array;
}

/**
 * Finds the nearest centre of each row, by squared Euclidean distance.
 *
 * d(i, j) = Σ_f (columns[f][i] − centers[j·d + f])², summed in the order of the features; label(i) = argmin_j d(i, j).
 * Tested against a row-by-row loop in `test/oracle/kernels.test.ts`.
 *
 * `columns`: d Float64Array[n]; `rows`: n; `centers`: Float64Array[k·d], centre after centre; `k` ≥ 1. None is changed.
 * Cost: O(n · k · d), memory O(n).
 */
export function nearestCenters(
  columns: readonly Float64Array[],
  rows: number,
  centers: Float64Array,
  k: number,
): Assignment {
  const d = columns.length;
  const labels = new Int32Array(rows);
  const squaredDistances = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const distance = new Float64Array(BLOCK_ROWS);
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const length = Math.min(BLOCK_ROWS, rows - start);
    for (let j = 0; j < k; j++) {
      addSquaredDifferences(columns, start, length, centers, j * d, distance);
      for (let i = 0, row = start; i < length; i++, row++) {
        const candidate = distance[i]!;
        if (candidate < squaredDistances[row]!) {
          squaredDistances[row] = candidate;
          labels[row] = j;
        }
      }
    }
  }
  return { labels, squaredDistances };
}

/** distance[i] = Σ_f (columns[f][start + i] − center[f])², four features a pass, in the order of a plain sum. */
function addSquaredDifferences(
  columns: readonly Float64Array[],
  start: number,
  length: number,
  centers: Float64Array,
  at: number,
  distance: Float64Array,
): void {
  const d = columns.length;
  distance.fill(0, 0, length);
  let f = 0;
  for (; f + 3 < d; f += 4) {
    const column0 = columns[f]!;
    const column1 = columns[f + 1]!;
    const column2 = columns[f + 2]!;
    const column3 = columns[f + 3]!;
    const c0 = centers[at + f]!;
    const c1 = centers[at + f + 1]!;
    const c2 = centers[at + f + 2]!;
    const c3 = centers[at + f + 3]!;
    for (let i = 0, row = start; i < length; i++, row++) {
      const t0 = column0[row]! - c0;
      const t1 = column1[row]! - c1;
      const t2 = column2[row]! - c2;
      const t3 = column3[row]! - c3;
      distance[i] = distance[i]! + t0 * t0 + t1 * t1 + t2 * t2 + t3 * t3;
    }
  }
  for (; f < d; f++) {
    const column = columns[f]!;
    const c = centers[at + f]!;
    for (let i = 0, row = start; i < length; i++, row++) {
      const t = column[row]! - c;
      distance[i] = distance[i]! + t * t;
    }
  }
}

/** Σ of the rows of each label, Float64Array[k·d], and their number, Float64Array[k]. Cost: O(n · d). */
export function sumsByLabel(
  columns: readonly Float64Array[],
  labels: Int32Array,
  k: number,
): { readonly sums: Float64Array; readonly counts: Float64Array } {
  const d = columns.length;
  const n = labels.length;
  const sums = new Float64Array(k * d);
  const counts = new Float64Array(k);
  for (let i = 0; i < n; i++) counts[labels[i]!]! += 1;
  for (let f = 0; f < d; f++) {
    const column = columns[f]!;
    for (let i = 0; i < n; i++) sums[labels[i]! * d + f]! += column[i]!;
  }
  return { sums, counts };
}
