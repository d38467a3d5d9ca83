import { add, type DoubleDouble, double, log, logGamma, multiply, subtract } from './double-double.ts';
import { ABOVE_ALL, BELOW_ALL, complement, pointWith, probability, type Split } from './probability.ts';

/**
 * The regularised incomplete gamma functions P(a, x) and Q(a, x): a series below the mean, a continued fraction above.
 *
 * `a`: shape, from 0.05. Right to 1e-13, relative, in both tails. Cost: O(√a) near the mean.
 * Source: DLMF 8.11.4 and 8.9.2.
 */
export function incompleteGamma(a: number, point: DoubleDouble): Split {
  const x = point[0];
  if (!(x > 0)) return BELOW_ALL;
  if (x === Number.POSITIVE_INFINITY) return ABOVE_ALL;
  // x^a e^−x / Γ(a)
  const rate = subtract(subtract(multiply(double(a), log(point)), point), logGamma(double(a)));
  const logRate = rate[0] + rate[1];
  if (x < Math.max(a, 1)) {
    const lower = probability(rate, lowerSeries(a, x));
    return { lower, upper: complement(lower), logRate };
  }
  const upper = probability(rate, upperFraction(a, x));
  return { lower: complement(upper), upper, logRate };
}

/** The point x with P(a, x) = `target` below it, or Q(a, x) = `target` above it; 0 < target ≤ ½. */
export function inverseIncompleteGamma(a: number, target: number, side: 'lower' | 'upper'): number {
  // For small x, P(a, x) is x^a / Γ(a + 1), and never more.
  const [logFactor] = logGamma(add(double(a), double(1)));
  const start = side === 'lower' ? Math.exp((Math.log(target) + logFactor) / a) : Math.max(a, 1);
  return pointWith(target, side, start, (x) => incompleteGamma(a, double(x)));
}

/** Σ xⁿ / (a (a + 1) … (a + n)). */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** 1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − 2(2 − a) / (x + 5 − a − …))), by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; ; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 2e-16) return fraction;
  }
}
