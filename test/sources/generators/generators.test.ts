/**
 * What each generator's definition says about its rows: shares and moments in closed form, or, where the definition gives no
 * closed form, the best classifier worked out here from the definition.
 */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/host/random.ts';
import { generators } from '../../../src/sources/generators/generators.ts';
import type { GeneratedRow } from '../../../src/sources/generators/row-generator.ts';
import { expectMean, expectShare, meanOf, rowsOf, shareOf, varianceOf } from './rows-of.ts';

const isPositive = ({ label }: GeneratedRow) => label === 1;

describe('sea', () => {
  it('has 1 − θ²/200 positive rows in each of its four blocks', () => {
    const blockRows = 20_000;
    const rows = rowsOf(generators.sea({ blockRows, noise: 0 }), 5 * blockRows);
    for (const [block, theta] of [8, 9, 7, 9.5, 9.5].entries()) {
      const share = shareOf(rows.slice(block * blockRows, (block + 1) * blockRows), isPositive);
      expectShare(share, 1 - theta ** 2 / 200, blockRows);
    }
  });

  it('flips the share of labels that noise asks for', () => {
    const rows = rowsOf(generators.sea({ thetas: [8], noise: 0.1 }), 20_000);
    const flipped = ({ features: [x0, x1], label }: GeneratedRow) => (x0! + x1! > 8 ? 1 : 0) !== label;
    expectShare(shareOf(rows, flipped), 0.1, rows.length);
  });

  it('draws x0, x1, x2 and nothing else of a row without noise', () => {
    const random = seededRandom(42);
    const drawn = Array.from({ length: 3 }, () => 10 * random.next());
    expect(rowsOf(generators.sea({ seed: 42, noise: 0 }), 1)[0]!.features).toEqual(drawn);
    expect(rowsOf(generators.sea({ seed: 42, noise: 0 }), 2)[1]!.features[0]).toBe(10 * random.next());
  });
});

describe('hyperplane', () => {
  it('has as many positive rows as negative ones', () => {
    const rows = rowsOf(generators.hyperplane({ magnitude: 0 }), 40_000);
    expectShare(shareOf(rows, isPositive), 0.5, rows.length);
  });

  it('flips the share of labels that noise asks for, and changes nothing else', () => {
    const clean = rowsOf(generators.hyperplane({ noise: 0 }), 20_000);
    const noisy = rowsOf(generators.hyperplane({ noise: 0.05 }), 20_000);
    expect(noisy.map(({ features }) => features)).toEqual(clean.map(({ features }) => features));
    const flipped = shareOf(noisy, ({ label }, i) => label !== clean[i]!.label);
    expectShare(flipped, 0.05, noisy.length);
  });

  it('turns towards the feature whose weight only grows', () => {
    const last = (magnitude: number) => {
      const options = { seed: 2, features: 2, driftingFeatures: 1, magnitude, turn: 0, noise: 0 };
      return rowsOf(generators.hyperplane(options), 20_000).slice(-5000);
    };
    const byFirst = ({ features: [x0], label }: GeneratedRow) => (x0! >= 0.5 ? 1 : 0) === label;
    expect(shareOf(last(0.1), byFirst)).toBeGreaterThan(0.999);
    expect(shareOf(last(0), byFirst)).toBeLessThan(0.95);
  });

  it('keeps its plane without drift: opposite points have opposite labels', () => {
    // The plane goes through the middle, so a point and its mirror image lie on different sides, whatever the weights are.
    const rows = rowsOf(generators.hyperplane({ features: 1, magnitude: 0, driftingFeatures: 0, noise: 0 }), 5000);
    expect(rows.every(({ features: [x], label }) => (x! >= 0.5 ? 1 : 0) === label)).toBe(true);
  });
});

describe('friedman', () => {
  const n = 50_000;

  it('has mean 14.41 and signal variance 23.86', () => {
    const labels = rowsOf(generators.friedman({ noise: 0 }), n).map(({ label }) => label);
    expectMean(meanOf(labels), 14.41, 23.86, n, 0.005);
    // A bounded signal of this shape has a kurtosis below 3.
    expectMean(varianceOf(labels), 23.86, 2 * 23.86 ** 2, n, 0.005);
  });

  it('adds noise of the deviation asked for', () => {
    const rows = rowsOf(generators.friedman({ noise: 1 }), n);
    const noise = rows.map(({ features: [x0, x1, x2, x3, x4], label }) => {
      return label - 10 * Math.sin(Math.PI * x0! * x1!) - 20 * (x2! - 0.5) ** 2 - 10 * x3! - 5 * x4!;
    });
    expectMean(meanOf(noise), 0, 1, n);
    expectMean(varianceOf(noise), 1, 2, n);
  });

  it('drifts in regions that grow at each change', () => {
    const every = 20_000;
    const stream = (changesAt: readonly number[]) => rowsOf(generators.friedman({ noise: 0, changesAt }), 4 * every);
    const still = stream([]);
    const differs = stream([every, 2 * every, 3 * every]).map(({ label }, i) => label !== still[i]!.label);
    // Two boxes, bounded on four, then three, then two sides of length 0.3.
    for (const [block, share] of [0, 2 * 0.3 ** 4, 2 * 0.3 ** 3, 2 * 0.3 ** 2].entries()) {
      const got = shareOf(differs.slice(block * every, (block + 1) * every), Boolean);
      expectShare(got, share, every, 1e-12);
    }
  });
});

describe('sine', () => {
  it.each([
    [0, 0.4597],
    [1, 0.5637],
    [2, 1 - 0.4597],
    [3, 1 - 0.5637],
  ])('has in variant %i a share of %f positive rows', (variant, share) => {
    const rows = rowsOf(generators.sine({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length, 1e-4);
  });
});

describe('stagger', () => {
  it.each([
    [0, 1 / 9],
    [1, 5 / 9],
    [2, 2 / 3],
  ])('has in variant %i a share of %f positive rows', (variant, share) => {
    const rows = rowsOf(generators.stagger({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length);
  });
});

describe('agrawal', () => {
  it.each([
    [0, 0.672],
    [1, 0.385],
    [2, 0.535],
    [3, 0.385],
    [4, 0.4],
  ])('has in variant %i a share of %f in group A', (variant, share) => {
    const rows = rowsOf(generators.agrawal({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length, 5e-4);
  });

  it.each([
    [5, 0.381],
    [6, 0.501],
    [7, 0.983],
    [8, 0.501],
    [9, 0.998],
  ])('has in variant %i, with a slightly smaller commission than where it was measured, about %f', (variant, share) => {
    const rows = rowsOf(generators.agrawal({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length, 0.02);
  });
});

describe('led', () => {
  it.each([
    [0.05, 0.867],
    [0.1, 0.74],
    [0.2, 0.513],
  ])('lets the best classifier at noise %f be right at a share of %f', (noise, share) => {
    const digits = rowsOf(generators.led({ noise: 0 }), 2000).reduce(
      (patterns, { features, label }) => patterns.set(label, features),
      new Map<number, readonly number[]>(),
    );
    expect(digits.size).toBe(10);
    const rows = rowsOf(generators.led({ noise }), 40_000);
    const differences = (a: readonly number[], b: readonly number[]) => a.filter((bit, i) => bit !== b[i]).length;
    const nearest = (features: readonly number[]) => {
      const distances = Array.from({ length: 10 }, (_, digit) => differences(features, digits.get(digit)!));
      return distances.indexOf(Math.min(...distances));
    };
    expectShare(
      shareOf(rows, ({ features, label }) => nearest(features) === label),
      share,
      rows.length,
      5e-4,
    );
  });

  it('adds irrelevant bits', () => {
    const rows = rowsOf(generators.led({ irrelevantFeatures: 17 }), 20_000);
    expect(rows[0]!.features).toHaveLength(24);
    expectShare(
      shareOf(rows, ({ features }) => features[23] === 1),
      0.5,
      rows.length,
    );
  });
});
