import { UsageError } from '../errors.ts';
import { type KafkaParams, settingsOf } from '../kafka/kafka-params.ts';
import type { KafkaOffsetRange } from '../kafka/kafka-rdd.ts';
import type { KafkaRecord } from '../kafka/kafka-record.ts';
import type { KafkaReadOptions, KafkaSourceOptions } from '../kafka/kafka-source.ts';
import type { RecordFormat } from '../kafka/record-format.ts';
import type { DStream } from './dstream.ts';
import type { SourceIdentity, StreamInputs } from './stream-inputs.ts';

/** A stream of Kafka's records, which can tell a consumer group how far it has got. */
export type KafkaStream<T> = DStream<T> & CanCommitOffsets;

export interface CanCommitOffsets {
  /**
   * Tells the consumer group that these offsets are done with, for those who watch its lag, and returns at once. The stream
   * itself does it after each batch that is committed, and never reads it back. Throws `UsageError` without a group id.
   */
  commitAsync(offsetRanges: readonly KafkaOffsetRange[]): void;
}

/** What a stream reads, and with which settings; `ConsumerStrategies` makes it. */
export interface ConsumerStrategy {
  readonly options: KafkaSourceOptions;
}

/** An offset for each partition, by topic and number: `{ clicks: { 0: 23, 1: 40 } }`. */
type Offsets = NonNullable<Exclude<KafkaReadOptions['startingOffsets'], string>>;

/** Spark's ways to say what a stream reads. Partitions that `offsets` names begin there, where there is no checkpoint. */
export const ConsumerStrategies = {
  /** All partitions of topics by name. */
  Subscribe(topics: readonly string[], kafkaParams: KafkaParams, offsets?: Offsets): ConsumerStrategy {
    return { options: { subscribe: topics, ...startingAt(offsets, settingsOf(kafkaParams)) } };
  },

  /** All partitions of all topics whose whole name matches, also of those that are made later. */
  SubscribePattern(pattern: string | RegExp, kafkaParams: KafkaParams, offsets?: Offsets): ConsumerStrategy {
    return { options: { subscribePattern: pattern, ...startingAt(offsets, settingsOf(kafkaParams)) } };
  },

  /** These partitions, and no others. */
  Assign(
    partitions: Readonly<Record<string, readonly number[]>>,
    kafkaParams: KafkaParams,
    offsets?: Offsets,
  ): ConsumerStrategy {
    return { options: { assign: partitions, ...startingAt(offsets, settingsOf(kafkaParams)) } };
  },
};

export interface DirectStreamOptions<T> extends SourceIdentity, KafkaReadOptions {
  /** What a record becomes. Default: `kafkaRecords`, all that the broker keeps of it. */
  readonly format?: RecordFormat<T>;
  /**
   * The most that is taken of each partition, records a second; Spark's `spark.streaming.kafka.maxRatePerPartition`. Default: no limit
   * but the context's `maxRate` and backpressure, which is shared out by how far behind each partition is.
   */
  readonly maxRatePerPartition?: number;
}

export const KafkaUtils = {
  /**
   * A stream of the records of a `ConsumerStrategy`. Its batches are `KafkaRDD`s, which know their offsets. Spark's location
   * strategies say on which machine a partition is read; here there is one.
   */
  createDirectStream<T = KafkaRecord>(
    context: StreamInputs,
    { options }: ConsumerStrategy,
    { maxRatePerPartition, ...more }: DirectStreamOptions<T> = {},
  ): KafkaStream<T> {
    const most = maxRatePerPartition !== undefined && {
      maxOffsetsPerPartition: recordsOf(maxRatePerPartition, context),
    };
    return context.kafkaStream<T>({ ...options, ...most, ...more });
  },
};

/** What a rate is for a batch, never below one record. */
function recordsOf(perSecond: number, { batchDurationMs }: StreamInputs): number {
  if (perSecond > 0) return Math.max(1, Math.floor((perSecond * batchDurationMs) / 1000));
  throw new UsageError('bad-option', `maxRatePerPartition: expected a number above 0, got ${perSecond}`);
}

function startingAt<S extends object>(offsets: Offsets | undefined, settings: S): S {
  return offsets === undefined ? settings : { ...settings, startingOffsets: offsets };
}
