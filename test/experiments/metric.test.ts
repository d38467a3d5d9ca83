import { describe, expect, it } from 'vitest';
import { type ArmEstimate, relativeEffect } from '../../src/experiments/effect.ts';
import { Metric } from '../../src/experiments/metric.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import { Moments } from '../../src/numeric/moments.ts';

describe('a covariate', () => {
  const before = [1, 2, 3, 4, 5, 6, 7, 8];
  const after = [2, 1, 4, 3, 7, 5, 8, 6];
  const metric = new Metric('value', { covariate: true });
  const moments = Moments.of(after, before);

  it('takes away the share of the variance that it explains', () => {
    // Recomputed by hand in the literature's tiny case: θ = 5/6, variance 6 → 11/6.
    const slope = metric.slope([moments]);
    expect(slope).toBeCloseTo(5 / 6, 14);
    const { estimate, variance } = metric.estimate(moments, slope, moments.mean(1));
    expect(estimate).toBe(4.5);
    expect(moments.variance(0)).toBeCloseTo(6, 13);
    expect(variance * 8).toBeCloseTo(11 / 6, 13);
  });

  it('shifts an arm whose units were higher beforehand back by what that explains', () => {
    const { estimate } = metric.estimate(moments, 0.5, 4);
    expect(estimate).toBeCloseTo(4.5 - 0.5 * (4.5 - 4), 14);
  });

  it('of a ratio explains the ratio, linearised', () => {
    const ratio = new Metric('rate', { kind: 'ratio', covariate: true });
    const views = [4, 5, 6, 7, 8, 9, 9, 9];
    const rate = 36 / 57;
    const linear = after.map((clicks, i) => (clicks - rate * views[i]!) / (57 / 8));
    const expected = Moments.of(linear, before);
    const slope = ratio.slope([Moments.of(after, views, before)]);
    expect(slope).toBeCloseTo(expected.covariance(0, 1) / expected.variance(1), 12);
    const { estimate, variance } = ratio.estimate(Moments.of(after, views, before), slope, 4.5);
    expect(estimate).toBeCloseTo(rate, 14);
    const rest = Moments.of(linear.map((value, i) => value - slope * before[i]!));
    expect(variance).toBeCloseTo(rest.variance() / 8, 13);
  });
});

it('gives a proportion the variance of a coin, p (1 − p) / n', () => {
  const experiment = new SequentialTest({
    arms: { control: 0.5, treatment: 0.5 },
    metrics: { rate: { kind: 'proportion' } },
    units: 'each observation',
  });
  const arm = (name: string, successes: number, n: number): Observation[] =>
    Array.from({ length: n }, (_, i) => ({ arm: name, value: i < successes ? 1 : 0 }));
  experiment.update([...arm('control', 14, 28), ...arm('treatment', 16, 30)]);
  const [[control, treatment]] = experiment.looks()[0]!.totals.estimates as [readonly ArmEstimate[]];
  expect(control!.variance).toBeCloseTo((0.5 * 0.5) / 28, 15);
  expect(treatment!.variance).toBeCloseTo(((16 / 30) * (14 / 30)) / 30, 15);
  // The relative effect and its error as GrowthBook has them.
  const { estimate, standardError } = relativeEffect(control!, treatment!);
  expect(estimate).toBeCloseTo(0.06667, 5);
  expect(standardError).toBeCloseTo(0.2717, 4);
});
