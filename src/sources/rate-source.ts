import { Batch } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { UsageError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';

export interface RateStreamOptions {
  /** Whole number of rows a second, at least 1. Default 1. */
  readonly rowsPerSecond?: number;
  /** Time until that rate is reached, in whole seconds; what is over is cut off. Default: at once. */
  readonly rampUpTime?: Duration;
  /** Partitions of a batch, at least 1. Default 1. */
  readonly numPartitions?: number;
}

export interface RateRow {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** Counts up from 0. */
  readonly value: number;
}

/** Whole seconds since the stream was made, in milliseconds since 1970: a restart keeps the time of its making. */
type RateOffset = { readonly creationTime: number; readonly seconds: number };

/**
 * Spark's rate source: numbers that count up, so many a second, for trying things out. The rate rises by the same step each
 * second of `rampUpTime`. The rows of a batch are spread evenly over its time; partition p of P has the values first + p,
 * first + p + P and so on. A batch takes whole seconds, at least one.
 */
export class RateSource implements Source<RateRow> {
  readonly replayable = true;
  readonly #clock: Clock;
  readonly #rowsPerSecond: number;
  readonly #rampUpSeconds: number;
  readonly #numPartitions: number;

  constructor(clock: Clock, { rowsPerSecond = 1, rampUpTime, numPartitions = 1 }: RateStreamOptions = {}) {
    for (const [name, value] of Object.entries({ rowsPerSecond, numPartitions })) {
      if (Number.isSafeInteger(value) && value > 0) continue;
      throw new UsageError('bad-option', `Invalid value '${value}'. The option '${name}' must be positive`);
    }
    this.#clock = clock;
    this.#rowsPerSecond = rowsPerSecond;
    this.#rampUpSeconds = rampUpTime ? Math.floor(toMilliseconds(rampUpTime, 'rampUpTime') / 1000) : 0;
    this.#numPartitions = numPartitions;
  }

  async open(from: Offset | undefined): Promise<Offset> {
    return from ?? { creationTime: this.#clock.now(), seconds: 0 };
  }

  async plan(start: Offset, { batchTime, maxRecords }: PlanRequest): Promise<Offset> {
    const { creationTime, seconds } = start as RateOffset;
    const now = Math.max(seconds, Math.floor((batchTime - creationTime) / 1000));
    let end = now;
    const most = this.#rowsUntil(seconds) + maxRecords;
    while (end > seconds + 1 && this.#rowsUntil(end) > most) end--;
    return { creationTime, seconds: end };
  }

  async read({ start, end }: OffsetRange): Promise<Batch<RateRow>> {
    const { creationTime, seconds } = start as RateOffset;
    const endSeconds = (end as RateOffset).seconds;
    const first = this.#rowsUntil(seconds);
    const rows = this.#rowsUntil(endSeconds) - first;
    const msPerRow = ((endSeconds - seconds) * 1000) / rows;
    const startTime = creationTime + seconds * 1000;
    const rowsOf = (partition: number) =>
      Array.from({ length: Math.max(0, Math.ceil((rows - partition) / this.#numPartitions)) }, (_, i): RateRow => {
        const row = partition + i * this.#numPartitions;
        return { timestamp: startTime + Math.round(row * msPerRow), value: first + row };
      });
    return new Batch(Array.from({ length: this.#numPartitions }, (_, partition) => rowsOf(partition)));
  }

  async commit(): Promise<void> {}

  endedAt(): boolean {
    return false;
  }

  async close(): Promise<void> {}

  /** How many rows there are in the first so many seconds: those of a rate that grows by a step a second, then of the full one. */
  #rowsUntil(seconds: number): number {
    const ramp = Math.min(seconds, this.#rampUpSeconds);
    const step = Math.floor(this.#rowsPerSecond / (this.#rampUpSeconds + 1));
    return (step * ramp * (ramp + 1)) / 2 + (seconds - ramp) * this.#rowsPerSecond;
  }
}
