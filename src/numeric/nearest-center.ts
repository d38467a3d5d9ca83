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

/** What the rows of a batch add up to, by the centre each is nearest to. */
export interface ClusterSums {
  /** Float64Array[k·d]: Σ weight · row. */
  readonly sums: Float64Array;
  /** Float64Array[k]: Σ weight. */
  readonly counts: Float64Array;
  /** As `Assignment.cost`. */
  readonly cost: number;
}

/** What is known of the rows of one block, from its first row on. */
interface Block {
  /** The nearest centre so far, and the squared distance to it. */
  readonly labels: Int32Array;
  readonly nearest: Float64Array;
  /** Squared distance to the centre at hand, as far as it is added up. */
  readonly distance: Float64Array;
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
  const labels = new Int32Array(rows);
  const block = newBlock();
  let cost = 0;
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, rows);
    assign(columns, start, end, centers, k, block);
    labels.set(block.labels.subarray(0, end - start), start);
    cost = addedCost(cost, block.nearest, start, end, weights);
  }
  return { labels, cost };
}

/** Adds up the rows by nearest centre; arguments as those of `nearestCenters`. Cost: O(n · k · d), memory O(k · d). */
export function clusterSums(
  columns: readonly Float64Array[],
  rows: number,
  centers: Float64Array,
  k: number,
  weights?: Float64Array,
): ClusterSums {
  const d = columns.length;
  const sums = new Float64Array(k * d);
  const counts = new Float64Array(k);
  const block = newBlock();
  let cost = 0;
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, rows);
    assign(columns, start, end, centers, k, block);
    cost = addedCost(cost, block.nearest, start, end, weights);
    if (weights === undefined) addRows(columns, start, end, block.labels, sums, counts);
    else addWeighted(columns, start, end, block.labels, weights, sums, counts);
  }
  return { sums, counts, cost };
}

function newBlock(): Block {
  return {
    labels: new Int32Array(BLOCK_ROWS),
    nearest: new Float64Array(BLOCK_ROWS),
    distance: new Float64Array(BLOCK_ROWS),
  };
}

/** Finds the nearest centres of the rows from `start` to `end`. */
function assign(
  columns: readonly Float64Array[],
  start: number,
  end: number,
  centers: Float64Array,
  k: number,
  block: Block,
): void {
  const { labels, nearest, distance } = block;
  const d = columns.length;
  const closing = Math.max(0, Math.floor((d - 1) / FEATURES_A_PASS) * FEATURES_A_PASS);
  nearest.fill(Number.POSITIVE_INFINITY);
  labels.fill(0); // a row at an infinite distance from every centre belongs to the first
  for (let j = 0; j < k; j++) {
    if (closing > 0) distance.fill(0);
    for (let f = 0; f < closing; f += FEATURES_A_PASS) addPass(columns, f, start, end, centers, j * d, distance);
    closePass(columns, closing, start, end, centers, j, block);
  }
}

/** The cost with that of one more block, added row by row. */
function addedCost(
  cost: number,
  nearest: Float64Array,
  start: number,
  end: number,
  weights: Float64Array | undefined,
): number {
  let sum = cost;
  if (weights === undefined) for (let i = 0; i < end - start; i++) sum += nearest[i]!;
  else for (let i = 0; i < end - start; i++) sum += weights[start + i]! * nearest[i]!;
  return sum;
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
  block: Block,
): void {
  const d = columns.length;
  if (d === 2) {
    closePlane(columns, start, end, centers, j, block);
    return;
  }
  const { labels, nearest, distance } = block;
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
      labels[i] = j;
    }
  }
}

/** As `closePass` for points of a plane, where so little is added up that asking how much would cost more. */
function closePlane(
  columns: readonly Float64Array[],
  start: number,
  end: number,
  centers: Float64Array,
  j: number,
  { labels, nearest }: Block,
): void {
  const column0 = columns[0]!;
  const column1 = columns[1]!;
  const c0 = centers[2 * j]!;
  const c1 = centers[2 * j + 1]!;
  for (let row = start, i = 0; row < end; row++, i++) {
    const t0 = column0[row]! - c0;
    const t1 = column1[row]! - c1;
    const candidate = t0 * t0 + t1 * t1;
    if (candidate < nearest[i]!) {
      nearest[i] = candidate;
      labels[i] = j;
    }
  }
}

/** Adds the rows of a block to the sums of their labels, and counts them. */
function addRows(
  columns: readonly Float64Array[],
  start: number,
  end: number,
  labels: Int32Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
  const d = columns.length;
  const n = end - start;
  for (let i = 0; i < n; i++) counts[labels[i]!]! += 1;
  let f = 0;
  for (; f + 1 < d; f += 2) {
    const column0 = columns[f]!;
    const column1 = columns[f + 1]!;
    for (let i = 0, row = start; row < end; i++, row++) {
      const at = labels[i]! * d + f;
      sums[at]! += column0[row]!;
      sums[at + 1]! += column1[row]!;
    }
  }
  if (f === d) return;
  const column = columns[f]!;
  for (let i = 0, row = start; row < end; i++, row++) sums[labels[i]! * d + f]! += column[row]!;
}

function addWeighted(
  columns: readonly Float64Array[],
  start: number,
  end: number,
  labels: Int32Array,
  weights: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
  const d = columns.length;
  for (let i = 0, row = start; row < end; i++, row++) counts[labels[i]!]! += weights[row]!;
  for (let f = 0; f < d; f++) {
    const column = columns[f]!;
    for (let i = 0, row = start; row < end; i++, row++) sums[labels[i]! * d + f]! += weights[row]! * column[row]!;
  }
}
