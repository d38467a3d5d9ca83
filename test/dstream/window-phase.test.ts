import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A window of two seconds every two; `onWrite` sees each batch before it is committed. */
function windowedProgram(checkpoint: string, startMs: number, queue: number[][], onWrite: () => Promise<void>) {
  const driver = new TestDriver({ startMs, emptyBatches: 'skip' });
  const stream = driver.context.queueStream(queue);
  const windows: [time: number, records: readonly number[]][] = [];
  stream.foreachRDD(onWrite);
  stream.window(2000, 2000).foreachRDD((rdd, time) => void windows.push([time, rdd.collect()]));
  driver.context.checkpoint(checkpoint);
  return { driver, windows };
}

it('a crash within the very first batch does not shift windows, also where earlier batches were skipped', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const crashed = path.join(directory, 'crashed');
  const queue: number[][] = [];
  const copyAsACrashWould = () => fs.cp(path.join(directory, 'whole'), crashed, { recursive: true, force: false });
  const whole = windowedProgram(path.join(directory, 'whole'), 0, queue, copyAsACrashWould);
  await whole.driver.start();
  whole.driver.clock.advance(1000); // nothing is there, and nothing runs
  await whole.driver.clock.sleeping();
  queue.push([1], [2], [3]);
  await whole.driver.runBatches(3);
  await whole.driver.stop();
  expect(whole.windows).toEqual([
    [2000, [1]],
    [4000, [2, 3]],
  ]);

  const resumed = windowedProgram(crashed, 2000, queue, async () => {});
  await resumed.driver.runBatches(2);
  await resumed.driver.stop();
  expect(resumed.windows).toEqual(whole.windows);
});
