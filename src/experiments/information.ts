import { type ArmEstimate, absoluteEffect } from './effect.ts';
import type { Metric } from './metric.ts';

/** What one unit told at the first look that counted: n · se², and the odds of a success. */
export type FirstInformation = readonly [variance: number, odds: number];

/**
 * How much is known, in units of the first look.
 *
 * A sequential test counts its time in independent samples. Units that come back add to what is known without adding to the number of
 * units: over the looks, the sum of what a thousand users do wanders like the sum of ever more independent samples, and a bound
 * that counts users only would be crossed by chance in the end. So a unit counts as g units, with g how much more it tells
 * now than at the first look: for a mean of sums, by its variance; for a ratio, by one over its variance; for a proportion,
 * by the odds of a success. Where units are weighted by propensity, the sum of w · value has grown by its variance, whatever the
 * kind: a bandit that is ever surer tells ever less with each unit.
 *
 * Then the z-values of two looks hang together at least as closely as those of a random walk at these times, as long as what
 * a unit does next is not the opposite of what it did (Slepian, 1962), and the test keeps its level.
 * Law: `test/experiments/sequential-error-rates.test.ts`, users whose activity grows.
 */
export interface Information {
  /** Units, each by how much it tells. */
  readonly n: number;
  /** What the square of an effect at the first look is worth now, in terms of the mixture test. */
  readonly scale: number;
}

export function firstInformation(control: ArmEstimate, arm: ArmEstimate): FirstInformation {
  const { n, standardError } = absoluteEffect(control, arm);
  return [n * standardError ** 2, oddsOf(control, arm)];
}

export function informationOf(
  { kind, weighted }: Metric,
  control: ArmEstimate,
  arm: ArmEstimate,
  [firstVariance, firstOdds]: FirstInformation,
): Information {
  const { n, standardError } = absoluteEffect(control, arm);
  const variance = n * standardError ** 2;
  const growth = {
    mean: variance / firstVariance,
    ratio: firstVariance / variance,
    proportion: oddsOf(control, arm) / firstOdds,
    quantile: 1,
  }[weighted ? 'mean' : kind];
  return { n: n * growth, scale: (growth * variance) / firstVariance };
}

function oddsOf(control: ArmEstimate, arm: ArmEstimate): number {
  const successes = control.n * control.estimate + arm.n * arm.estimate;
  return successes / (control.n + arm.n - successes);
}
