/** The numbers in ascending order, NaN left out. A copy. */
export function sortedNumbers(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

/**
 * The smallest value that a share `p` of the values does not exceed: of n sorted values, the one at place ⌈p · n⌉. Within
 * `relativeError` of 0 or 1 it is the smallest or the largest.
 *
 * Spark's `approxQuantile` gives the same where it has room for every value (n ≤ 1 / relativeError), and else one whose place is that near.
 * Throws nothing; NaN where there are no values. Cost: O(1).
 */
export function quantile(sorted: Float64Array, p: number, relativeError = 0): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  if (p <= relativeError) return sorted[0]!;
  if (p >= 1 - relativeError) return sorted[n - 1]!;
  return sorted[Math.max(1, Math.ceil(p * n)) - 1]!;
}
