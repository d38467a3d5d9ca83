/**
 * p-values that stay honest when several questions are asked at once: with all at or below α rejected, the chance of a false
 * rejection among them is at most α. Never smaller than the given ones, in the same order.
 *
 * adjusted of the i-th smallest = max over j ≤ i of (m − j + 1) p_j, at most 1. Source: Holm, 1979.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let greatest = 0;
  for (const [rank, i] of order.entries()) {
    greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * pValues[i]!));
    adjusted[i] = greatest;
  }
  return adjusted;
}
