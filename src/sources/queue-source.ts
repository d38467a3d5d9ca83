import { Batch } from '../batch/batch.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { Source } from '../contracts/source.ts';

/** One batch's worth of records: an array (one partition) or a batch with its partitions. */
export type QueueEntry<T> = readonly T[] | Batch<T>;

export interface QueueOptions<T> {
  /** Whether a batch takes one entry, or all that are there. Default true. */
  readonly oneAtATime?: boolean;
  /** What a batch gets when the queue has nothing for it. Default: no records. */
  readonly defaultRDD?: QueueEntry<T>;
  /** Whether the stream ends with the queue, so that the context stops by itself. Default false. */
  readonly endsWhenEmpty?: boolean;
}

/**
 * Batches from an array that the program holds, and may push to while the context runs. The offset is the number of entries
 * taken: a program that after a restart makes the same queue again goes on where it stopped. Entries are taken whole, so a
 * rate limit doesn't cut them.
 */
export class QueueSource<T> implements Source<T> {
  readonly replayable = true;
  readonly #queue: readonly QueueEntry<T>[];
  readonly #oneAtATime: boolean;
  readonly #defaultRDD: QueueEntry<T>;
  readonly #endsWhenEmpty: boolean;

  constructor(queue: readonly QueueEntry<T>[], options: QueueOptions<T> = {}) {
    this.#queue = queue;
    this.#oneAtATime = options.oneAtATime ?? true;
    this.#defaultRDD = options.defaultRDD ?? Batch.empty();
    this.#endsWhenEmpty = options.endsWhenEmpty ?? false;
  }

  async open(from: Offset | undefined): Promise<Offset> {
    return from ?? 0;
  }

  async plan(start: Offset): Promise<Offset> {
    const taken = start as number;
    const there = Math.max(this.#queue.length, taken);
    return this.#oneAtATime ? Math.min(taken + 1, there) : there;
  }

  async read({ start, end }: OffsetRange): Promise<Batch<T>> {
    const entries = this.#queue.slice(start as number, end as number);
    if (entries.length === 0) entries.push(this.#defaultRDD);
    return new Batch(entries.flatMap((entry) => (entry instanceof Batch ? entry.partitions : [entry])));
  }

  async commit(): Promise<void> {}

  endedAt(offset: Offset): boolean {
    return this.#endsWhenEmpty && (offset as number) >= this.#queue.length;
  }

  async close(): Promise<void> {}
}
