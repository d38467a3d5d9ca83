import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { UsageError } from '../errors.ts';
import { type Clock, systemClock } from '../host/clock.ts';
import { type Log, stderrLog } from '../host/log.ts';
import { type Boundary, offsetsAtBoundary } from './boundary-offsets.ts';
import { DataLoss } from './data-loss.ts';
import { GroupProgress } from './group-progress.ts';
import { KafkaClient } from './kafka-client.ts';
import type { IsolationLevel, KafkaDriver } from './kafka-driver.ts';
import { checkIsolation, keyOf, offsetOf, type PartitionNumbers, positionsOf } from './kafka-offset.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { type KafkaOffsetRange, KafkaRDD } from './kafka-rdd.ts';
import { LogEnds, type PartitionEnd } from './log-ends.ts';
import type { RecordFormat } from './record-format.ts';
import { shareOfLag } from './share-of-lag.ts';
import {
  checkSelection,
  missingFrom,
  type SelectedPartition,
  selectedPartitions,
  type TopicSelection,
} from './topic-selection.ts';

/** What a source of Kafka's records takes; names and defaults are Spark's unless a default says otherwise. */
export type KafkaSourceOptions = KafkaOptions & TopicSelection & KafkaReadOptions;

export interface KafkaReadOptions {
  /**
   * Where a stream without a checkpoint begins: `'earliest'`, `'latest'`, or an offset for each partition, −2 for the first
   * and −1 for the end. Partitions that are found later begin at their first record. Default `'latest'`.
   */
  readonly startingOffsets?: 'earliest' | 'latest' | PartitionNumbers;
  /** Begin at the first record of this time or later, milliseconds since 1970, in all partitions. */
  readonly startingTimestamp?: number;
  /** The same with a time for each partition. */
  readonly startingOffsetsByTimestamp?: PartitionNumbers;
  /** A partition without a record that late begins at its end, or is an error. Default `'error'`. */
  readonly startingOffsetsByTimestampStrategy?: 'error' | 'latest';
  /** Where the stream ends, found out when it is started; as `startingOffsets`. Default: nowhere. */
  readonly endingOffsets?: 'latest' | PartitionNumbers;
  readonly endingTimestamp?: number;
  readonly endingOffsetsByTimestamp?: PartitionNumbers;
  /** Offsets that a batch takes at most, shared out by how far behind each partition is. Default: no limit. */
  readonly maxOffsetsPerTrigger?: number;
  /** Offsets that a batch takes at most of each partition. Default: no limit. */
  readonly maxOffsetsPerPartition?: number;
  /** A batch takes nothing until so many offsets are there, or `maxTriggerDelay` is over. Default 1. */
  readonly minOffsetsPerTrigger?: number;
  /** Default 15 minutes. */
  readonly maxTriggerDelay?: Duration;
  /** Whether the stream ends when records are gone that it had not read, or warns and goes on. Default true. */
  readonly failOnDataLoss?: boolean;
  /** Which records of transactions are seen. Default `'read_committed'`, where Spark's is `'read_uncommitted'`. */
  readonly isolationLevel?: IsolationLevel;
  /** A consumer group that is told the progress, for those who watch its lag; it is never read. Default: none. */
  readonly groupId?: string;
}

/** What comes from the machine; a test gives its own. */
export interface KafkaSourceHost {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Default: a client for the options' brokers. */
  readonly driver?: KafkaDriver;
}

/**
 * Records of Kafka's topics. A batch is a range of offsets [start, end) in each partition; the same range gives the same
 * records again, as long as the topic keeps them. Under `read_committed` a batch ends before the first transaction that
 * is still open. Offsets that are no record (the ends of transactions, what was aborted or compacted away) count for limits
 * but give nothing.
 *
 * The batch has one partition for each of Kafka's, in the order of topics and numbers. A partition that is found while
 * running is put down where it begins with the batch that finds it; its records come from the next one on.
 */
export class KafkaSource<T> implements Source<T> {
  readonly replayable = true;
  readonly #selection: TopicSelection;
  readonly #options: KafkaReadOptions;
  readonly #format: RecordFormat<T>;
  readonly #driver: KafkaDriver;
  readonly #clock: Clock;
  readonly #loss: DataLoss;
  readonly #groupProgress: GroupProgress | undefined;
  readonly #logEnds: LogEnds;
  readonly #maxTriggerDelayMs: number;
  /** By partition; undefined where the stream ends nowhere. */
  #endings: ReadonlyMap<string, number> | undefined;
  #lastTriggerTime = Number.NEGATIVE_INFINITY;
  #batches = 0;

  constructor(options: KafkaSourceOptions, format: RecordFormat<T>, host: KafkaSourceHost = {}) {
    checkSelection(options);
    checkReadOptions(options);
    const { clock = systemClock, log = stderrLog } = host;
    this.#clock = clock;
    this.#selection = options;
    this.#options = options;
    this.#format = format;
    this.#driver = host.driver ?? new KafkaClient(options, clock, options.isolationLevel);
    this.#loss = new DataLoss(options.failOnDataLoss ?? true, log);
    this.#logEnds = new LogEnds(this.#driver, this.#selection, this.#loss, clock);
    this.#maxTriggerDelayMs = toMilliseconds(options.maxTriggerDelay ?? '15 minutes', 'maxTriggerDelay');
    const { groupId } = options;
    this.#groupProgress = groupId === undefined ? undefined : new GroupProgress(this.#driver, groupId, log);
  }

  async open(from: Offset | undefined): Promise<Offset> {
    if (from !== undefined) checkIsolation(from, this.#isolationLevel);
    const partitions = await selectedPartitions(this.#driver, this.#selection);
    const missing = missingFrom(partitions, this.#selection);
    if (from === undefined && missing.length > 0) {
      throw new UsageError('not-found', `Kafka: there is no ${missing.join(', no ')}`);
    }
    this.#endings = await this.#endingsOf(partitions);
    if (from !== undefined) return from;
    const { startingOffsets: offsets, startingTimestamp: timestamp } = this.#options;
    const { startingOffsetsByTimestamp: offsetsByTimestamp, startingOffsetsByTimestampStrategy } = this.#options;
    const withoutSuchRecord = startingOffsetsByTimestampStrategy ?? 'error';
    const boundary = { offsets, timestamp, offsetsByTimestamp, withoutSuchRecord };
    return offsetOf(await offsetsAtBoundary(this.#driver, partitions, boundary, 'starting'), this.#isolationLevel);
  }

  async plan(start: Offset, { batchTime, maxRecords }: PlanRequest): Promise<Offset> {
    const partitions = await this.#logEnds.after(positionsOf(start), batchTime);
    const lags = partitions.map((each) => Math.max(0, this.#endOf(each) - each.position.offset));
    const limit = this.#isTime(batchTime, sum(lags)) ? Math.min(maxRecords, this.#maxOffsets) : 0;
    const most = this.#options.maxOffsetsPerPartition ?? Number.POSITIVE_INFINITY;
    const shares = shareOfLag(lags, limit, this.#batches++).map((share) => Math.min(share, most));
    const ends = partitions.map(({ position }, i) => ({ ...position, offset: position.offset + shares[i]! }));
    return offsetOf(ends, this.#isolationLevel);
  }

  async read({ start, end }: OffsetRange): Promise<KafkaRDD<T>> {
    const starts = new Map(positionsOf(start).map((position) => [keyOf(position), position]));
    const ranges = positionsOf(end).map(({ offset, ...partition }) => {
      const from = starts.get(keyOf(partition));
      // A partition that ends before what was read of it has nothing to read, and goes on at its end.
      const begin = from?.topicId === partition.topicId ? Math.min(from.offset, offset) : offset;
      return { ...partition, start: begin, end: offset };
    });
    const records = await this.#driver.read(ranges);
    for (const { topic, partition, lost } of records) {
      for (const each of lost) {
        const count = each.end - each.start;
        const where = `partition ${partition} of topic ${topic}`;
        this.#loss.report(`${where} ${WHY[each.because]}: offsets ${each.start} to ${each.end} (${count}) are lost`);
      }
    }
    return new KafkaRDD(
      records.map((each) => this.#format.recordsOf(each)),
      ranges.map(({ topic, partition, ...range }): KafkaOffsetRange => {
        return { topic, partition, fromOffset: range.start, untilOffset: range.end };
      }),
      sum(records.map(({ length }) => length)),
    );
  }

  async commit(end: Offset): Promise<void> {
    this.#groupProgress?.report(positionsOf(end));
  }

  /**
   * Tells the consumer group how far the program has got, and returns at once. The source does it after each batch; call it
   * where the program knows better. Throws `UsageError` where no `groupId` was given.
   */
  commitAsync(offsetRanges: readonly KafkaOffsetRange[]): void {
    if (this.#groupProgress === undefined) {
      throw new UsageError('bad-option', 'Kafka: commitAsync: expected the option groupId, got none');
    }
    this.#groupProgress.report(
      offsetRanges.map(({ topic, partition, untilOffset }) => ({ topic, partition, offset: untilOffset })),
    );
  }

  endedAt(offset: Offset): boolean {
    if (this.#endings === undefined) return false;
    return positionsOf(offset).every((position) => position.offset >= (this.#endings!.get(keyOf(position)) ?? 0));
  }

  retryNoMore(): void {
    this.#driver.retryNoMore();
  }

  async close(): Promise<void> {
    const waited = new AbortController();
    const longEnough = this.#clock.sleepUntil(this.#clock.now() + LAST_PROGRESS_MS, waited.signal);
    await Promise.race([this.#groupProgress?.flush(), longEnough]);
    waited.abort();
    await this.#driver.close();
  }

  get #isolationLevel(): IsolationLevel {
    return this.#options.isolationLevel ?? 'read_committed';
  }

  get #maxOffsets(): number {
    return this.#options.maxOffsetsPerTrigger ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a batch takes what is waiting, or lets more come together. */
  #isTime(batchTime: number, waiting: number): boolean {
    const isDue = batchTime - this.#lastTriggerTime >= this.#maxTriggerDelayMs;
    if (waiting === 0 || (waiting < (this.#options.minOffsetsPerTrigger ?? 1) && !isDue)) return false;
    this.#lastTriggerTime = batchTime;
    return true;
  }

  /** How far a partition may be read now. */
  #endOf({ position, latest }: PartitionEnd): number {
    if (this.#endings === undefined) return latest;
    return Math.min(latest, this.#endings.get(keyOf(position)) ?? position.offset);
  }

  async #endingsOf(partitions: readonly SelectedPartition[]): Promise<ReadonlyMap<string, number> | undefined> {
    const { endingOffsets: offsets, endingTimestamp: timestamp, endingOffsetsByTimestamp } = this.#options;
    if ((offsets ?? timestamp ?? endingOffsetsByTimestamp) === undefined) return undefined;
    const boundary: Boundary = {
      offsets,
      timestamp,
      offsetsByTimestamp: endingOffsetsByTimestamp,
      withoutSuchRecord: 'latest',
    };
    const endings = await offsetsAtBoundary(this.#driver, partitions, boundary, 'ending');
    return new Map(endings.map((each) => [keyOf(each), each.offset]));
  }
}

/** How long a source that is closed waits for the last progress to reach the consumer group. */
const LAST_PROGRESS_MS = 5000;

const WHY = {
  'aged-out': 'no longer keeps what the batch was to read',
  deleted: 'is gone',
  recreated: 'was deleted and made again, or cut back',
} as const;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function checkReadOptions(options: KafkaReadOptions): void {
  const { minOffsetsPerTrigger = 1, maxOffsetsPerTrigger, maxOffsetsPerPartition = 1 } = options;
  if (!Number.isSafeInteger(maxOffsetsPerPartition) || maxOffsetsPerPartition < 1) {
    const got = `got ${maxOffsetsPerPartition}`;
    throw new UsageError('bad-option', `Kafka: maxOffsetsPerPartition: expected a whole number of at least 1, ${got}`);
  }
  const most = maxOffsetsPerTrigger ?? Number.MAX_SAFE_INTEGER;
  if (Number.isSafeInteger(minOffsetsPerTrigger) && Number.isSafeInteger(most)) {
    if (minOffsetsPerTrigger >= 1 && minOffsetsPerTrigger <= most) return;
  }
  throw new UsageError(
    'bad-option',
    'Kafka: expected whole numbers, 1 ≤ minOffsetsPerTrigger ≤ maxOffsetsPerTrigger, ' +
      `got ${minOffsetsPerTrigger} and ${maxOffsetsPerTrigger ?? 'none'}`,
  );
}
