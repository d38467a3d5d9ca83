/** A mean of numbers from an interval, and how far it may be off. */
export interface BoundedMean {
  /** Length of the interval. */
  readonly range: number;
  bound: number;
}

/**
 * Writes how far the mean of n draws from an interval of length `range` may be from what it estimates, but for a chance of `delta`.
 *
 *     ε = √(range² · ln(1/δ) / (2n))
 *
 * `delta` in (0, 1), `weight` n > 0. No allocation, as a number may be that a function is given or gives.
 * Source: Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, 1963.
 */
export function writeHoeffdingBound(
  mean: BoundedMean,
  { weight }: { readonly weight: number },
  { delta }: { readonly delta: number },
): void {
  mean.bound = Math.sqrt((mean.range * mean.range * Math.log(1 / delta)) / (2 * weight));
}
