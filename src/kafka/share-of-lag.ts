/**
 * How many offsets each partition may take of `limit` in all, in proportion to how far behind it is. What rounding leaves over
 * goes to the largest remainders, and among equal ones to those from `firstServed` on, which moves on from batch to batch:
 * the limit is never passed, and no partition waits for ever.
 *
 * Spark rounds shares below one up, so that a hundred partitions with one record each take a hundred, whatever the limit is.
 */
export function shareOfLag(lags: readonly number[], limit: number, firstServed = 0): number[] {
  const total = lags.reduce((sum, lag) => sum + lag, 0);
  if (total <= limit) return [...lags];
  const exact = lags.map((lag) => (lag / total) * limit);
  const shares = exact.map(Math.floor);
  let left = limit - shares.reduce((sum, share) => sum + share, 0);
  const turn = (i: number) => (i + lags.length - (firstServed % lags.length)) % lags.length;
  const byRemainder = [...lags.keys()]
    .filter((i) => lags[i]! > shares[i]!)
    .sort((a, b) => exact[b]! - shares[b]! - (exact[a]! - shares[a]!) || turn(a) - turn(b));
  for (const i of byRemainder) {
    if (left-- <= 0) break;
    shares[i]!++;
  }
  return shares;
}
