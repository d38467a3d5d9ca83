import type { DStream } from '../../src/dstream/dstream.ts';
import type { QueueEntry } from '../../src/sources/queue-source.ts';
import { TestDriver, type TestDriverOptions } from '../../src/testing/index.ts';

/** What a program makes of these batches, batch by batch. */
export async function outputsOf<T, U>(
  inputs: readonly QueueEntry<T>[],
  program: (stream: DStream<T>) => DStream<U>,
  options: TestDriverOptions = {},
): Promise<readonly (readonly U[])[]> {
  const driver = new TestDriver(options);
  const outputs = driver.collect(program(driver.context.queueStream(inputs)));
  await driver.runBatches(inputs.length);
  await driver.stop();
  return outputs.records;
}

/** What a program makes of two streams, batch by batch. */
export async function outputsOfBoth<T, U, V>(
  lefts: readonly QueueEntry<T>[],
  rights: readonly QueueEntry<U>[],
  program: (left: DStream<T>, right: DStream<U>) => DStream<V>,
): Promise<readonly (readonly V[])[]> {
  const driver = new TestDriver();
  const { context } = driver;
  const outputs = driver.collect(program(context.queueStream(lefts), context.queueStream(rights)));
  await driver.runBatches(Math.max(lefts.length, rights.length));
  await driver.stop();
  return outputs.records;
}

/** The whole numbers from `first` to `last`: Scala's `first to last`. */
export function to(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
