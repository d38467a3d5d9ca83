import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { silentLog } from '../../src/host/log.ts';
import { KafkaSink } from '../../src/kafka/kafka-sink.ts';
import { KafkaSource } from '../../src/kafka/kafka-source.ts';
import { textValues } from '../../src/kafka/record-format.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { type KafkaCluster, startKafka } from './broker/start-kafka.ts';

const RECORDS_PER_BATCH = 100;

// These have brokers of their own, since they kill them.
describeWithKafka('three brokers', ['4.3.1'], () => {
  describe('with a sink in transactions and a source', () => {
    let cluster: KafkaCluster;
    let admin: Admin;
    beforeAll(async () => {
      cluster = await startKafka({ nodes: 3 });
      admin = new Kafka({ brokers: cluster.bootstrapServers, logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
    }, 240_000);
    afterAll(async () => {
      await admin.disconnect();
      await cluster.stop();
    });

    /** Writes to a topic and reads it while something happens, and then the rest. */
    async function passOnWhile(topic: string, happens: () => Promise<void>) {
      const options = { bootstrapServers: cluster.bootstrapServers, requestTimeout: '5 seconds' } as const;
      const sink = new KafkaSink({ ...options, topic, transactionalId: topic });
      const range = { subscribe: topic, startingOffsets: 'earliest' } as const;
      const source = new KafkaSource({ ...options, ...range }, textValues, { log: silentLog });
      let [going, writes, written] = [true, true, 0];
      const writing = async () => {
        for (let id = 0; going; id++, await delay(10)) {
          const values = Array.from({ length: RECORDS_PER_BATCH }, (_, i) => String(written + i));
          await sink.write({ id, time: 1_700_000_000_000 + id, batch: Batch.of(values) });
          written += RECORDS_PER_BATCH;
        }
        writes = false;
      };
      const read: string[] = [];
      const reading = async () => {
        let start = await source.open(undefined);
        for (let batchTime = 1; writes || read.length < written; batchTime++, await delay(10)) {
          const end = await source.plan(start, { batchTime, maxRecords: Number.POSITIVE_INFINITY });
          read.push(...(await source.read({ start, end })).collect());
          start = end;
        }
      };
      const happening = happens().finally(() => {
        going = false;
      });
      await Promise.all([happening, writing(), reading()]).finally(() => Promise.all([sink.close(), source.close()]));
      expect(read.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: written }, (_, i) => i));
    }

    it('lose no record and double none while each is killed in turn', async () => {
      await passOnWhile(await cluster.newTopic(3), async () => {
        for (const broker of cluster.brokers) {
          await delay(1500);
          await broker.kill();
          await delay(2000);
          broker.start();
          await cluster.ready();
        }
      });
    }, 300_000);

    it('lose no record and double none while partitions move from one to another', async () => {
      const topic = `topic-${randomBytes(6).toString('hex')}`;
      const moved = (turn: number) =>
        [0, 1, 2].map((partition) => ({ partition, replicas: [1 + ((partition + turn) % 3)] }));
      await admin.createTopics({ topics: [{ topic, replicaAssignment: moved(0) }], waitForLeaders: false });
      const leaders = async () => {
        const [described] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
        return described!.partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader);
      };
      const led = (turn: number) =>
        expect
          .poll(() => leaders().catch(() => []), { timeout: 60_000 })
          .toEqual(moved(turn).flatMap(({ replicas }) => replicas));
      await led(0);
      await passOnWhile(topic, async () => {
        for (let turn = 1; turn <= 4; turn++) {
          await delay(700);
          const partitionAssignment = moved(turn);
          await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
          await led(turn);
        }
        await delay(700);
      });
    }, 300_000);
  });
});
