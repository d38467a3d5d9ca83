import { describe, expect, test } from 'vitest';
import { RateSource, type RateStreamOptions } from '../../src/sources/rate-source.ts';
import { ManualClock, TestDriver } from '../../src/testing/index.ts';

const CREATED = 10_250;

/** Row counts of batches that end so many seconds after the stream was made. */
async function countsUntil(seconds: readonly number[], options: RateStreamOptions, maxRecords = Infinity) {
  const source = new RateSource(new ManualClock(CREATED), options);
  const counts: number[] = [];
  let start = await source.open(undefined);
  for (const each of seconds) {
    const end = await source.plan(start, { batchTime: CREATED + each * 1000, maxRecords });
    counts.push((await source.read({ start, end })).count());
    start = end;
  }
  return counts;
}

describe('how many rows a second', () => {
  test('rises by the same step until the ramp is over: speeds 0 2 4 6 8 10 10', async () => {
    // The example in the reference: the end values are 0 2 6 12 20 30 40.
    const options = { rowsPerSecond: 10, rampUpTime: '4 seconds' };
    expect(await countsUntil([0, 1, 2, 3, 4, 5, 6], options)).toEqual([0, 2, 4, 6, 8, 10, 10]);
    expect(await countsUntil([3, 6], options)).toEqual([12, 28]);
  });

  test('is one, and at once, unless told otherwise', async () => {
    expect(await countsUntil([1, 2, 5], {})).toEqual([1, 1, 3]);
    expect(await countsUntil([1, 2], { rowsPerSecond: 7, rampUpTime: 0 })).toEqual([7, 7]);
    expect(await countsUntil([1, 2], { rowsPerSecond: 7, rampUpTime: '900 ms' })).toEqual([7, 7]);
  });

  test('is by steps of whole rows, so none where the ramp is longer than there are rows', async () => {
    expect(await countsUntil([1, 2, 3, 4], { rowsPerSecond: 2, rampUpTime: '3 seconds' })).toEqual([0, 0, 0, 2]);
  });

  test('counts whole seconds, and none twice where the clock goes back', async () => {
    expect(await countsUntil([0.999, 1, 1.5, 0.2, 2], { rowsPerSecond: 5 })).toEqual([0, 5, 0, 0, 5]);
  });

  test('is held to what a batch asks for, in whole seconds and at least one', async () => {
    expect(await countsUntil([10, 10, 10], { rowsPerSecond: 4 }, 11)).toEqual([8, 8, 8]);
    expect(await countsUntil([10, 10, 10], { rowsPerSecond: 4 }, 1)).toEqual([4, 4, 4]);
  });
});

describe('rows', () => {
  test('count up and are spread evenly over the time of the batch', async () => {
    const driver = new TestDriver({ startMs: 5000 });
    const outputs = driver.collect(driver.context.rateStream({ rowsPerSecond: 3 }));
    await driver.runBatches(2);
    await driver.stop();
    expect(outputs.records).toEqual([
      [5000, 5333, 5667].map((timestamp, value) => ({ timestamp, value })),
      [6000, 6333, 6667].map((timestamp, value) => ({ timestamp, value: 3 + value })),
    ]);
  });

  test('go round the partitions', async () => {
    const source = new RateSource(new ManualClock(), { rowsPerSecond: 5, numPartitions: 3 });
    const range = { start: { creationTime: 0, seconds: 1 }, end: { creationTime: 0, seconds: 2 } };
    const { partitions } = await source.read(range);
    expect(partitions.map((rows) => rows.map(({ value }) => value))).toEqual([[5, 8], [6, 9], [7]]);
    expect(partitions.flat().map(({ timestamp }) => timestamp)).toEqual([1000, 1600, 1200, 1800, 1400]);
  });

  test('keep the time of the making through a restart', async () => {
    const first = new RateSource(new ManualClock(CREATED));
    const unlimited = { batchTime: CREATED + 2000, maxRecords: Infinity };
    const end = await first.plan(await first.open(undefined), unlimited);
    const restarted = new RateSource(new ManualClock(999_999));
    const start = await restarted.open(end);
    const next = await restarted.plan(start, { ...unlimited, batchTime: CREATED + 3000 });
    expect((await restarted.read({ start, end: next })).collect()).toEqual([{ timestamp: CREATED + 2000, value: 2 }]);
  });
});

test.each<[RateStreamOptions, string]>([
  [{ rowsPerSecond: 0 }, "Invalid value '0'. The option 'rowsPerSecond' must be positive"],
  [{ rowsPerSecond: -3 }, "Invalid value '-3'. The option 'rowsPerSecond' must be positive"],
  [{ numPartitions: 0 }, "Invalid value '0'. The option 'numPartitions' must be positive"],
  [{ rampUpTime: 'soon' }, 'rampUpTime: expected a duration'],
])('%j is refused', (options, message) => {
  expect(() => new TestDriver().context.rateStream(options)).toThrow(message);
});
