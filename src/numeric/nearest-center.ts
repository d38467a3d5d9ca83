import { blocksOf, copyBlock, copyRows, type Room, reserve } from './kernels.ts';

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

/**
 * Finds the nearest centre of each row, by squared Euclidean distance.
 *
 * d(i, j) = Σ_f (columns[f][i] − centers[j·d + f])², summed in the order of the features; label(i) = argmin_j d(i, j).
 * To the bit what a row-by-row loop gives (`test/oracle/kernels.test.ts`).
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
  const all = new Int32Array(rows);
  const { cost } = assignBlocks(columns, rows, centers, k, weights, ({ numbers }, { start, n, labels }) => {
    all.set(new Int32Array(numbers.buffer, labels, n), start);
  });
  return { labels: all, cost };
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
  const { cost, room, sums, counts } = assignBlocks(columns, rows, centers, k, weights, ({ kernels }, block) => {
    kernels.addRows(block.n, d, block.x, block.stride, block.labels, block.weights, block.sums, block.counts);
  });
  const stretch = (at: number, length: number) => room.numbers.slice(at / 8, at / 8 + length);
  return { sums: stretch(sums, k * d), counts: stretch(counts, k), cost };
}

/** One block of rows in the kernels' memory, once their labels are known. */
interface AssignedBlock {
  readonly start: number;
  /** How many rows. */
  readonly n: number;
  readonly x: number;
  readonly stride: number;
  readonly labels: number;
  /** 0 where every row weighs 1. */
  readonly weights: number;
  readonly sums: number;
  readonly counts: number;
}

/** Assigns the rows block by block, shows each block to `use`, and gives the cost, and the place of sums that begin at 0. */
function assignBlocks(
  columns: readonly Float64Array[],
  rows: number,
  centers: Float64Array,
  k: number,
  weights: Float64Array | undefined,
  use: (room: Room, block: AssignedBlock) => void,
) {
  const d = columns.length;
  const { rows: blockRows, stride, length } = blocksOf(d);
  const room = reserve(length, k * d, blockRows, blockRows, blockRows, k * d, k);
  const [x, at, labels, nearest, rowWeights, sums, counts] = room.at;
  const { kernels, numbers } = room;
  numbers.set(centers, at / 8);
  numbers.fill(0, sums / 8, sums / 8 + k * d);
  numbers.fill(0, counts / 8, counts / 8 + k);
  let cost = 0;
  for (let start = 0; start < rows; start += blockRows) {
    const n = Math.min(blockRows, rows - start);
    copyBlock(columns, start, n, room, x, stride);
    if (weights !== undefined) copyRows(weights, start, n, numbers, rowWeights);
    const weighing = weights === undefined ? 0 : rowWeights;
    kernels.assign(n, d, k, x, stride, at, labels, nearest);
    cost = kernels.addUp(n, nearest, weighing, cost);
    use(room, { start, n, x, stride, labels, weights: weighing, sums, counts });
  }
  return { cost, room, sums, counts };
}
