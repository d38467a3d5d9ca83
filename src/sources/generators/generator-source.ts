import { Batch } from '../../batch/batch.ts';
import type { Offset, OffsetRange } from '../../batch/offset.ts';
import type { PlanRequest, Source } from '../../contracts/source.ts';
import { UsageError } from '../../errors.ts';
import { checkedLimits, type RecordLimits, withinLimits } from '../record-limits.ts';

export interface GeneratorSourceOptions extends RecordLimits {
  /** At most so many rows a batch: all of them are always there, so a limit must be. Default 1000. */
  readonly maxRecordsPerBatch?: number;
  /** Rows after which the stream ends. Default: never. */
  readonly rows?: number;
}

/**
 * Rows of anything that gives the same ones each time it is iterated, such as `generators.sea({ seed: 1 })`. The offset is
 * the number of rows taken; after a restart the rows before it are drawn again and dropped.
 */
export class GeneratorSource<T> implements Source<T> {
  readonly replayable = true;
  readonly #stream: Iterable<T>;
  readonly #limits: Required<RecordLimits>;
  readonly #rows: number;
  #iterator: Iterator<T> | undefined;
  #position = 0;

  constructor(stream: Iterable<T>, options: GeneratorSourceOptions = {}) {
    const { rows = Number.POSITIVE_INFINITY } = options;
    if (rows !== Number.POSITIVE_INFINITY && !(Number.isInteger(rows) && rows >= 0)) {
      throw new UsageError('bad-option', `generator: expected rows to be a whole number of at least 0, got ${rows}`);
    }
    this.#stream = stream;
    this.#rows = rows;
    this.#limits = checkedLimits('generator', { maxRecordsPerBatch: 1000, ...options });
  }

  async open(from: Offset | undefined): Promise<Offset> {
    return from ?? 0;
  }

  async plan(start: Offset, { maxRecords }: PlanRequest): Promise<Offset> {
    const taken = start as number;
    return taken + withinLimits(Math.max(0, this.#rows - taken), true, maxRecords, this.#limits);
  }

  async read({ start, end }: OffsetRange): Promise<Batch<T>> {
    const rows: T[] = [];
    const iterator = this.#at(start as number);
    for (; this.#position < (end as number); this.#position++) {
      const { done, value } = iterator.next();
      if (done) throw new UsageError('too-few-records', `generator: expected endless rows, got ${this.#position}`);
      rows.push(value);
    }
    return Batch.of(rows);
  }

  async commit(): Promise<void> {}

  endedAt(offset: Offset): boolean {
    return (offset as number) >= this.#rows;
  }

  async close(): Promise<void> {
    this.#iterator = undefined;
  }

  /** The stream from this row on. */
  #at(position: number): Iterator<T> {
    let iterator = this.#iterator;
    if (iterator === undefined || this.#position > position) {
      iterator = this.#stream[Symbol.iterator]();
      this.#iterator = iterator;
      this.#position = 0;
    }
    for (; this.#position < position; this.#position++) iterator.next();
    return iterator;
  }
}
