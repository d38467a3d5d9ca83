import type { Clock } from '../host/clock.ts';
import { nameOf } from './broker-connections.ts';
import { Cluster } from './cluster.ts';
import { grouped } from './grouped.ts';
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
import { checkedKafkaOptions, type KafkaOptions } from './kafka-options.ts';
import type { PartitionRecords } from './partition-records.ts';
import { RangeReader } from './range-reader.ts';
import { RecordProducer } from './record-producer.ts';
import { loadDecompressors } from './wire/compression.ts';
import { createTopicRequest } from './wire/create-topics.ts';
import { kafkaError, NO_ERROR, TOPIC_ALREADY_EXISTS, UNKNOWN_TOPIC_OR_PARTITION } from './wire/error-codes.ts';
import { type ListedOffset, listOffsetsRequest } from './wire/list-offsets.ts';
import { type CommittedOffset, offsetCommitRequest } from './wire/offset-commit.ts';

const NO_SUCH_RECORD = -1;
/** Compacted every hour, so that it stays short to read. */
const COMPACTED = { 'cleanup.policy': 'compact', 'segment.ms': '3600000', 'min.cleanable.dirty.ratio': '0.1' };

/** The `KafkaDriver` over kafkajs's connections: the requests and responses are our own. */
export class KafkaClient implements KafkaDriver {
  readonly #options: KafkaOptions;
  readonly #cluster: Cluster;
  readonly #isolation: IsolationLevel;
  #reader: RangeReader | undefined;

  constructor(
    options: KafkaOptions,
    clock: Clock,
    isolation: IsolationLevel = 'read_committed',
    cluster = new Cluster(checkedKafkaOptions(options), clock),
  ) {
    this.#options = options;
    this.#cluster = cluster;
    this.#isolation = isolation;
  }

  seeing(isolation: IsolationLevel): KafkaClient {
    return new KafkaClient(this.#options, this.#cluster.clock, isolation, this.#cluster);
  }

  describe(topics: readonly string[] | 'all'): Promise<ReadonlyMap<string, TopicMetadata>> {
    return this.#cluster.describe(topics);
  }

  async offsets(partitions: readonly TopicPartition[], at: OffsetsAt): Promise<readonly (number | undefined)[]> {
    const found = new Map<string, number | undefined>();
    const left = () => partitions.filter((each) => !found.has(keyOf(each)));
    const lookUp = async () => {
      const unseen = left().filter((each) => !this.#cluster.hasSeen(each));
      const known = await this.#cluster.describe([...new Set(unseen.map(({ topic }) => topic))]);
      for (const each of unseen) {
        if (!known.get(each.topic)?.partitions.includes(each.partition)) found.set(keyOf(each), undefined);
      }
      for (const answer of await this.#listOffsets(left(), at)) {
        if (answer.errorCode === NO_ERROR) {
          found.set(keyOf(answer), answer.offset === NO_SUCH_RECORD ? undefined : answer.offset);
        } else if (answer.errorCode !== UNKNOWN_TOPIC_OR_PARTITION) {
          throw kafkaError(answer.errorCode, `offsets of partition ${answer.partition} of topic ${answer.topic}`);
        }
      }
      if (left().length > 0) throw kafkaError(UNKNOWN_TOPIC_OR_PARTITION, `offsets of topic ${left()[0]!.topic}`);
    };
    await this.#cluster.retried(() =>
      lookUp().catch((error) => {
        this.#cluster.forget(left().map(({ topic }) => topic));
        throw error;
      }),
    );
    return partitions.map((each) => found.get(keyOf(each)));
  }

  async read(ranges: readonly PartitionRange[]): Promise<readonly PartitionRecords[]> {
    this.#reader ??= new RangeReader(this.#cluster, this.#isolation, await loadDecompressors());
    return this.#reader.read(ranges);
  }

  producer(options: ProducerOptions): Promise<KafkaProducer> {
    return RecordProducer.open(this.#cluster, options);
  }

  async makeCompactedTopic(topic: string): Promise<void> {
    if ((await this.describe([topic])).has(topic)) return;
    await this.#cluster.retried(async () => {
      const compacted = { topic, partitions: 1, config: COMPACTED };
      const { errorCode, message } = await this.#cluster.sendToAny(createTopicRequest(compacted));
      if (errorCode === NO_ERROR || errorCode === TOPIC_ALREADY_EXISTS) return;
      throw kafkaError(errorCode, `making topic ${topic}${message && `, ${message}`}`, { topic });
    });
    await this.#cluster.retried(async () => {
      if (!(await this.describe([topic])).has(topic)) throw kafkaError(UNKNOWN_TOPIC_OR_PARTITION, `topic ${topic}`);
    });
  }

  async commitOffsets(groupId: string, offsets: readonly CommittedOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    await this.#cluster.retried(async () => {
      const coordinator = await this.#cluster.coordinatorOf(groupId, 'group');
      const answers = await this.#cluster.send(coordinator, offsetCommitRequest(groupId, offsets));
      const failed = answers.find(({ errorCode }) => errorCode !== NO_ERROR);
      if (failed !== undefined) {
        throw kafkaError(failed.errorCode, `offsets of group ${groupId} for topic ${failed.topic}`, { groupId });
      }
    });
  }

  retried<T>(attempt: () => Promise<T>): Promise<T> {
    return this.#cluster.retried(attempt);
  }

  retryNoMore(): void {
    this.#cluster.retryNoMore();
  }

  close(): Promise<void> {
    return this.#cluster.close();
  }

  /** One request to each leader. */
  async #listOffsets(partitions: readonly TopicPartition[], at: OffsetsAt): Promise<readonly ListedOffset[]> {
    const led = await Promise.all(
      partitions.map(async (partition) => ({ partition, leader: await this.#cluster.leaderOf(partition) })),
    );
    const answers = await Promise.all(
      Array.from(grouped(led, ({ leader }) => nameOf(leader)).values(), (ofLeader) => {
        const listed = ofLeader.map(({ partition }) => partition);
        return this.#cluster.send(ofLeader[0]!.leader, listOffsetsRequest(listed, at, this.#isolation));
      }),
    );
    return answers.flat();
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
