import { describe, expect, it } from 'vitest';
import type { BatchProgress } from '../../src/engine/progress.ts';
import { TestDriver, type TestDriverOptions } from '../../src/testing/test-driver.ts';
import { ScheduledSource } from './scheduled-source.ts';

/** Resolves when so many batches have been committed, counted from now. */
function batchesOf({ context }: TestDriver, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    context.addStreamingListener({
      onBatchCompleted() {
        if (--left === 0) resolve();
      },
    });
  });
}

function driverOn(queue: readonly (readonly number[])[], options?: TestDriverOptions) {
  const driver = new TestDriver(options);
  return { driver, stream: driver.context.queueStream(queue) };
}

function columnOf<K extends keyof BatchProgress>(driver: TestDriver, key: K): BatchProgress[K][] {
  return driver.progress.map((progress) => progress[key]);
}

describe('batch times', () => {
  it.each([
    [0, 1000, [1000, 2000, 3000]],
    [999, 1000, [1000, 2000, 3000]],
    [1000, 1000, [2000, 3000, 4000]],
    [12_345, 700, [12_600, 13_300, 14_000]],
  ])('started at %i, every %i ms, are the next multiples', async (startMs, batchDurationMs, times) => {
    const { driver, stream } = driverOn([], { startMs, batchDurationMs });
    driver.collect(stream);
    await driver.runBatches(3);
    await driver.stop();
    expect(columnOf(driver, 'batchTime')).toEqual(times);
    expect(columnOf(driver, 'batchId')).toEqual([0, 1, 2]);
  });

  it('stay as they are when a batch is slow: those after it are late, one after the other, and catch up', async () => {
    const { driver, stream } = driverOn([[1], [2], [3], [4]]);
    const steps: string[] = [];
    stream.foreachRDD(async (rdd) => {
      steps.push(`${rdd.first()} begins`);
      if (rdd.first() === 1) driver.clock.advance(2500);
      for (let n = 0; n < 5; n++) await Promise.resolve();
      steps.push(`${rdd.first()} ends`);
    });
    await driver.context.start();
    const three = batchesOf(driver, 3);
    driver.clock.advance(1000);
    await three;
    const four = batchesOf(driver, 1);
    driver.clock.advance(500);
    await four;
    await driver.stop();

    expect(steps).toEqual([1, 2, 3, 4].flatMap((batch) => [`${batch} begins`, `${batch} ends`]));
    expect(columnOf(driver, 'batchTime')).toEqual([1000, 2000, 3000, 4000]);
    expect(columnOf(driver, 'schedulingDelayMs')).toEqual([0, 1500, 500, 0]);
    expect(columnOf(driver, 'processingTimeMs')).toEqual([2500, 0, 0, 0]);
    expect(columnOf(driver, 'totalDelayMs')).toEqual([2500, 1500, 500, 0]);
  });

  it('without data run empty batches', async () => {
    const driver = new TestDriver();
    const outputs = driver.collect(driver.context.sourceStream(new ScheduledSource([[2500, 'a']])));
    await driver.runBatches(4);
    await driver.stop();
    expect(outputs.records).toEqual([[], [], ['a'], []]);
    expect(columnOf(driver, 'batchId')).toEqual([0, 1, 2, 3]);
  });

  it('without data are skipped on request, and take no id', async () => {
    const driver = new TestDriver({ emptyBatches: 'skip' });
    const source = new ScheduledSource([[500, 'a'], [3500, 'b'], [3600, 'c']]); // biome-ignore format: one line
    const outputs = driver.collect(driver.context.sourceStream(source));
    await driver.runBatches(1);
    const second = batchesOf(driver, 1);
    driver.clock.advance(3000);
    await second;
    await driver.stop();
    expect(outputs.records).toEqual([['a'], ['b', 'c']]);
    expect(columnOf(driver, 'batchTime')).toEqual([1000, 4000]);
    expect(columnOf(driver, 'batchId')).toEqual([0, 1]);
    expect(source.calls.filter((call) => call.startsWith('plan'))).toEqual([
      'plan 0 at 1000',
      'plan 1 at 2000',
      'plan 1 at 3000',
      'plan 1 at 4000',
    ]);
  });
});

describe('progress', () => {
  it('has figures that agree with each other', async () => {
    const driver = new TestDriver({ batchDurationMs: 500, badRecords: 'skip' });
    const { clock, context } = driver;
    const numbers = context.queueStream([[1, 2, 3], [4], [], [5, 6]], { endsWhenEmpty: true });
    const letters = context.queueStream([['a'], ['b', 'c']], { id: 'letters' });
    const kept = numbers.map((n) => {
      clock.advance(20);
      if (n % 2 === 0) throw new Error('even');
      return n;
    });
    kept.foreachRDD(() => clock.advance(30));
    letters.foreachRDD(() => {});
    await context.start();
    const four = batchesOf(driver, 4);
    clock.advance(500);
    clock.advance(1500);
    await four;
    await driver.stop();

    expect(columnOf(driver, 'numRecords')).toEqual([4, 3, 0, 2]);
    expect(columnOf(driver, 'rejectedRecords')).toEqual([1, 1, 0, 1]);
    expect(driver.progress[1]!.sources).toEqual({
      queue: { start: 1, end: 2, numRecords: 1 },
      letters: { start: 1, end: 2, numRecords: 2 },
    });
    const totals = { batches: 0, records: 0, rejected: 0 };
    for (const each of driver.progress) {
      const { numRecords, processingTimeMs, phaseMs, rejectedRecords } = each;
      expect(phaseMs).toEqual({ plan: 0, log: 0, run: 20 * each.sources['queue']!.numRecords, write: 30, commit: 0 });
      expect(processingTimeMs).toBe(Object.values(phaseMs).reduce((sum, ms) => sum + ms));
      expect(each.totalDelayMs).toBe(each.schedulingDelayMs + processingTimeMs);
      expect(each.inputRowsPerSecond).toBe(numRecords / 0.5);
      expect(each.processedRowsPerSecond).toBe((numRecords * 1000) / processingTimeMs);
      totals.batches += 1;
      totals.records += numRecords;
      totals.rejected += rejectedRecords;
      expect(each.totals).toEqual(totals);
    }
  });
});
