import { UsageError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Cluster } from './cluster.ts';
import type { TopicPartition } from './kafka-driver.ts';
import type { ProducerRecord } from './kafka-record.ts';
import { Partitioner } from './partitioner.ts';
import { mostBytes, RecordBatchEncoder } from './wire/record-batch-encoder.ts';

/** Half of what a broker takes by default. A single record may be larger. */
const MAX_BATCH_BYTES = 512 * 1024;
/** How long a topic is held to have as many partitions as it had. */
const PARTITIONS_KNOWN_MS = 300_000;

/** Records of one partition that go in one batch. */
export interface PartitionBatch extends TopicPartition {
  readonly records: RecordBatchEncoder;
}

/** A topic that is written to: its partitions, and the batch that each is at, by number. */
interface OpenTopic {
  readonly partitions: readonly number[];
  readonly open: RecordBatchEncoder[];
}

/** Sorts records into partitions, and writes those of a partition into batches of a size that brokers take. */
export class PartitionBatches {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #partitioner = new Partitioner();
  readonly #known = new Map<string, { readonly partitions: readonly number[]; readonly until: number }>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#clock = cluster.clock;
  }

  /** Throws `UsageError` where a topic or partition does not exist. */
  async of(records: readonly ProducerRecord[]): Promise<readonly PartitionBatch[]> {
    const topics = await this.#openTopics(new Set(records.map(({ topic }) => topic)));
    const now = this.#clock.now();
    const batches: PartitionBatch[] = [];
    for (const record of records) {
      const { topic } = record;
      const { partitions, open } = topics.get(topic)!;
      const partition = this.#partitionFor(record, partitions);
      let batch = open[partition];
      if (batch === undefined || (batch.count > 0 && batch.sizeBytes + mostBytes(record) > MAX_BATCH_BYTES)) {
        batch = new RecordBatchEncoder();
        open[partition] = batch;
        batches.push({ topic, partition, records: batch });
      }
      batch.add(record, now);
    }
    return batches;
  }

  #partitionFor({ topic, partition, key }: ProducerRecord, partitions: readonly number[]): number {
    if (partition === undefined) return this.#partitioner.partitionOf(key, partitions);
    if (partitions.includes(partition)) return partition;
    throw new UsageError(
      'bad-option',
      `Kafka: expected a partition of topic ${topic} from 0 to ${partitions.length - 1}, got ${partition}`,
    );
  }

  async #openTopics(topics: ReadonlySet<string>): Promise<ReadonlyMap<string, OpenTopic>> {
    const now = this.#clock.monotonicMs();
    const unknown = [...topics].filter((topic) => !((this.#known.get(topic)?.until ?? 0) > now));
    const described = await this.#cluster.describe(unknown);
    return new Map(
      Array.from(topics, (topic) => {
        const partitions = described.get(topic)?.partitions ?? this.#known.get(topic)?.partitions;
        if (partitions === undefined) {
          throw new UsageError(
            'not-found',
            `Kafka: no topic ${topic}; make it first, with as many partitions as it needs`,
          );
        }
        if (described.has(topic)) this.#known.set(topic, { partitions, until: now + PARTITIONS_KNOWN_MS });
        return [topic, { partitions, open: [] }];
      }),
    );
  }
}
