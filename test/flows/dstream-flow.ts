import type { DStream } from '../../src/dstream/dstream.ts';
import type { StreamingContext } from '../../src/dstream/streaming-context.ts';
import type { StreamingContextOptions } from '../../src/dstream/streaming-context-options.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { BATCH_DURATION_MS, type Flow, type Place, type Running } from './flow.ts';

/** A flow whose program is built from DStreams. */
export interface DStreamFlow<T> extends Omit<Flow<T>, 'start'> {
  /** Builds the program on the stream of its records. It writes with `saveAsTextFiles(output)`. */
  program(records: DStream<T>, output: string): void;

  /** How the records get into the program, made anew for every start. Default: a queue. */
  readonly feed?: (batches: readonly (readonly T[])[]) => Feed<T>;
}

interface Feed<T> {
  /** What the context needs for it. */
  readonly options?: StreamingContextOptions;
  stream(context: StreamingContext): DStream<T>;
  /** Resolves when the started program has received all it will. */
  received?(): Promise<void>;
}

export function asFlow<T>(flow: DStreamFlow<T>): Flow<T> {
  return { ...flow, start: (place) => start(flow, place) };
}

async function start<T>(flow: DStreamFlow<T>, place: Place<T>): Promise<Running> {
  const { batches, checkpoint, output, startMs } = place;
  const feed: Feed<T> = flow.feed?.(batches) ?? { stream: (context): DStream<T> => context.queueStream(batches) };
  const driver = new TestDriver({ batchDurationMs: BATCH_DURATION_MS, startMs, ...feed.options });
  driver.context.checkpoint(checkpoint);
  const logged = feed.stream(driver.context).transform(async (rdd) => {
    await place.at('logged');
    return rdd;
  });
  logged.foreachRDD(() => place.at('run')); // the first write: all is computed, nothing is written
  flow.program(logged, output);
  logged.foreachRDD(() => place.at('written'));
  await driver.context.start();
  await feed.received?.();
  return driver;
}
