import { Batch } from '../../src/batch/batch.ts';
import type { Offset, OffsetRange } from '../../src/batch/offset.ts';
import type { PlanRequest, Source } from '../../src/contracts/source.ts';

/** A record, and the time from which it is there, milliseconds. */
export type Arrival<T> = readonly [time: number, record: T];

/**
 * Records in memory that come at set times: a batch takes all that are there at its time. The offset counts records. What
 * the engine did with the source can be read in `calls`.
 */
export class ScheduledSource<T> implements Source<T> {
  readonly replayable: boolean;
  readonly calls: string[] = [];
  readonly #arrivals: readonly Arrival<T>[];

  constructor(arrivals: readonly Arrival<T>[], kind: 'replayable' | 'not replayable' = 'replayable') {
    this.#arrivals = arrivals;
    this.replayable = kind === 'replayable';
  }

  async open(from: Offset | undefined): Promise<Offset> {
    this.calls.push(`open ${from}`);
    return from ?? 0;
  }

  async plan(start: Offset, { batchTime, maxRecords }: PlanRequest): Promise<Offset> {
    this.calls.push(`plan ${start} at ${batchTime}`);
    const there = this.#arrivals.filter(([time]) => time <= batchTime).length;
    return Math.max(start as number, Math.min(there, (start as number) + maxRecords));
  }

  async read({ start, end }: OffsetRange): Promise<Batch<T>> {
    this.calls.push(`read ${start} to ${end}`);
    return Batch.of(this.#arrivals.slice(start as number, end as number).map(([, record]) => record));
  }

  async commit(end: Offset): Promise<void> {
    this.calls.push(`commit ${end}`);
  }

  endedAt(): boolean {
    return false;
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }
}
