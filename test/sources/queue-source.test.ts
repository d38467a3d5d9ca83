import { expect, test } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import type { QueueEntry, QueueOptions } from '../../src/sources/queue-source.ts';
import { TestDriver } from '../../src/testing/index.ts';

/** The partitions of so many batches. */
async function batchesOf(queue: QueueEntry<number>[], options: QueueOptions<number>, count: number) {
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.queueStream(queue, options));
  await driver.runBatches(count);
  await driver.stop();
  return outputs.batches.map(({ batch }) => batch.partitions);
}

/** Spark's InputStreamsSuite, "queue input stream - oneAtATime = true" and "= false". */
test('one entry a batch', async () => {
  expect(await batchesOf([[1, 2], [], [3]], {}, 4)).toEqual([[[1, 2]], [[]], [[3]], []]);
});

test('all that are there, one partition each', async () => {
  expect(await batchesOf([[1, 2], [], [3]], { oneAtATime: false }, 2)).toEqual([[[1, 2], [], [3]], []]);
});

test('an entry may be a batch with its partitions', async () => {
  expect(await batchesOf([new Batch([[1], [2]]), [3]], { oneAtATime: false }, 1)).toEqual([[[1], [2], [3]]]);
});

test('an empty queue gives the default', async () => {
  const defaultRDD = new Batch([[7], [8]]);
  expect(await batchesOf([[1]], { defaultRDD }, 3)).toEqual([[[1]], [[7], [8]], [[7], [8]]]);
  expect(await batchesOf([], { defaultRDD: [7], oneAtATime: false }, 1)).toEqual([[[7]]]);
});

test('what is pushed while the context runs is seen', async () => {
  const driver = new TestDriver();
  const queue = [[1]];
  const outputs = driver.collect(driver.context.queueStream(queue));
  await driver.runBatches(2);
  queue.push([2], [3]);
  await driver.runBatches(2);
  await driver.stop();
  expect(outputs.records).toEqual([[1], [], [2], [3]]);
});

test('a queue that ends when it is empty stops the context', async () => {
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.queueStream([[1], [2]], { endsWhenEmpty: true }));
  await driver.runBatches(2);
  await driver.context.awaitTermination();
  expect(outputs.records).toEqual([[1], [2]]);
});
