import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const BATCHES = 1200;
const KEYS = 40;
/** Long, so that few batches fill a journal. */
const keys = Array.from({ length: KEYS }, (_, i) => `key-${i}-`.padEnd(60, '.'));

/** When a journal is made short, bytes; its states are far smaller. */
const LONGEST_JOURNAL = 4 * 1024 * 1024;

/** Counts each key for all time, and in a sliding window. */
function build(checkpoint: string, startMs: number) {
  const driver = new TestDriver({ startMs });
  driver.context.checkpoint(checkpoint);
  const batch = keys.map((key): Pair<string, number> => [key, 1]);
  const pairs = driver.context.queueStream(new Array<typeof batch>(BATCHES + 1).fill(batch));
  const totals = pairs.updateStateByKey((ones: readonly number[], total: number | undefined) => {
    return (total ?? 0) + ones.length;
  });
  const add = (a: number, b: number) => a + b;
  const subtract = (a: number, b: number) => a - b;
  return {
    driver,
    totals: driver.collect(totals),
    recent: driver.collect(pairs.reduceByKeyAndWindow(add, subtract, 3000)),
  };
}

async function sizeOfFilesIn(directory: string): Promise<number> {
  const sizes = (await fs.readdir(directory)).map(async (name) => (await fs.stat(path.join(directory, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

it('a long run leaves a checkpoint of bounded size, from which it goes on', async () => {
  const checkpoint = await temporaryDirectory(onTestFinished);
  const first = build(checkpoint, 0);
  await first.driver.runBatches(1);
  const bytesABatch = await sizeOfFilesIn(checkpoint);
  for (let n = 1; n < BATCHES; n++) {
    await first.driver.runBatches(1);
    if (n % 50 === 0) expect(await sizeOfFilesIn(checkpoint)).toBeLessThan(LONGEST_JOURNAL + 2 * bytesABatch);
  }
  await first.driver.stop();
  // Not bounded for want of batches: the journal was made short at least once.
  expect(await fs.readdir(checkpoint)).not.toContain('journal-00000001.log');

  const again = build(checkpoint, 1000 * BATCHES);
  await again.driver.runBatches(1);
  await again.driver.stop();
  expect(again.totals.records).toEqual([keys.map((key) => [key, BATCHES + 1])]);
  expect(again.recent.records).toEqual([keys.map((key) => [key, 3])]);
});
