import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { beta } from '../../src/numeric/distributions/beta.ts';
import { chiSquare } from '../../src/numeric/distributions/chi-square.ts';
import { double, logGamma } from '../../src/numeric/distributions/double-double.ts';
import { fisherF } from '../../src/numeric/distributions/fisher-f.ts';
import { gamma } from '../../src/numeric/distributions/gamma.ts';
import { logGammaRest } from '../../src/numeric/distributions/log-gamma-rest.ts';
import { normal } from '../../src/numeric/distributions/normal.ts';
import { studentT } from '../../src/numeric/distributions/student-t.ts';

const all = [
  ['normal', normal, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['t', studentT(3), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['F', fisherF(3, 4), 0, Number.POSITIVE_INFINITY],
  ['chi-square', chiSquare(3), 0, Number.POSITIVE_INFINITY],
  ['beta', beta(2, 3), 0, 1],
  ['gamma', gamma(2, 3), 0, Number.POSITIVE_INFINITY],
] as const;

describe.each(all)('the %s distribution', (_, distribution, least, greatest) => {
  it('has nothing beyond its ends, which are the quantiles of 0 and 1', () => {
    expect([distribution.cdf(least), distribution.survival(least)]).toEqual([0, 1]);
    expect([distribution.cdf(greatest), distribution.survival(greatest)]).toEqual([1, 0]);
    expect(distribution.logCdf(least)).toBe(Number.NEGATIVE_INFINITY);
    expect([distribution.quantile(0), distribution.quantile(1)]).toEqual([least, greatest]);
    expect([distribution.upperQuantile(0), distribution.upperQuantile(1)]).toEqual([greatest, least]);
  });

  it('has the same quantiles from below and from above', () => {
    for (const p of [2 ** -30, 0.125, 0.25, 0.5, 0.625, 0.9375]) {
      const [x, y] = [distribution.quantile(p), distribution.upperQuantile(1 - p)];
      expect(Math.abs(x - y)).toBeLessThanOrEqual(1e-8 * Math.abs(x));
      expect(Math.abs(distribution.cdf(x) / p - 1)).toBeLessThan(1e-12);
    }
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses %d as a probability', (p) => {
    expect(() => distribution.quantile(p)).toThrow(UsageError);
    expect(() => distribution.upperQuantile(p)).toThrow(UsageError);
  });
});

it('the median of a symmetric distribution is 0, and its tails are alike', () => {
  for (const distribution of [normal, studentT(2.5)]) {
    expect(distribution.quantile(0.5)).toBe(0);
    expect(distribution.cdf(-3)).toBe(distribution.survival(3));
    expect(distribution.quantile(0.01)).toBe(-distribution.upperQuantile(0.01));
  }
});

it("Cauchy's distribution, t of 1, has its closed form out to where a square would leave the numbers", () => {
  for (const x of [1e10, 1e100, 1e149]) {
    expect(Math.abs(studentT(1).survival(x) * Math.PI * x - 1)).toBeLessThan(1e-13);
  }
});

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as a parameter', (parameter) => {
  expect(() => studentT(parameter)).toThrow(UsageError);
  expect(() => chiSquare(parameter)).toThrow(UsageError);
  expect(() => gamma(1, parameter)).toThrow(UsageError);
  expect(() => beta(parameter, 1)).toThrow(UsageError);
  expect(() => fisherF(1, parameter)).toThrow(UsageError);
});

it.each([0.001, 0.5, 1, 3, 11.99, 12, 100, 1e6])('logGammaRest(%d) is what ln Γ(x) is beside x ln x − x', (x) => {
  const [high] = logGamma(double(x));
  const expected = high - x * Math.log(x) + x;
  expect(Math.abs(logGammaRest(x) - expected)).toBeLessThanOrEqual(1e-14 + 4e-16 * x * Math.log(x + 2));
});
