/**
 * How far the mean of n draws from an interval of length `range` may be from what it estimates, but for a chance of `delta`.
 *
 *     ε = √(range² · ln(1/δ) / (2n))
 *
 * `delta` in (0, 1), `n` > 0. Source: Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, 1963.
 */
export function hoeffdingBound(range: number, delta: number, n: number): number {
  return Math.sqrt((range * range * Math.log(1 / delta)) / (2 * n));
}
