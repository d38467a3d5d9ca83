import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, describe, inject, it } from 'vitest';
import type { KafkaVersion } from './start-kafka.ts';

/** A broker that all tests of the run share, and what a test needs to use it. */
export interface TestKafka {
  readonly version: KafkaVersion;
  readonly bootstrapServers: string[];
  /** A class path of Java's own clients. */
  readonly libs: string;
  /** kafkajs as it is, for making data; it logs nothing. */
  readonly kafka: Kafka;
  readonly admin: Admin;
  /** Makes a topic that nobody else has, and gives its name. */
  newTopic(options?: { partitions?: number; config?: Readonly<Record<string, string>> }): Promise<string>;
}

/** `describe` with a broker of each of these versions; where there is none, one skipped test that says why. */
export function describeWithKafka(
  name: string,
  versions: readonly KafkaVersion[],
  define: (kafka: TestKafka) => void,
): void {
  const shared = inject('kafka');
  if ('unavailable' in shared) {
    it.skip(`${name} (${shared.unavailable})`);
    return;
  }
  for (const version of versions) {
    const broker = shared.brokers[version]!;
    describe(`${name}, Kafka ${version}`, () => define(testKafka(version, broker.bootstrapServers, broker.libs)));
  }
}

/** What a test needs to use a broker; the connection of `admin` ends with the `describe` that it was made in. */
function testKafka(version: KafkaVersion, bootstrapServers: string[], libs: string): TestKafka {
  const kafka = new Kafka({ brokers: bootstrapServers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  afterAll(() => admin.disconnect());
  return {
    version,
    bootstrapServers,
    libs,
    kafka,
    admin,
    async newTopic({ partitions = 1, config = {} } = {}) {
      const topic = `topic-${randomBytes(6).toString('hex')}`;
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      await admin.connect();
      const topics = [{ topic, numPartitions: partitions, configEntries }];
      await admin.createTopics({ topics, waitForLeaders: false }); // kafkajs gives up where a broker doesn't know it yet
      const leads = async () => {
        const [made] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
        return made!.partitions.every(({ leader }) => leader >= 0);
      };
      while (!(await leads().catch(() => false))) await delay(20);
      return topic;
    },
  };
}
