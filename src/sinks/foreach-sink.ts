import type { Sink, SinkBatch } from '../contracts/sink.ts';

/** Hands every batch to a function. At-least-once: after a crash the function may see the last batch again. */
export class ForeachSink implements Sink {
  readonly #write: (batch: SinkBatch<unknown>) => void | Promise<void>;

  constructor(write: (batch: SinkBatch<unknown>) => void | Promise<void>) {
    this.#write = write;
  }

  async write(batch: SinkBatch<unknown>): Promise<void> {
    await this.#write(batch);
  }

  async close(): Promise<void> {}
}
