import type { Batch } from '../batch/batch.ts';
import type { OffsetRange } from '../batch/offset.ts';

/** A micro-batch's output, with what tells it from every other. */
export interface SinkBatch<T> {
  /** Counts up from 0. After a crash the same id comes again with the same records. */
  readonly id: number;
  /** Batch time, milliseconds since 1970. */
  readonly time: number;
  readonly batch: Batch<T>;
  /** What the batch has read of each source, by its id, for a sink that keeps it together with the output. */
  readonly ranges?: Readonly<Record<string, OffsetRange>>;
}

/**
 * Where records go. A sink that drops, or replaces, a batch id that it already has makes the output exactly-once; any
 * other is at-least-once: after a crash between write and commit the batch is written again.
 */
export interface Sink<T = unknown> {
  /** Returns when the batch is written as safely as the sink can. */
  write(batch: SinkBatch<T>): Promise<void>;

  /** The stream is to end: from now on what fails is not tried again by the sink itself. May be called at any time. */
  retryNoMore?(): void;

  /** Harmless when called twice. */
  close(): Promise<void>;
}
