import type { Sink, SinkBatch } from '../contracts/sink.ts';

/** Keeps every batch in memory, each batch id once. For tests, and for programs that look at results as they run. */
export class MemorySink<T = unknown> implements Sink {
  readonly #batches = new Map<number, SinkBatch<T>>();

  async write(batch: SinkBatch<unknown>): Promise<void> {
    this.#batches.set(batch.id, batch as SinkBatch<T>);
  }

  /** The batches in the order of their ids. */
  get batches(): readonly SinkBatch<T>[] {
    return [...this.#batches.values()].sort((a, b) => a.id - b.id);
  }

  /** The records of each batch. */
  get records(): readonly (readonly T[])[] {
    return this.batches.map(({ batch }) => batch.collect());
  }

  async close(): Promise<void> {}
}
