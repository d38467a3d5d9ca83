import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkedLimits, type RecordLimits, withinLimits } from '../../src/sources/record-limits.ts';

test('a batch takes anything, and everything, unless told otherwise', () => {
  const limits = checkedLimits('source', {});
  expect([0, 1, 1_000_000].map((waiting) => withinLimits(waiting, false, Infinity, limits))).toEqual([0, 1, 1_000_000]);
});

test('a batch takes nothing below the least, unless the stream has ended', () => {
  const limits = checkedLimits('source', { minRecordsPerBatch: 3 });
  expect([2, 3, 4].map((waiting) => withinLimits(waiting, false, Infinity, limits))).toEqual([0, 3, 4]);
  expect([0, 2, 3].map((waiting) => withinLimits(waiting, true, Infinity, limits))).toEqual([0, 2, 3]);
});

test('a batch takes no more than it asks for, also where the least is more', () => {
  const limits = checkedLimits('source', { minRecordsPerBatch: 3, maxRecordsPerBatch: 5 });
  expect([1, 2, 3, 4, 5, 6].map((asked) => withinLimits(10, false, asked, limits))).toEqual([1, 2, 3, 4, 5, 5]);
  expect(withinLimits(2, false, 1, limits)).toBe(0);
});

test('all records are taken once the stream has ended, in batches of at most the most', () => {
  const limits = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }))
    .map(([min, more]) => checkedLimits('source', { minRecordsPerBatch: min, maxRecordsPerBatch: min + more }));
  fc.assert(
    fc.property(limits, fc.nat(200), (each, records) => {
      let batches = 0;
      for (let waiting = records; waiting > 0; batches++) {
        const taken = withinLimits(waiting, true, Infinity, each);
        expect(taken).toBeGreaterThan(0);
        expect(taken).toBeLessThanOrEqual(each.maxRecordsPerBatch);
        waiting -= taken;
      }
      expect(batches).toBe(Math.ceil(records / each.maxRecordsPerBatch));
    }),
  );
});

test.each<RecordLimits>([
  { minRecordsPerBatch: 0 },
  { minRecordsPerBatch: 1.5 },
  { minRecordsPerBatch: Infinity },
  { maxRecordsPerBatch: 0 },
  { maxRecordsPerBatch: 2.5 },
  { maxRecordsPerBatch: Number.NaN },
  { minRecordsPerBatch: 3, maxRecordsPerBatch: 2 },
])('%j is refused, naming the source', (limits) => {
  expect(() => checkedLimits('here', limits)).toThrow(/^here: expected whole numbers, 1 ≤ minRecordsPerBatch ≤/);
});
