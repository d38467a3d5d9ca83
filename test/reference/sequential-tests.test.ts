/** Published values of sequential tests: GrowthBook's own tests, and closed forms recomputed by an independent program. */
import { describe, expect, it } from 'vitest';
import { bayesianReadOut, chanceThatBWins } from '../../src/experiments/bayesian.ts';
import { type ArmEstimate, absoluteEffect, relativeEffect } from '../../src/experiments/effect.ts';
import { sampleRatioChiSquare, sampleRatioEvidence } from '../../src/experiments/sample-ratio.ts';
import { asymptoticTest, mixtureTest, rho } from '../../src/numeric/mixture-test.ts';
import { expectClose } from './expect-close.ts';

/** An arm from its sum and sum of squares. */
function arm(n: number, sum: number, squares: number): ArmEstimate {
  return { n, estimate: sum / n, variance: (squares - sum ** 2 / n) / (n - 1) / n };
}

/** An arm of which so many succeeded. */
function proportion(successes: number, n: number): ArmEstimate {
  const p = successes / n;
  return { n, estimate: p, variance: (p * (1 - p)) / n };
}

describe('the mixture test', () => {
  it.each([
    [0, 0.01, 0.01, Math.SQRT1_2, 1, 0.36563948713638483],
    [0.3, 0.01, 0.01, 6.708842347995734, 0.14905701283899597, undefined],
    [0.5, 0.01, 0.04, 9850.53496425235, 0.000101517329122632, 0.3082389993889093],
    [0.02, 1e-4, 1e-4, 1.9221155140795592, 0.5202600950228887, 0.03656394871363849],
    [0.05, 1e-4, 0.0025, 32538.60469672129, 3.073272530646539e-5, 0.031015388968276124],
  ])('D = %d, V = %d, τ² = %d', (estimate, V, mixing, ratio, pValue, halfWidth) => {
    const got = mixtureTest({ estimate, standardError: Math.sqrt(V), n: 100 }, mixing, 0.05);
    expect(got.pValue / pValue).toBeCloseTo(1, 12);
    expect(got.pValue / Math.min(1, 1 / ratio)).toBeCloseTo(1, 12);
    if (halfWidth !== undefined) expect(got.halfWidth / halfWidth).toBeCloseTo(1, 12);
  });
});

describe("GrowthBook's asymptotic confidence sequence", () => {
  it('has its ρ', () => {
    expectClose([rho(0.05, 5000), rho(0.05, 1000)], [0.03984006677137368, 0.08908509752892212], 1e-14);
  });

  it('has its interval of a relative effect on a mean', () => {
    const effect = relativeEffect(arm(3000, 1396.87, 52377.9767), arm(3461, 2422.7, 134698.29));
    const { pValue, halfWidth } = asymptoticTest(effect, 1000, 0.05);
    expectClose([effect.estimate, effect.standardError], [0.50336, 0.33341], 1e-5);
    const interval = [effect.estimate - halfWidth, effect.estimate + halfWidth];
    expectClose(interval, [-0.5584405051077315, 1.5651626768202032], 1e-12);
    expect(pValue).toBe(1);
  });

  it('has its interval of a relative effect on a proportion', () => {
    const effect = relativeEffect(proportion(1396, 3000), proportion(2422, 3461));
    const { halfWidth } = asymptoticTest(effect, 5000, 0.05);
    expectClose([effect.estimate, effect.standardError], [0.5038633516821496, 0.033860214798231224], 1e-12);
    const interval = [effect.estimate - halfWidth, effect.estimate + halfWidth];
    expectClose(interval, [0.4009784966859415, 0.6067482066783576], 1e-12);
  });

  it('is the mixture test with τ² = ρ² se² N', () => {
    const effect = { estimate: 0.07, standardError: 0.03, n: 4321 };
    const same = mixtureTest(effect, rho(0.05, 1000) ** 2 * effect.standardError ** 2 * effect.n, 0.05);
    const got = asymptoticTest(effect, 1000, 0.05);
    expectClose([got.pValue, got.halfWidth], [same.pValue, same.halfWidth], 1e-13);
  });
});

describe('effects', () => {
  it("are GrowthBook's, absolute and relative", () => {
    const [control, treatment] = [arm(3407, 1396.87, 52377.9767), arm(3461, 2422.7, 134698.29)];
    const absolute = absoluteEffect(control, treatment);
    expectClose([absolute.estimate, absolute.standardError], [0.29, 0.12478363158758794], 1e-13);
    const relative = relativeEffect(control, treatment);
    expectClose([relative.estimate, relative.standardError], [0.7073170731707317, 0.3787943616681428], 1e-13);
    const small = relativeEffect(proportion(14, 28), proportion(16, 30));
    expectClose([small.estimate, small.standardError], [0.06667, 0.2717], 1e-4);
  });
});

describe('the sample ratio', () => {
  const half = [0.5, 0.5];
  it.each([
    [[5000, 5200], half, 3.9215686274509802, 0.04767038066],
    [[821588, 815482], half, 22.77436884189436, 1.821792873e-6],
    [[100, 120], half, 1.8181818181818181, 0.1775298524],
    [[9000, 1100], [0.9, 0.1], 8.910891, 0.00283474908],
    [[3300, 3400, 3500], [1 / 3, 1 / 3, 1 / 3], 5.882353, 0.05280357033],
    [[100, 120, 0], [0.5, 0.5, 0], 1.8181818181818181, 0.1775298524],
  ])('%j: χ² for one look', (counts, shares, statistic, pValue) => {
    const got = sampleRatioChiSquare(counts, shares);
    expect(got.statistic).toBeCloseTo(statistic, 6);
    expect(got.pValue / pValue).toBeCloseTo(1, 8);
  });

  it('has the Bayes factors of Lindon and Malek', () => {
    // Published, with the digits that double precision leaves of the terms; behind it, by mpmath with 40 digits.
    for (const [counts, priorUnits, published, exact] of [
      [[821588, 815482], 1, 4.007210009265691, 4.007210009890847],
      [[821588, 815482], 100, 6.532367673236877, 6.53236767061909],
      [[5000, 5200], 100, -0.3777820035593322, -0.37778200356230596],
    ] as const) {
      const got = [sampleRatioEvidence(counts, half, priorUnits)];
      expectClose(got, [published], 1e-9);
      expectClose(got, [exact], 1e-12);
    }
  });
});

describe('the Bayesian read-out', () => {
  it("is GrowthBook's normal approximation, and the exact chance for 49 and 51 of 100", () => {
    const [A, B] = [proportion(49, 100), proportion(51, 100)];
    expect(bayesianReadOut(relativeEffect(A, B)).chanceToWin).toBeCloseTo(0.60918, 5);
    const exact = chanceThatBWins({ successes: 49, trials: 100 }, { successes: 51, trials: 100 });
    expect(exact).toBeCloseTo(0.610770522688, 11);
  });
});
