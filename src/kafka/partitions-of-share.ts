import type {
  IsolationLevel,
  KafkaDriver,
  KafkaProducer,
  OffsetsAt,
  PartitionRange,
  ProducerOptions,
  TopicMetadata,
  TopicPartition,
} from './kafka-driver.ts';
import type { PartitionRecords } from './partition-records.ts';

/** A cluster as one share of a job sees it: of each topic every `count`-th partition, beginning with the share's own number. */
export class PartitionsOfShare implements KafkaDriver {
  readonly #driver: KafkaDriver;
  readonly #share: number;
  readonly #count: number;

  /** `share` goes from 1 to `count`. */
  constructor(driver: KafkaDriver, share: number, count: number) {
    this.#driver = driver;
    this.#share = share;
    this.#count = count;
  }

  seeing(isolation: IsolationLevel): PartitionsOfShare {
    return new PartitionsOfShare(this.#driver.seeing(isolation), this.#share, this.#count);
  }

  async describe(topics: readonly string[] | 'all'): Promise<ReadonlyMap<string, TopicMetadata>> {
    const whole = await this.#driver.describe(topics);
    return new Map(
      Array.from(whole, ([topic, { id, partitions }]) => {
        return [
          topic,
          { id, partitions: partitions.filter((partition) => partition % this.#count === this.#share - 1) },
        ];
      }),
    );
  }

  offsets(partitions: readonly TopicPartition[], at: OffsetsAt): Promise<readonly (number | undefined)[]> {
    return this.#driver.offsets(partitions, at);
  }

  read(ranges: readonly PartitionRange[]): Promise<readonly PartitionRecords[]> {
    return this.#driver.read(ranges);
  }

  producer(options: ProducerOptions): Promise<KafkaProducer> {
    return this.#driver.producer(options);
  }

  makeCompactedTopic(topic: string): Promise<void> {
    return this.#driver.makeCompactedTopic(topic);
  }

  commitOffsets(groupId: string, offsets: readonly (TopicPartition & { readonly offset: number })[]): Promise<void> {
    return this.#driver.commitOffsets(groupId, offsets);
  }

  retried<T>(attempt: () => Promise<T>): Promise<T> {
    return this.#driver.retried(attempt);
  }

  retryNoMore(): void {
    this.#driver.retryNoMore();
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}
