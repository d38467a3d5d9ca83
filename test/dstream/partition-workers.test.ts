import { threadId } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import type { PartitionWorkersOptions } from '../../src/dstream/partition-workers.ts';
import { TestDriver } from '../../src/testing/index.ts';

interface Sum {
  readonly index: number;
  readonly sum: number;
  readonly threadId: number;
}

const SUMS = new URL('workers/sums.mjs', import.meta.url);

/** Runs batches of partitions through a module. */
function program(batches: readonly Batch<unknown>[], options: PartitionWorkersOptions = {}, module = SUMS) {
  const driver = new TestDriver();
  const sums = driver.context.queueStream(batches).mapPartitionsInWorkers<Sum>(module, options).id('sums');
  onTestFinished(() => driver.stop());
  return { driver, outputs: driver.collect(sums) };
}

describe('mapPartitionsInWorkers', () => {
  it('gives what the module makes of each partition, in its place, from other threads than this', async () => {
    const { driver, outputs } = program([new Batch([[1, 2], [], [3]]), new Batch<number>([])]);
    await driver.runBatches(2);
    const [first, second] = outputs.batches.map(({ batch }) => batch.partitions as readonly (readonly Sum[])[]);
    expect(first).toMatchObject([[{ index: 0, sum: 3 }], [{ index: 1, sum: 0 }], [{ index: 2, sum: 3 }]]);
    expect(first!.flat().map((each) => each.threadId)).not.toContain(threadId);
    expect(second).toEqual([]);
  });

  it('has no more threads than it was given, batch after batch', async () => {
    const batch = new Batch(Array.from({ length: 8 }, (_, i) => [i]));
    for (const workers of [1, 3]) {
      const { driver, outputs } = program([batch, batch], { workers });
      await driver.runBatches(2);
      const sums = (outputs.records as readonly (readonly Sum[])[]).flat();
      expect(sums.map(({ sum }) => sum)).toEqual([...batch.collect(), ...batch.collect()]);
      expect(new Set(sums.map((each) => each.threadId)).size).toBe(workers);
    }
  });

  it('names operator, batch and partition of what the module throws', async () => {
    const { driver } = program([new Batch([[1]]), new Batch<unknown>([[1], ['bad'], ['bad']])]);
    await driver.runBatches(1);
    await expect(driver.runBatches(1)).rejects.toMatchObject({
      name: 'UsageError',
      message: 'no number [operator sums, batch 1, partition 1]',
      context: { operator: 'sums', batch: 1, partition: 1 },
      cause: expect.any(RangeError),
    });
  });

  it('names them, too, for a thread that ends, a module that is not there, one without a function, and what is no plain data', async () => {
    const cases: readonly [unknown, URL, RegExp][] = [
      ['exit', SUMS, /^its thread ended with code 3 \[operator sums, batch 0, partition 0\]$/],
      [1, new URL('workers/none.mjs', import.meta.url), /^Cannot find module .*none\.mjs.* partition 0\]$/],
      [
        1,
        new URL('workers/no-function.mjs', import.meta.url),
        /^expected a function as its default export, got number \[/,
      ],
      [() => 1, SUMS, /could not be cloned\. \[operator sums, batch 0, partition 0\]$/],
    ];
    for (const [record, module, message] of cases) {
      const { driver } = program([new Batch([[record]])], {}, module);
      await expect(driver.runBatches(1)).rejects.toThrow(message);
    }
  });

  it('refuses less than one worker', () => {
    expect(() => program([], { workers: 0 })).toThrow('workers: expected a whole number of at least 1, got 0');
  });
});
