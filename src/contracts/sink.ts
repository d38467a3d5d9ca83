import type { Batch } from '../batch/batch.ts';
import type { Offset } from '../batch/offset.ts';

/** A micro-batch's output, with what tells it from every other. */
export interface SinkBatch<T> {
  /** Counts up from 0. After a crash the same id comes again with the same records. */
  readonly id: number;
  /** Batch time, milliseconds since 1970. */
  readonly time: number;
  readonly batch: Batch<T>;
  /** Where each source stands after the batch, by its id: what the output covers, for a sink that keeps it together with it. */
  readonly offsets?: Readonly<Record<string, Offset>>;
}

/**
 * Where records go. A sink that drops, or replaces, a batch id that it already has makes the output exactly-once; any
 * other is at-least-once: after a crash between write and commit the batch is written again.
 */
export interface Sink<T = unknown> {
  /** Returns when the batch is written as safely as the sink can. */
  write(batch: SinkBatch<T>): Promise<void>;

  /** Harmless when called twice. */
  close(): Promise<void>;
}
