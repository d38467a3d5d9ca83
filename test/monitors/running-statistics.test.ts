import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/host/random.ts';
import { ExponentiallyWeightedMoments } from '../../src/monitors/exponentially-weighted-moments.ts';
import { P2Quantile } from '../../src/monitors/p2-quantile.ts';

describe('ExponentiallyWeightedMoments', () => {
  it('gives the values of River', () => {
    const moments = new ExponentiallyWeightedMoments(0.5);
    const means: number[] = [];
    const variances: number[] = [];
    for (const x of [1, 3, 5, 4, 6, 8, 7, 9, 11]) {
      moments.update([x]);
      means.push(moments.mean);
      variances.push(moments.variance);
    }
    expect(means).toEqual([1, 2, 3.5, 3.75, 4.875, 6.4375, 6.71875, 7.859375, 9.4296875]);
    const theirs = [0, 1, 2.75, 1.4375, 1.984375, 3.43359375, 1.7958984375, 2.198974609375, 3.56536865234375];
    expect(variances).toEqual(theirs);
  });
});

describe('P2Quantile', () => {
  /** Of the paper. */
  const NUMBERS = [
    0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.6, 10.28, 1.47, 0.4, 0.05, 11.39, 0.27, 0.42,
    0.09, 11.37,
  ];

  it.each([
    [0.5, 4.440634353260338],
    [0.9, 27.7869],
  ])('estimates the quantile at %f of the data of Jain and Chlamtac', (p, expected) => {
    const quantile = new P2Quantile(p);
    quantile.update(NUMBERS);
    expect(quantile.quantile).toBeCloseTo(expected, p === 0.5 ? 12 : 3);
  });

  it('is the number itself while there are few', () => {
    const quantile = new P2Quantile(0.5);
    expect(quantile.quantile).toBeNaN();
    expect(quantile.metrics()).toEqual({});
    quantile.update([3, 1]);
    expect(quantile.quantile).toBe(1);
    quantile.update([2]);
    expect(quantile.metrics()).toEqual({ quantile: 2 });
  });

  it('comes near the quantile of many', () => {
    const random = seededRandom(7);
    const quantile = new P2Quantile(0.9);
    quantile.update(Array.from({ length: 100_000 }, () => random.next() ** 2));
    expect(quantile.quantile).toBeCloseTo(0.81, 2);
    expect(quantile.count).toBe(100_000);
  });
});

describe.each([
  ['ExponentiallyWeightedMoments', () => new ExponentiallyWeightedMoments(0.1)],
  ['P2Quantile', () => new P2Quantile(0.5)],
] as const)('%s', (_, make) => {
  it('goes on from a snapshot, also from one of nothing', () => {
    const [before, after] = [make(), make()];
    after.restore(before.snapshot());
    expect(after.metrics()).toEqual({});
    before.update([5, 3, 8, 1, 9, 2, 7]);
    after.restore(before.snapshot());
    for (const each of [before, after]) each.update([4, 6]);
    expect(after.snapshot()).toEqual(before.snapshot());
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, and stays as it was', (odd) => {
    const each = make();
    each.update([1, 2]);
    const before = each.snapshot();
    expect(() => each.update([odd])).toThrow(`expected a finite number, got ${odd}`);
    expect(each.snapshot()).toEqual(before);
  });

  it('refuses the snapshot of another', () => {
    expect(() => make().restore({ mean: 1 })).toThrow(/expected (two numbers|five markers)/);
  });
});

it.each([0, -1, 1.5, Number.NaN])('refuses %d as a share', (share) => {
  expect(() => new ExponentiallyWeightedMoments(share)).toThrow('expected alpha in (0, 1]');
  expect(() => new P2Quantile(share)).toThrow('expected p between 0 and 1');
});
