import { expect, it, onTestFinished } from 'vitest';
import type { StreamingContext } from '../../src/index.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const BATCHES = [['a'], ['b'], ['c'], ['d'], ['e']];

function build(context: StreamingContext, directory: string): void {
  context.checkpoint(directory);
  context
    .queueStream(BATCHES)
    .map((word): [string, number] => [word, 1])
    .updateStateByKey((ones, count: number = 0) => count + ones.length)
    .foreachRDD(() => {});
}

it('a clock that jumps back moves no batch time back: the next batch comes when its time comes', async () => {
  const driver = new TestDriver({ startMs: 10_000 });
  build(driver.context, await temporaryDirectory(onTestFinished));
  await driver.runBatches(3);
  driver.clock.advance(-5_000);
  driver.clock.advance(5_000); // by all the times that have been
  await driver.runBatches(2);
  await driver.stop();
  expect(driver.progress.map(({ batchId, batchTime }) => [batchId, batchTime])).toEqual([
    [0, 11_000],
    [1, 12_000],
    [2, 13_000],
    [3, 14_000],
    [4, 15_000],
  ]);
});

it('a batch during which the clock jumps back has no negative delay', async () => {
  const driver = new TestDriver({ startMs: 10_000 });
  driver.context.queueStream(BATCHES).foreachRDD(() => driver.clock.advance(-5_000));
  await driver.runBatches(1);
  await driver.stop();
  const { schedulingDelayMs, processingTimeMs, totalDelayMs } = driver.progress[0]!;
  expect([schedulingDelayMs, processingTimeMs, totalDelayMs].every((delayMs) => delayMs >= 0)).toBe(true);
});

it('a restart at an earlier time than that of the last batch goes on after that batch', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const before = new TestDriver({ startMs: 10_000 });
  build(before.context, directory);
  await before.runBatches(3);
  await before.stop();

  const driver = new TestDriver({ startMs: 2_000 });
  build(driver.context, directory);
  await driver.start();
  driver.clock.advance(11_000);
  await driver.runBatches(2);
  await driver.stop();
  expect(driver.progress.map(({ batchId, batchTime }) => [batchId, batchTime])).toEqual([
    [3, 14_000],
    [4, 15_000],
  ]);
  expect(driver.progress.at(-1)!.totals.records).toBe(5);
});
