/** What the source and the sink need of Kafka. A transport, such as kafkajs, is replaceable behind it. */
import type { ProducerRecord } from './kafka-record.ts';
import type { PartitionRecords } from './partition-records.ts';
import type { Codec } from './wire/compression.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The offsets of one partition from `start` up to, not including, `end`: whole numbers below 2^53. */
export interface PartitionRange extends TopicPartition {
  readonly start: number;
  readonly end: number;
  /** The topic that the offsets are of. One of another id under the same name doesn't have them. */
  readonly topicId?: string;
}

/** What a reader sees of transactions: those that were committed, or all records. Spark's and Kafka's words. */
export type IsolationLevel = 'read_committed' | 'read_uncommitted';

/** A point in every partition: its first offset, the one that the next record gets, or the first record not before a time. */
export type OffsetsAt = 'earliest' | 'latest' | { readonly timestampMs: number };

/** A topic as it is now. One that was deleted and made again under the same name has another id. */
export interface TopicMetadata {
  readonly id: string;
  readonly partitions: readonly number[];
}

/** All methods try again on lost connections, moved leaders and the like, and throw `TransientError` when the deadline passes. Closing twice is harmless. */
export interface KafkaDriver {
  /** The same driver, on the same connections, which sees this of transactions. */
  seeing(isolation: IsolationLevel): KafkaDriver;

  /** The topics that exist, by name: of these, or all but Kafka's own. */
  describe(topics: readonly string[] | 'all'): Promise<ReadonlyMap<string, TopicMetadata>>;

  /**
   * One offset for each partition, in the order given. `latest` is the last stable offset under `read_committed`. Undefined
   * where there is no record of the time or later, or no such partition.
   */
  offsets(partitions: readonly TopicPartition[], at: OffsetsAt): Promise<readonly (number | undefined)[]>;

  /**
   * The records of each range, in the order given: no offset is read twice or left out, whatever gaps the log has. What the
   * broker had already deleted is in `PartitionRecords.lost`.
   */
  read(ranges: readonly PartitionRange[]): Promise<readonly PartitionRecords[]>;

  /**
   * With a transactional id, each `produce` is one transaction, and every older producer with that id is shut out before this
   * resolves. Without one, the producer is idempotent.
   */
  producer(options: ProducerOptions): Promise<KafkaProducer>;

  /** Makes a topic of one partition that keeps the last record of each key, unless there is a topic of the name. */
  makeCompactedTopic(topic: string): Promise<void>;

  /** Tells lag monitors how far a consumer group has got. Each offset is that of the next record. */
  commitOffsets(groupId: string, offsets: readonly (TopicPartition & { readonly offset: number })[]): Promise<void>;

  /** What `attempt` gives at last: tried again on a `TransientError`, as the methods do themselves. */
  retried<T>(attempt: () => Promise<T>): Promise<T>;

  /** From now on what fails is not tried again. */
  retryNoMore(): void;

  close(): Promise<void>;
}

export interface ProducerOptions {
  readonly transactionalId?: string;
  readonly compression?: Codec;
  /** After which the broker aborts a transaction by itself. Default 60 seconds. */
  readonly transactionTimeoutMs?: number;
}

export interface KafkaProducer {
  /** Resolves when they are there; after an error they may be. Throws `StateError` (`in-use`) where a newer one has shut this one out. */
  produce(records: readonly ProducerRecord[]): Promise<void>;

  close(): Promise<void>;
}
