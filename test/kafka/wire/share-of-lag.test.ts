import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareOfLag } from '../../../src/kafka/share-of-lag.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

it('takes the whole limit, and from no partition more than is there', () => {
  const lags = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lags, fc.nat(3000), fc.nat(100), (given, limit, turn) => {
      const shares = shareOfLag(given, limit, turn);
      expect(sum(shares)).toBe(Math.min(limit, sum(given)));
      shares.forEach((share, i) => {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(given[i]!);
      });
    }),
  );
});

it('shares in proportion, to within one', () => {
  expect(shareOfLag([600, 300, 100], 100)).toEqual([60, 30, 10]);
  expect(shareOfLag([5, 5], Number.POSITIVE_INFINITY)).toEqual([5, 5]);
  expect(shareOfLag([0, 7], 3)).toEqual([0, 3]);
});

it('lets no partition wait for ever', () => {
  const lags = Array(100).fill(1);
  const served = new Set<number>();
  for (let batch = 0; batch < 100; batch++) served.add(shareOfLag(lags, 1, batch).indexOf(1));
  expect(served.size).toBe(100);
});
