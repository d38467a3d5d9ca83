import * as fs from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StreamingContext } from '../../src/dstream/streaming-context.ts';
import { silentLog } from '../../src/host/log.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { ManualClock, TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const { getActive, getActiveOrCreate, getOrCreate } = StreamingContext;

/** A context that counts all records so far, into `totals`. */
function counting(totals: MemorySink<number>, startMs = 0): StreamingContext {
  const context = new StreamingContext(1000, { clock: new ManualClock(startMs), log: silentLog });
  context
    .queueStream([['a'], ['b'], ['c']])
    .map((): [string, number] => ['all', 1])
    .updateStateByKey<string, number, number>((ones, sum = 0) => sum + ones.length)
    .map(([, sum]) => sum)
    .writeTo('totals', totals);
  onTestFinished(() => context.stop());
  return context;
}

describe('getOrCreate', () => {
  it('goes on from what the directory holds', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const totals = new MemorySink<number>();
    for (const startMs of [0, 1000]) {
      const clock = new ManualClock(startMs);
      const context = await getOrCreate(directory, () => counting(totals, startMs));
      await context.start();
      await context.stop({ graceful: true });
      expect(clock.now()).toBe(startMs);
    }
    expect(totals.records).toEqual([[1], [2]]);
  });

  it('waits for a function that takes its time, and takes the same directory said twice', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const made = counting(new MemorySink());
    made.checkpoint(directory);
    expect(await getOrCreate(directory, async () => made)).toBe(made);
  });

  it('refuses a function that chose another directory', async () => {
    const create = () => {
      const context = counting(new MemorySink());
      context.checkpoint('elsewhere');
      return context;
    };
    await expect(getOrCreate('here', create)).rejects.toThrow(
      'getOrCreate: expected the checkpoint here, got elsewhere from create()',
    );
  });
});

it('checkpoint(null) takes back the directory that was chosen', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const context = counting(new MemorySink());
  context.checkpoint(directory);
  context.checkpoint(null);
  await context.start();
  await context.stop({ graceful: true });
  expect(await fs.readdir(directory)).toEqual([]);
});

describe('getActive', () => {
  it('is the context that runs: the last one started, and none when all have ended', async () => {
    expect(getActive()).toBeUndefined();
    const [first, second] = [counting(new MemorySink()), counting(new MemorySink())];
    await first.start();
    await second.start();
    expect(getActive()).toBe(second);
    await second.stop();
    expect(getActive()).toBe(first);
    await first.stop();
    expect(getActive()).toBeUndefined();
  });

  it('is none that failed', async () => {
    const driver = new TestDriver();
    driver.context.queueStream([[1]]).foreachRDD(() => Promise.reject(new Error('no room')));
    await expect(driver.runBatches(1)).rejects.toThrow('no room');
    expect(getActive()).toBeUndefined();
  });
});

describe('getActiveOrCreate', () => {
  it('creates one where none is active, with a checkpoint if a directory is given', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const totals = new MemorySink<number>();
    const context = await getActiveOrCreate(directory, () => counting(totals));
    await context.start();
    const never = () => expect.fail('there is one already');
    expect(await getActiveOrCreate(directory, never)).toBe(context);
    expect(await getActiveOrCreate(undefined, never)).toBe(context);
    await context.stop();
    const other = counting(new MemorySink());
    expect(await getActiveOrCreate(undefined, () => other)).toBe(other);
  });
});
