import { double, logGamma } from '../numeric/distributions/double-double.ts';
import { normal } from '../numeric/distributions/normal.ts';
import type { Effect } from '../numeric/mixture-test.ts';

/**
 * What a Bayesian with no opinion beforehand thinks of an effect. It is no guard against peeking: who stops as soon as the
 * chance to win passes 95 % is wrong far more often than 5 times in 100 where nothing happens.
 */
export type BayesianReadOut = {
  /** The probability that the arm is better than the control. */
  readonly chanceToWin: number;
  /** What one loses on average by taking the arm, in units of the effect: the mean of max(0, −effect). */
  readonly expectedLoss: number;
};

/** From the normal approximation of the effect, under a flat prior. `better`: which way an effect should go. */
export function bayesianReadOut(
  { estimate, standardError }: Pick<Effect, 'estimate' | 'standardError'>,
  better: 'higher' | 'lower' = 'higher',
): BayesianReadOut {
  const gain = better === 'higher' ? estimate : -estimate;
  if (standardError === 0) return { chanceToWin: (1 + Math.sign(gain)) / 2, expectedLoss: Math.max(0, -gain) };
  const z = gain / standardError;
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return { chanceToWin: normal.cdf(z), expectedLoss: standardError * density - gain * normal.survival(z) };
}

/** Successes among trials. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/**
 * The probability that B succeeds more often than A, exactly, under uniform priors: Σ_{i ≤ successes of B} of
 * B(a + i, b + d) / ((d + i) B(1 + i, d) B(a, b)) for the posteriors Beta(a, b) of A and Beta(c, d) of B.
 * Cost: O(successes of B).
 */
export function chanceThatBWins(A: Proportion, B: Proportion): number {
  const [a, b] = [A.successes + 1, A.trials - A.successes + 1];
  const [c, d] = [B.successes + 1, B.trials - B.successes + 1];
  let sum = 0;
  for (let i = 0; i < c; i++) {
    sum += Math.exp(logBeta(a + i, b + d) - Math.log(d + i) - logBeta(1 + i, d) - logBeta(a, b));
  }
  return sum;
}

function logBeta(a: number, b: number): number {
  const of = (x: number) => logGamma(double(x))[0];
  return of(a) + of(b) - of(a + b);
}
