import { plusPlusCenters } from './k-means-plus-plus.ts';
import { clusterSums, nearestCenters } from './nearest-center.ts';

const LOCAL_STEPS = 30;

/**
 * Chooses at most k rows or means of rows as first centres (k-means||): from one row, each of `steps` rounds takes every row with chance
 * 2k · cost / Σ cost, where cost is its weight times the squared distance to the nearest centre so far; those taken are then clustered to
 * k, each weighing what is nearest to it. There are fewer where fewer rows differ.
 *
 * `columns`: d Float64Array[n]; `weights`: Float64Array[n], 1 each where absent; `nextDouble`: uniform on [0, 1). None is changed.
 * Returns Float64Array[k'·d]. Cost: O(n · k · d · steps). Source: Bahmani et al., Scalable k-means++, 2012.
 */
export function parallelCenters(
  columns: readonly Float64Array[],
  rows: number,
  weights: Float64Array | undefined,
  { k, steps, nextDouble }: { readonly k: number; readonly steps: number; readonly nextDouble: () => number },
): Float64Array {
  const weightOf = (i: number) => weights?.[i] ?? 1;
  const chosen = [drawn(rows, weightOf, nextDouble)];
  const squares = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let fresh: readonly number[] = chosen;
  for (let step = 0; step < steps; step++) {
    lower(squares, columns, fresh);
    let total = 0;
    for (let i = 0; i < rows; i++) total += weightOf(i) * squares[i]!;
    if (total === 0) break;
    const taken: number[] = [];
    for (let i = 0; i < rows; i++) {
      // A row of weight 0 must not even take a number, or it would change which others are taken.
      if (weightOf(i) > 0 && nextDouble() < (2 * k * weightOf(i) * squares[i]!) / total) taken.push(i);
    }
    chosen.push(...taken);
    fresh = taken;
  }
  const candidates = distinctRows(columns, chosen);
  const count = candidates[0]?.length ?? 1;
  if (count <= k) return sideBySide(candidates, count);
  const { labels } = nearestCenters(columns, rows, sideBySide(candidates, count), count);
  const shares = new Float64Array(count);
  for (let i = 0; i < rows; i++) shares[labels[i]!] = shares[labels[i]!]! + weightOf(i);
  let centers = plusPlusCenters(candidates, shares, k, nextDouble);
  for (let step = 0; step < LOCAL_STEPS; step++) {
    const next = meansOf(candidates, count, centers, k, shares);
    if (next.every((each, at) => each === centers[at])) break;
    centers = next;
  }
  return centers;
}

/** So many rows, each with a chance of its weight, as centres. Returns Float64Array[k'·d], without repeats. */
export function randomCenters(
  columns: readonly Float64Array[],
  rows: number,
  weights: Float64Array | undefined,
  k: number,
  nextDouble: () => number,
): Float64Array {
  const left = Float64Array.from({ length: rows }, (_, i) => weights?.[i] ?? 1);
  const chosen: number[] = [];
  while (chosen.length < Math.min(k, rows)) {
    const row = drawn(rows, (i) => left[i]!, nextDouble);
    if (left[row] === 0) break;
    left[row] = 0;
    chosen.push(row);
  }
  const candidates = distinctRows(columns, chosen);
  return sideBySide(candidates, candidates[0]?.length ?? 1);
}

/** The weighted mean of the rows nearest to each centre; a centre that has none stays. Float64Array[k·d]. */
export function meansOf(
  columns: readonly Float64Array[],
  rows: number,
  centers: Float64Array,
  k: number,
  weights: Float64Array | undefined,
): Float64Array {
  const d = columns.length;
  const { sums, counts } = clusterSums(columns, rows, centers, k, weights);
  return sums.map((sum, at) => {
    const count = counts[Math.floor(at / d)]!;
    return count > 0 ? sum / count : centers[at]!;
  });
}

function drawn(rows: number, weightOf: (i: number) => number, nextDouble: () => number): number {
  let total = 0;
  for (let i = 0; i < rows; i++) total += weightOf(i);
  let left = nextDouble() * total;
  let last = 0;
  for (let i = 0; i < rows; i++) {
    if (weightOf(i) === 0) continue;
    last = i;
    left -= weightOf(i);
    if (left < 0) break;
  }
  return last;
}

function lower(squares: Float64Array, columns: readonly Float64Array[], centers: readonly number[]): void {
  const apart = new Float64Array(squares.length);
  for (const center of centers) {
    apart.fill(0);
    for (const column of columns) {
      const at = column[center]!;
      for (let i = 0; i < apart.length; i++) apart[i] = apart[i]! + (column[i]! - at) ** 2;
    }
    for (let i = 0; i < apart.length; i++) if (apart[i]! < squares[i]!) squares[i] = apart[i]!;
  }
}

/** Of these rows, those that are not as an earlier one, as columns. */
function distinctRows(columns: readonly Float64Array[], rows: readonly number[]): Float64Array[] {
  const seen = new Set<string>();
  const distinct = rows.filter((i) => {
    const key = columns.map((column) => column[i]).join();
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  return columns.map((column) => Float64Array.from(distinct, (i) => column[i]!));
}

function sideBySide(columns: readonly Float64Array[], count: number): Float64Array {
  const d = columns.length;
  return Float64Array.from({ length: count * d }, (_, at) => columns[at % d]![Math.floor(at / d)]!);
}
