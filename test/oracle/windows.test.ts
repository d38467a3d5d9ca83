import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { TestDriver } from '../../src/testing/index.ts';

type Reading = Pair<string, number>;

const BATCH_MS = 1000;

const programs = fc.record({
  batches: fc.array(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 }))), {
    maxLength: 12,
  }),
  window: fc.integer({ min: 1, max: 5 }),
  slide: fc.integer({ min: 1, max: 5 }),
});

/** Every window of the program, computed from all batches so far: a slow way that can't go wrong. */
function windowsOf({ batches, window, slide }: { batches: Reading[][]; window: number; slide: number }): Reading[][] {
  const ends = batches.map((_, i) => i + 1).filter((end) => end % slide === 0);
  return ends.map((end) => batches.slice(Math.max(0, end - window), end).flat());
}

function sumsOf(readings: readonly Reading[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, value] of readings) sums[key] = (sums[key] ?? 0) + value;
  return sums;
}

it('any window is what all batches so far say that it is', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async ({ batches, window, slide }) => {
      const driver = new TestDriver({ batchDurationMs: BATCH_MS });
      const readings = driver.context.queueStream<Reading>(batches);
      const size = [window * BATCH_MS, slide * BATCH_MS] as const;
      const add = (a: number, b: number) => a + b;
      const subtract = (a: number, b: number) => a - b;
      const filter = ([, sum]: Reading) => sum !== 0;
      const whole = driver.collect(readings.window(...size));
      const grouped = driver.collect(readings.groupByKeyAndWindow(...size));
      const counts = driver.collect(readings.countByWindow(...size));
      const anew = driver.collect(readings.reduceByKeyAndWindow(add, undefined, ...size));
      const slid = driver.collect(readings.reduceByKeyAndWindow(add, subtract, ...size, { filter }));
      const kept = driver.collect(readings.reduceByKeyAndWindow(add, subtract, ...size));
      await driver.runBatches(batches.length);
      await driver.stop();

      const windows = windowsOf({ batches, window, slide });
      const sums = windows.map(sumsOf);
      const soFar = windows.map((_, i) => windows.slice(0, i + 1).flat());
      expect(whole.records).toEqual(windows);
      expect(counts.records).toEqual(windows.map(({ length }, i) => (soFar[i]!.length === 0 ? [] : [length])));
      const sumsOfGroups = grouped.records.map((groups) => groups.map(([key, all]): Reading => [key, all.reduce(add)]));
      for (const records of [sumsOfGroups, anew.records, slid.records]) {
        expect(records.map((pairs) => Object.fromEntries(pairs))).toEqual(sums);
      }
      const everSeen = soFar.map((all) => Object.fromEntries(all.map(([key]) => [key, 0])));
      const withZeros = sums.map((each, i) => ({ ...everSeen[i], ...each }));
      expect(kept.records.map((pairs) => Object.fromEntries(pairs))).toEqual(withZeros);
    }),
  );
});
