import { messageOf, TransientError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import { type BrokerAddress, BrokerConnections, nameOf } from './broker-connections.ts';
import type { TopicMetadata, TopicPartition } from './kafka-driver.ts';
import type { CheckedKafkaOptions } from './kafka-options.ts';
import { retried } from './retried.ts';
import type { Api } from './wire/api.ts';
import { kafkaError, NO_ERROR, UNKNOWN_TOPIC_OR_PARTITION } from './wire/error-codes.ts';
import { type CoordinatedBy, findCoordinatorRequest } from './wire/find-coordinator.ts';
import { metadataRequest, type TopicInCluster } from './wire/metadata.ts';

/** The brokers of a cluster, and who leads which partition: asked for anew after each error that newer knowledge may mend. */
export class Cluster {
  readonly options: CheckedKafkaOptions;
  readonly clock: Clock;
  readonly #connections: BrokerConnections;
  readonly #closed = new AbortController();
  readonly #givesUp = new AbortController();
  #brokers: ReadonlyMap<number, BrokerAddress> = new Map();
  readonly #topics = new Map<string, TopicInCluster>();

  constructor(options: CheckedKafkaOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
    this.#connections = new BrokerConnections(options);
  }

  /** Tries again on what another attempt may mend; see `retried`. */
  retried<T>(attempt: () => Promise<T>): Promise<T> {
    const closed = this.#closed.signal;
    return retried(
      async () => {
        if (closed.aborted) throw new TransientError('unreachable', 'Kafka: the client is closed');
        return attempt();
      },
      { clock: this.clock, timeoutMs: this.options.retryTimeoutMs, signal: this.#givesUp.signal },
    );
  }

  /** From now on what fails is not tried again. */
  retryNoMore(): void {
    this.#givesUp.abort();
  }

  /** Those of the topics that exist, or all but Kafka's own. */
  async describe(names: readonly string[] | 'all'): Promise<ReadonlyMap<string, TopicMetadata>> {
    const topics = names.length === 0 ? [] : await this.#ask(names);
    const shown = names === 'all' ? topics.filter(({ isInternal }) => !isInternal) : topics;
    return new Map(
      shown.map(({ name, id, partitions }) => [
        name,
        { id, partitions: partitions.map(({ partition }) => partition).sort((a, b) => a - b) },
      ]),
    );
  }

  /** The id of a topic as it was last seen; undefined where it was never seen, or was gone. */
  idOf(topic: string): string | undefined {
    return this.#topics.get(topic)?.id;
  }

  /** Whether the topic was there when it was last asked for, with this partition. */
  hasSeen({ topic, partition }: TopicPartition): boolean {
    return this.#topics.get(topic)?.partitions.some((each) => each.partition === partition) ?? false;
  }

  /** The broker that leads a partition. Throws `TransientError` where there is none now. */
  async leaderOf({ topic, partition }: TopicPartition): Promise<BrokerAddress> {
    if (!this.#topics.has(topic)) await this.#ask([topic]);
    const known = this.#topics.get(topic);
    if (known === undefined) throw kafkaError(UNKNOWN_TOPIC_OR_PARTITION, `topic ${topic}`, { topic });
    const found = known.partitions.find((each) => each.partition === partition);
    if (found === undefined) {
      throw kafkaError(UNKNOWN_TOPIC_OR_PARTITION, `partition ${partition} of topic ${topic}`, { topic, partition });
    }
    const address = this.#brokers.get(found.leader);
    if (address !== undefined) return address;
    this.#topics.delete(topic);
    throw new TransientError('unreachable', `Kafka: partition ${partition} of topic ${topic} has no leader`, {
      context: { topic, partition },
    });
  }

  /** Who leads the partitions of these topics is asked for again before they are next needed. */
  forget(topics: Iterable<string>): void {
    for (const topic of topics) this.#topics.delete(topic);
  }

  /** The broker that looks after a consumer group or a transactional id. */
  coordinatorOf(key: string, by: CoordinatedBy): Promise<BrokerAddress> {
    return this.sendToAny(findCoordinatorRequest(key, by));
  }

  send<R>(broker: BrokerAddress, api: Api<R>): Promise<R> {
    return this.#connections.send(broker, api);
  }

  /** The answer of the first broker that gives one: those that were found, then those that were named. */
  async sendToAny<R>(api: Api<R>): Promise<R> {
    const addresses = [...this.#brokers.values(), ...this.options.bootstrapServers];
    const failures: TransientError[] = [];
    for (const address of new Map(addresses.map((each) => [nameOf(each), each])).values()) {
      try {
        return await this.send(address, api);
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        failures.push(error);
      }
    }
    const message = `Kafka: no broker answers (${failures.map(messageOf).join('; ')})`;
    throw new TransientError('unreachable', message, { cause: failures[0] });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.retryNoMore();
    await this.#connections.close();
  }

  /** The topics that exist of these. What is known of them is kept until it is asked for again. */
  async #ask(names: readonly string[] | 'all'): Promise<readonly TopicInCluster[]> {
    return this.retried(async () => {
      const { brokers, topics } = await this.sendToAny(metadataRequest(names));
      this.#brokers = brokers;
      const found = topics.filter(({ errorCode }) => errorCode !== UNKNOWN_TOPIC_OR_PARTITION);
      if (names !== 'all') this.forget(names);
      for (const topic of found) {
        if (topic.errorCode !== NO_ERROR) {
          throw kafkaError(topic.errorCode, `topic ${topic.name}`, { topic: topic.name });
        }
        this.#topics.set(topic.name, topic);
      }
      return found;
    });
  }
}
