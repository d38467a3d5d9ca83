import type { DStream } from '../dstream/dstream.ts';
import { StreamingContext } from '../dstream/streaming-context.ts';
import type { StreamingContextOptions } from '../dstream/streaming-context-options.ts';
import type { BatchProgress } from '../engine/progress.ts';
import { silentLog } from '../host/log.ts';
import { MemorySink } from '../sinks/memory-sink.ts';
import { ManualClock } from './manual-clock.ts';

export interface TestDriverOptions extends Omit<StreamingContextOptions, 'clock'> {
  /** Default 1000 ms. */
  readonly batchDurationMs?: number;
  /** Time on the clock before the first batch. Default 0, so that the first batch time is one batch duration. */
  readonly startMs?: number;
}

/**
 * Runs a streaming program batch by batch on a clock that stands still in between.
 *
 *     const driver = new TestDriver();
 *     const counts = driver.collect(driver.context.queueStream([['a'], ['b', 'c']]).count());
 *     await driver.runBatches(2);
 *     counts.records; // [[1], [2]]
 */
export class TestDriver {
  readonly clock: ManualClock;
  readonly context: StreamingContext;
  /** The progress events so far. */
  readonly progress: BatchProgress[] = [];
  #completed: (() => void) | undefined;

  constructor({ batchDurationMs = 1000, startMs = 0, ...options }: TestDriverOptions = {}) {
    this.clock = new ManualClock(startMs);
    this.context = new StreamingContext(batchDurationMs, { log: silentLog, ...options, clock: this.clock });
    this.context.addStreamingListener({
      onBatchCompleted: (progress) => {
        this.progress.push(progress);
        this.#completed?.();
      },
    });
  }

  /** Keeps what the stream gives, batch by batch. */
  collect<T>(stream: DStream<T>): MemorySink<T> {
    const sink = new MemorySink<T>();
    stream.writeTo('collect', sink);
    return sink;
  }

  /** Starts the context, and runs the batches whose time is past: the one that was under way, and those of a downtime. */
  async start(): Promise<void> {
    await this.context.start();
    await Promise.race([this.clock.sleeping(), this.context.awaitTermination()]);
  }

  /** Starts the context if need be, and runs so many batches. Rejects with the error of a batch that fails. */
  async runBatches(count: number): Promise<void> {
    if (this.context.getState() === 'INITIALIZED') await this.start();
    for (let n = 0; n < count; n++) {
      const completed = new Promise<void>((resolve) => {
        this.#completed = resolve;
      });
      this.clock.advance(this.context.batchDurationMs);
      await Promise.race([completed, this.context.awaitTermination()]);
    }
  }

  async stop(): Promise<void> {
    await this.context.stop();
  }
}
