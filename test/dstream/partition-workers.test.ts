import { threadId } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import type { PartitionWorkersOptions } from '../../src/dstream/partition-workers.ts';
import { MillraceError } from '../../src/errors.ts';
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

  it.each<[string, object]>([
    ['data', { name: 'DataError', code: 'bad-record', message: /^no price \[/, context: { column: 'price' } }],
    ['transient', { name: 'TransientError', code: 'unreachable', message: /^asleep \[/ }],
    ['refused', { name: 'TransientError', message: /^fetch failed \[/, cause: { name: 'TypeError' } }],
    ['late', { name: 'TransientError', message: /^too slow \[/, cause: { name: 'TimeoutError' } }],
    ['own', { name: 'UsageError', message: /^tray 2 \[/, cause: { name: 'OutOfPaper', message: 'tray 2' } }],
    ['text', { name: 'UsageError', message: /^just text \[/ }],
  ])('keeps the kind of error that the module throws: %s', async (kind, expected) => {
    const { driver } = program([new Batch([[kind]])], {}, new URL('workers/errors.mjs', import.meta.url));
    const error = await driver.runBatches(1).catch((thrown: unknown) => thrown);
    const { message, context = {}, ...rest } = expected as { message: RegExp; context?: object };
    expect(error).toMatchObject(rest);
    expect(error).toMatchObject({ context: { ...context, operator: 'sums', batch: 0, partition: 0 } });
    expect((error as Error).message).toMatch(message);
    expect(error).toBeInstanceOf(MillraceError);
  });

  it('so a batch is tried again where the module met a TransientError, and no other error', async () => {
    for (const [kind, attempts] of [
      ['transient', 2],
      ['data', 1],
    ] as const) {
      const tried: string[] = [];
      const log = { info: () => {}, warn: (message: string) => void tried.push(message) };
      const driver = new TestDriver({ maxBatchAttempts: 2, retryDelay: 1, log });
      onTestFinished(() => driver.stop());
      const module = new URL('workers/errors.mjs', import.meta.url);
      driver.collect(driver.context.queueStream([[kind]]).mapPartitionsInWorkers(module));
      const failed = expect(driver.runBatches(1)).rejects.toMatchObject({ context: { batch: 0, partition: 0 } });
      if (attempts === 2) {
        await driver.clock.sleeping();
        while (tried.length === 0) await new Promise(setImmediate);
        await driver.clock.sleeping();
        driver.clock.advance(1);
      }
      await failed;
      expect(tried).toHaveLength(attempts - 1);
    }
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
