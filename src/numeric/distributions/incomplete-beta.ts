import { add, type DoubleDouble, divide, double, log, logGamma, multiply, subtract } from './double-double.ts';
import { ABOVE_ALL, BELOW_ALL, complement, pointWith, probability, type Split } from './probability.ts';

/**
 * The regularised incomplete beta functions I_x(a, b) and 1 − I_x(a, b), where x : (1 − x) = `part` : `rest`. Odds, not x
 * itself, as x can be too near to 1 for what is left to have any digits.
 *
 * `a`, `b`: shapes, from 0.05. Right to 1e-13, relative, in both tails. Cost: O(√max(a, b)) near the mean.
 * Source: DiDonato & Morris, Significant Digit Computation of the Incomplete Beta Function Ratios, 1992 (BFRAC).
 */
export function incompleteBeta(a: number, b: number, part: DoubleDouble, rest: DoubleDouble): Split {
  if (!(part[0] > 0)) return BELOW_ALL;
  if (!(rest[0] > 0) || part[0] === Number.POSITIVE_INFINITY) return ABOVE_ALL;
  const whole = add(part, rest);
  const logWhole = log(whole);
  const logX = subtract(log(part), logWhole);
  const logY = subtract(log(rest), logWhole);
  // x^a y^b / B(a, b)
  const rate = subtract(add(multiply(double(a), logX), multiply(double(b), logY)), logBeta(a, b));
  const logRate = rate[0] + rate[1];
  const x = part[0] / whole[0];
  const y = rest[0] / whole[0];
  const [beyond] = divide(subtract(multiply(double(a), rest), multiply(double(b), part)), whole);
  if (beyond > 0) {
    const lower = probability(rate, lowerFraction(a, b, x, y, beyond));
    return { lower, upper: complement(lower), logRate };
  }
  const upper = probability(rate, lowerFraction(b, a, y, x, -beyond));
  return { lower: complement(upper), upper, logRate };
}

/** The odds w with I_x(a, b) = `target` for x = w / (1 + w); 0 < target ≤ ½. */
export function inverseBetaOdds(a: number, b: number, target: number): number {
  // For small odds, I is w^a / (a B(a, b)), and never more.
  const start = Math.exp((Math.log(target) + Math.log(a) + logBeta(a, b)[0]) / a);
  return pointWith(target, 'lower', start, (odds) => incompleteBeta(a, b, double(odds), double(1)));
}

function logBeta(a: number, b: number): DoubleDouble {
  return subtract(add(logGamma(double(a)), logGamma(double(b))), logGamma(add(double(a), double(b))));
}

/**
 * The continued fraction of I_x(a, b) · B(a, b) / (x^a y^b), x at most the mean a / (a + b). `beyond` is a · y − b · x, what x
 * lacks of the mean: near it, terms of x and y alone would cancel.
 */
function lowerFraction(a: number, b: number, x: number, y: number, beyond: number): number {
  const c = 1 + beyond;
  const [c0, c1] = [b / a, 1 + 1 / a];
  let p = 1;
  let s = a + 1;
  let [numerator, nextNumerator] = [0, 1];
  let [denominator, nextDenominator] = [1, c / c1];
  let fraction = c1 / c;
  for (let n = 1; ; n++) {
    const t = n / a;
    const w = n * (b - n) * x;
    const alpha = p * (p + c0) * (a / s) ** 2 * w * x;
    const beta = n + w / s + ((1 + t) / (c1 + 2 * t)) * (c + n * (y + 1));
    p = 1 + t;
    s += 2;
    [numerator, nextNumerator] = [nextNumerator, alpha * numerator + beta * nextNumerator];
    [denominator, nextDenominator] = [nextDenominator, alpha * denominator + beta * nextDenominator];
    const before = fraction;
    fraction = nextNumerator / nextDenominator;
    if (Math.abs(fraction - before) <= 2e-16 * fraction) return fraction;
    // Only quotients count, and the numbers grow without end.
    numerator /= nextDenominator;
    denominator /= nextDenominator;
    nextNumerator = fraction;
    nextDenominator = 1;
  }
}
