import { UsageError } from '../../errors.ts';
import { ABOVE_ALL, BELOW_ALL, type Split } from './probability.ts';

/**
 * A continuous distribution. Every figure is right to 1e-13, relative, in the tails too; laws: `test/reference/distributions`.
 *
 * `x` is any number. `p` and `q` are probabilities in [0, 1]; at the ends the quantiles are the ends of the distribution.
 */
export interface Distribution {
  /** P(X ≤ x). */
  cdf(x: number): number;
  /** P(X > x), where 1 − `cdf` would have lost its digits. */
  survival(x: number): number;
  logCdf(x: number): number;
  logSurvival(x: number): number;
  /** The x with `cdf(x)` = p. Throws `UsageError` (`bad-option`) for what is no probability. */
  quantile(p: number): number;
  /** The x with `survival(x)` = q: quantiles nearer to the upper end than `quantile` can tell. */
  upperQuantile(q: number): number;
}

/** A distribution from how it splits at a point, and its quantiles for probabilities in (0, ½] on either side. */
export function distribution(
  splitInside: (x: number) => Split,
  quantileOf: (target: number, side: 'lower' | 'upper') => number,
  ends: readonly [least: number, greatest: number],
): Distribution {
  const splitAt = (x: number) => (x <= ends[0] ? BELOW_ALL : x >= ends[1] ? ABOVE_ALL : splitInside(x));
  const quantile = (p: number, side: 'lower' | 'upper') => {
    if (!(p >= 0 && p <= 1)) throw new UsageError('bad-option', `quantile: expected a probability, got ${p}`);
    const other = side === 'lower' ? 'upper' : 'lower';
    if (p === 0) return ends[side === 'lower' ? 0 : 1];
    if (p === 1) return ends[side === 'lower' ? 1 : 0];
    return p <= 0.5 ? quantileOf(p, side) : quantileOf(1 - p, other);
  };
  return {
    cdf: (x) => splitAt(x).lower.value,
    survival: (x) => splitAt(x).upper.value,
    logCdf: (x) => splitAt(x).lower.log,
    logSurvival: (x) => splitAt(x).upper.log,
    quantile: (p) => quantile(p, 'lower'),
    upperQuantile: (q) => quantile(q, 'upper'),
  };
}

/**
 * A distribution that is symmetric about 0, from how the squares of its draws, or something that grows with them, split:
 * `sizeSplit(x)` at |x|, and `sizeWith` the size that has a probability of at most ½ below or above it.
 */
export function symmetricDistribution(
  sizeSplit: (x: number) => Split,
  sizeWith: (target: number, side: 'lower' | 'upper') => number,
): Distribution {
  const splitAt = (x: number): Split => {
    const { lower, upper, logRate } = sizeSplit(x);
    const tail = { value: upper.value / 2, log: upper.log - Math.LN2 };
    const rest = { value: 0.5 + lower.value / 2, log: Math.log1p(-tail.value) };
    return x < 0 ? { lower: tail, upper: rest, logRate } : { lower: rest, upper: tail, logRate };
  };
  const quantileOf = (target: number, side: 'lower' | 'upper') => {
    if (target === 0.5) return 0;
    const size = target <= 0.25 ? sizeWith(2 * target, 'upper') : sizeWith(1 - 2 * target, 'lower');
    return side === 'lower' ? -size : size;
  };
  return distribution(splitAt, quantileOf, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
}

/** Throws `UsageError` (`bad-option`) unless the parameter is a positive number. */
export function checkPositive(distribution: string, parameter: string, value: number): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new UsageError('bad-option', `${distribution}: expected a positive ${parameter}, got ${value}`);
}
