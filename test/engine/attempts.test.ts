import { describe, expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import type { OffsetRange } from '../../src/batch/offset.ts';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { DataError, TransientError, UsageError } from '../../src/errors.ts';
import { silentLog } from '../../src/host/log.ts';
import { TestDriver, type TestDriverOptions } from '../../src/testing/index.ts';
import { WordCounter } from '../flows/word-count/word-counter.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Arrival, ScheduledSource } from './scheduled-source.ts';

const arrivals: readonly Arrival<string>[] = [
  [500, 'mill'],
  [1500, 'wheel'],
  [1600, 'mill'],
];

const offline = new TransientError('unreachable', 'the lookup is offline');

/** Counts words. Its output throws these errors, one a try, and then works. */
function counting(failures: readonly unknown[], options: TestDriverOptions) {
  const warnings: string[] = [];
  const driver = new TestDriver({ log: { ...silentLog, warn: (text) => warnings.push(text) }, ...options });
  const source = new ScheduledSource(arrivals);
  const words = driver.context.sourceStream<string>(source);
  const counter = new WordCounter();
  words
    .map((word): Pair<string, number> => [word, 1])
    .updateFromBatches('WordCounter', counter, (batch) => counter.add(batch.collect()));
  const keyed = words.map((word): Pair<string, number> => [word, 1]);
  const totals = keyed.updateStateByKey<string, number, number>((values, sum = 0) => sum + values.length);
  const outputs = driver.collect(totals);
  const writes: [number, readonly string[]][] = [];
  let next = 0;
  words.foreachRDD((rdd, time) => {
    writes.push([time, rdd.collect()]);
    if (time === 2000 && next < failures.length) throw failures[next++];
  });
  onTestFinished(() => driver.stop());
  return { driver, source, counter, outputs, writes, warnings };
}

/** Runs two batches; the second one is tried again after each of these delays. */
async function runTwoBatches(driver: TestDriver, delaysMs: readonly number[]): Promise<void> {
  await driver.runBatches(1);
  const done = driver.runBatches(1);
  for (const delay of delaysMs) {
    await driver.clock.sleeping();
    driver.clock.advance(delay - 1);
    driver.clock.advance(1);
  }
  await done;
}

describe('a batch that fails with a TransientError', () => {
  it('is undone and run again as it was planned, after delays that double', async () => {
    const options = { maxBatchAttempts: 3, retryDelay: '100 ms' };
    const { driver, source, counter, outputs, writes, warnings } = counting([offline, offline], options);
    const starts: number[] = [];
    driver.context.addStreamingListener({ onBatchStarted: () => void starts.push(driver.clock.now()) });
    await runTwoBatches(driver, [100, 200]);
    expect(starts).toEqual([1000, 2000, 2100, 2300]);
    const second = [2000, ['wheel', 'mill']];
    expect(writes).toEqual([[1000, ['mill']], second, second, second]);
    expect(source.calls.filter((call) => call !== 'commit 1')).toEqual([
      'open undefined',
      'plan 0 at 1000',
      'read 0 to 1',
      'plan 1 at 2000',
      ...Array(3).fill('read 1 to 3'),
      'commit 3',
    ]);
    expect([counter.total('mill'), counter.total('wheel')]).toEqual([2, 1]);
    expect(outputs.batches.map(({ id }) => id)).toEqual([0, 1]);
    expect(outputs.records[1]).toEqual([
      ['mill', 2],
      ['wheel', 1],
    ]);
    expect(driver.progress.map(({ attempts, processingTimeMs }) => [attempts, processingTimeMs])).toEqual([
      [1, 0],
      [3, 300],
    ]);
    // Of an output that was tried again, the time that went well.
    expect(driver.progress[1]!.outputs).toMatchObject([
      { name: 'collect-5', startTime: 2300 },
      { name: 'foreachRDD-6', startTime: 2300 },
    ]);
    const why = 'the lookup is offline [operator foreachRDD-6, batch 1]';
    expect(warnings).toEqual([
      `attempt 1 of 3 failed, the next one is in 100 ms: ${why}`,
      `attempt 2 of 3 failed, the next one is in 200 ms: ${why}`,
    ]);
  });

  it('commits what it would have committed without', async () => {
    const committed = [];
    for (const failures of [[], [offline]]) {
      const directory = await temporaryDirectory(onTestFinished);
      const { driver } = counting(failures, { maxBatchAttempts: 2, retryDelay: 1 });
      driver.context.checkpoint(directory);
      await runTwoBatches(driver, failures.length === 0 ? [] : [1]);
      await driver.stop();
      committed.push(await readCheckpoint(directory));
    }
    expect(committed[1]).toEqual(committed[0]);
  });

  it('ends the context with the last error when all attempts are used up, and stays planned', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const { driver, counter, writes } = counting([offline, offline], { maxBatchAttempts: 2 });
    driver.context.checkpoint(directory);
    await expect(runTwoBatches(driver, [1000])).rejects.toMatchObject({
      name: 'TransientError',
      context: { operator: 'foreachRDD-6', batch: 1 },
    });
    expect(writes).toHaveLength(3);
    expect([counter.total('mill'), counter.total('wheel')]).toEqual([1, 0]);
    expect(await readCheckpoint(directory)).toMatchObject({ committed: { batch: 0 }, pending: { batch: 1 } });
  });

  it('is tried once unless the program says otherwise', async () => {
    const { driver, writes } = counting([offline], {});
    await expect(runTwoBatches(driver, [])).rejects.toThrow('the lookup is offline');
    expect(writes).toHaveLength(2);
  });

  it('is not tried again when the context is stopped while it waits', async () => {
    const { driver, writes } = counting([offline], { maxBatchAttempts: 9 });
    await driver.runBatches(1);
    const failed = expect(driver.runBatches(1)).rejects.toThrow('the lookup is offline');
    await driver.clock.sleeping();
    await driver.stop();
    await failed;
    expect(writes).toHaveLength(2);
  });

  it('is tried again where the context is stopped gracefully meanwhile', async () => {
    const { driver, writes } = counting([offline], { maxBatchAttempts: 2 });
    await driver.runBatches(1);
    const second = driver.runBatches(1);
    await driver.clock.sleeping();
    const stopped = driver.context.stop({ graceful: true });
    driver.clock.advance(1000);
    await Promise.all([second, stopped]);
    expect(writes.map(([time]) => time)).toEqual([1000, 2000, 2000]);
  });

  it('is one that can not be planned, for then its source fails so', async () => {
    const { driver, source, outputs, warnings } = counting([], { maxBatchAttempts: 2, retryDelay: 1 });
    const { plan } = source;
    let plans = 0;
    source.plan = async (start, request) => {
      if (plans++ === 1) throw offline;
      return plan.call(source, start, request);
    };
    await runTwoBatches(driver, [1]);
    expect(outputs.records).toHaveLength(2);
    expect(plans).toBe(3);
    expect(warnings).toEqual([expect.stringContaining('the lookup is offline [source source, batch 1]')]);
  });

  it('is one whose source fails so', async () => {
    const { driver, source, outputs } = counting([], { maxBatchAttempts: 2, retryDelay: 1 });
    const { read } = source;
    let reads = 0;
    source.read = async (range: OffsetRange) => {
      if (reads++ === 1) throw offline;
      return read.call(source, range);
    };
    await runTwoBatches(driver, [1]);
    expect(outputs.records).toHaveLength(2);
  });
});

describe('a batch that fails with any other error', () => {
  it.each([
    ['DataError', new DataError('bad-record', 'not a word')],
    ['UsageError', new UsageError('bad-option', 'not a word')],
    ['UsageError', new Error('not a word')],
  ])('is not tried again: %s', async (name, error) => {
    const { driver, writes } = counting([error], { maxBatchAttempts: 5 });
    await expect(runTwoBatches(driver, [])).rejects.toMatchObject({ name, message: expect.stringContaining('a word') });
    expect(writes).toHaveLength(2);
  });
});

it.each([0, -1, 1.5, Number.NaN])('maxBatchAttempts of %d is refused', (maxBatchAttempts) => {
  expect(() => new TestDriver({ maxBatchAttempts })).toThrow(
    `maxBatchAttempts: expected a whole number of at least 1, got ${maxBatchAttempts}`,
  );
});
