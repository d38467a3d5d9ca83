import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/host/random.ts';
import { ExponentiallyWeightedMoments } from '../../src/monitors/exponentially-weighted-moments.ts';
import { P2Quantile } from '../../src/monitors/p2-quantile.ts';

describe('P2Quantile', () => {
  it('is the number itself while there are few', () => {
    const quantile = new P2Quantile(0.5);
    expect(quantile.quantile).toBeNaN();
    expect(quantile.metrics()).toEqual({});
    quantile.update([3, 1]);
    expect(quantile.quantile).toBe(1);
    const sixTenths = new P2Quantile(0.6);
    sixTenths.update([3, 1]); // rank ⌈1.2⌉
    expect(sixTenths.quantile).toBe(3);
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
