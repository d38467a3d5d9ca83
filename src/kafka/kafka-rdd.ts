import { Batch } from '../batch/batch.ts';
import type { TopicPartition } from './kafka-driver.ts';

/** What a batch holds of one partition: the offsets from `fromOffset` up to, not including, `untilOffset`. */
export interface KafkaOffsetRange extends TopicPartition {
  readonly fromOffset: number;
  readonly untilOffset: number;
}

/** A batch of Kafka's records, which knows its offsets; what is made of it doesn't. Spark's `HasOffsetRanges`. */
export class KafkaRDD<T> extends Batch<T> {
  /** One for each partition of the batch, in their order. */
  readonly offsetRanges: readonly KafkaOffsetRange[];

  readonly #numRecords: number;

  /** `numRecords`: of the brokers' records, where they are in pieces of several. */
  constructor(
    partitions: readonly (readonly T[])[],
    offsetRanges: readonly KafkaOffsetRange[],
    numRecords = partitions.reduce((sum, { length }) => sum + length, 0),
  ) {
    super(partitions);
    this.offsetRanges = offsetRanges;
    this.#numRecords = numRecords;
  }

  /** How many records the brokers gave. */
  override count(): number {
    return this.#numRecords;
  }
}
