/**
 * Chooses k rows as the first centres, far from each other: the first by its weight, each further one by its weight times the
 * squared distance to the nearest centre chosen so far. Where all rows stand on centres already, centres repeat.
 *
 * `columns`: d Float64Array[n], n ≥ 1; `weights`: Float64Array[n] with some weight in it, 1 each where absent; `nextDouble`:
 * uniform on [0, 1). None is changed. Returns Float64Array[k·d], centre after centre. Cost: O(n · k · d).
 * Source: Arthur and Vassilvitskii, k-means++: The Advantages of Careful Seeding, 2007.
 */
export function plusPlusCenters(
  columns: readonly Float64Array[],
  weights: Float64Array | undefined,
  k: number,
  nextDouble: () => number,
): Float64Array {
  const d = columns.length;
  const n = columns[0]!.length;
  const ones = weights ?? new Float64Array(n).fill(1);
  const centers = new Float64Array(k * d);
  const squares = new Float64Array(n).fill(Number.POSITIVE_INFINITY); // squared distance to the nearest centre
  let chances = ones;
  for (let j = 0; j < k; j++) {
    const row = drawn(chances, nextDouble()) ?? drawn(ones, 0)!;
    for (let f = 0; f < d; f++) centers[j * d + f] = columns[f]![row]!;
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let square = 0;
      for (let f = 0; f < d; f++) square += (columns[f]![i]! - centers[j * d + f]!) ** 2;
      squares[i] = Math.min(squares[i]!, square);
      next[i] = ones[i]! * squares[i]!;
    }
    chances = next;
  }
  return centers;
}

/** The row whose share of all chances `at`, in [0, 1), falls into; undefined where there is no chance. */
function drawn(chances: Float64Array, at: number): number | undefined {
  let left = at * chances.reduce((sum, chance) => sum + chance, 0);
  let last: number | undefined;
  for (let i = 0; i < chances.length; i++) {
    if (chances[i] === 0) continue;
    last = i;
    left -= chances[i]!;
    if (left < 0) return i;
  }
  return last;
}
