import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StreamingContext } from '../../src/dstream/streaming-context.ts';
import { systemClock } from '../../src/host/clock.ts';
import { silentLog } from '../../src/host/log.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import type { KafkaProducer } from '../../src/kafka/kafka-driver.ts';
import { KafkaSource } from '../../src/kafka/kafka-source.ts';
import { recordBlocks, textValues } from '../../src/kafka/record-format.ts';
import { writeToKafka } from '../../src/kafka/write-to-kafka.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { type KafkaCluster, startKafka } from './broker/start-kafka.ts';
import { Checksums } from './checksums.ts';
import { kafkaLog } from './java/java-client.ts';

const PARTITIONS = 4;
const RECORDS_PER_WRITE = 200;

// These have brokers of their own, since they kill them.
describeWithKafka('a source reads what Java reads in the end', ['4.3.1'], () => {
  describe('of one broker', () => {
    const cluster = ownCluster(1);

    it('that is killed and started again under load', async () => {
      await readWhile(cluster(), async () => {
        const [broker] = cluster().brokers;
        for (let kill = 0; kill < 3; kill++) {
          await delay(1500);
          await broker!.kill();
          await delay(500);
          broker!.start();
          await cluster().ready();
        }
        await delay(1000);
      });
    }, 400_000);
  });

  describe('of a broker that is gone for good', () => {
    const cluster = ownCluster(1);

    it.each([false, true])(
      'and is stopped at once, however long it would try (graceful: %s)',
      async (graceful) => {
        const { brokers, bootstrapServers } = cluster();
        const [input, output] = [await cluster().newTopic(2), await cluster().newTopic(1)];
        const options = { bootstrapServers, retryTimeout: '1 hour' } as const;
        const client = new KafkaClient(options, systemClock);
        await (await client.producer({})).produce([{ topic: input, value: 'a' }]);
        await client.close();
        const context = new StreamingContext('20 ms', { emptyBatches: 'skip', log: silentLog });
        const start = { subscribe: input, startingOffsets: 'earliest', format: textValues } as const;
        writeToKafka(context.kafkaStream({ ...options, ...start }), { ...options, topic: output });
        const seen = new Promise((resolve) => context.addStreamingListener({ onBatchCompleted: resolve }));
        await context.start();
        await seen;
        await brokers[0]!.kill();
        await delay(500);
        await context.stop({ graceful });
        await context.awaitTermination();
        brokers[0]!.start();
        await cluster().ready();
      },
      90_000,
    );
  });

  describe('of three brokers', () => {
    const cluster = ownCluster(3);

    it('whose leaders are killed one after the other', async () => {
      await readWhile(cluster(), async () => {
        for (const broker of cluster().brokers) {
          await delay(2000);
          await broker.kill();
          await delay(3000);
          broker.start();
          await cluster().ready();
        }
      });
    }, 400_000);

    it('of which one is cut off for half a minute', async () => {
      await readWhile(cluster(), async () => {
        const [broker] = cluster().brokers;
        await delay(1000);
        broker!.signal('SIGSTOP');
        await delay(30_000);
        broker!.signal('SIGCONT');
        await cluster().ready();
        await delay(1000);
      });
    }, 400_000);
  });
});

/** Brokers for the tests of a `describe`. */
function ownCluster(nodes: number): () => KafkaCluster {
  let cluster: KafkaCluster | undefined;
  beforeAll(async () => {
    cluster = await startKafka({ nodes });
  }, 240_000);
  afterAll(() => cluster?.stop());
  return () => cluster!;
}

/** Writes to a new topic and reads it, while something happens to the brokers; then compares with what Java reads. */
async function readWhile(cluster: KafkaCluster, happens: () => Promise<void>): Promise<void> {
  const options = { bootstrapServers: cluster.bootstrapServers, requestTimeout: '5 seconds' } as const;
  const client = new KafkaClient(options, systemClock);
  const topic = await cluster.newTopic(PARTITIONS);
  const over = new AbortController();
  const checksums = new Checksums(PARTITIONS);
  const source = new KafkaSource({ ...options, subscribe: topic, startingOffsets: 'earliest' }, recordBlocks, {
    log: silentLog,
  });
  await expect.poll(async () => (await client.describe([topic])).size, { timeout: 20_000 }).toBe(1);
  let position = await source.open(undefined);
  const readBatch = async (): Promise<boolean> => {
    const range = { start: position, end: await source.plan(position, planNow()) };
    const rdd = await source.read(range);
    for (const records of rdd.collect()) checksums.add(records);
    position = range.end;
    return rdd.count() > 0;
  };
  const writing = writeUntil(client, topic, over.signal);
  const reading = (async () => {
    while (!over.signal.aborted) if (!(await readBatch())) await delay(20);
  })();
  try {
    await happens();
  } finally {
    over.abort();
    await Promise.allSettled([writing, reading]);
  }
  await reading;
  while (await readBatch());
  await Promise.all([source.close(), client.close()]);
  expect(checksums.records).toBeGreaterThanOrEqual(await writing);
  const servers = cluster.bootstrapServers.join(',');
  expect(checksums.lines()).toEqual(await kafkaLog(cluster.libs, ['read', servers, topic, 'read_committed']));
}

let batchTime = 0;

function planNow() {
  return { batchTime: ++batchTime, maxRecords: Number.POSITIVE_INFINITY };
}

/** Returns how many records brokers have acknowledged. What they may have without saying so is written again. */
async function writeUntil(client: KafkaClient, topic: string, over: AbortSignal): Promise<number> {
  let acknowledged = 0;
  let producer: KafkaProducer | undefined;
  while (!over.aborted) {
    const first = acknowledged;
    const records = Array.from({ length: RECORDS_PER_WRITE }, (_, i) => ({ topic, value: `value ${first + i}` }));
    try {
      producer ??= await client.producer({});
      await producer.produce(records);
      acknowledged += records.length;
    } catch {
      await producer?.close();
      producer = undefined;
    }
    await delay(5);
  }
  await producer?.close();
  return acknowledged;
}
