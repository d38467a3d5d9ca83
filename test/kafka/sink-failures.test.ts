import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { KafkaSink } from '../../src/kafka/kafka-sink.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { type KafkaCluster, startKafka } from './broker/start-kafka.ts';
import { readCommitted } from './read-topic.ts';

const RECORDS_PER_BATCH = 100;

// These have a broker of their own, since they kill it.
describeWithKafka('a Kafka sink', ['4.3.1'], () => {
  describe('of a broker that is killed and started again under load', () => {
    let cluster: KafkaCluster | undefined;
    afterEach(() => cluster?.stop());

    // A broker that stands alone and is killed between the decision to commit and the markers that say so may take the transaction for done
    // when it is back, and write none (seen with 4.3.1, in its logs): then no reader of what is committed gets on, whoever wrote it.
    it.each([
      ['in transactions', true, 3],
      ['without', false, 1],
    ])(
      'has written each record once, %s',
      async (_, exactlyOnce, nodes) => {
        cluster = await startKafka({ nodes });
        const options = { bootstrapServers: cluster.bootstrapServers, requestTimeout: '5 seconds' } as const;
        const topic = await cluster.newTopic(3);
        const sink = new KafkaSink({ ...options, topic, ...(exactlyOnce && { transactionalId: topic }) });
        const over = killed(cluster, 3);
        let going = true;
        void over.finally(() => {
          going = false;
        });
        let batches = 0;
        for (; going; batches++) {
          const first = batches * RECORDS_PER_BATCH;
          const values = Array.from({ length: RECORDS_PER_BATCH }, (_, i) => String(first + i));
          await sink.write({ id: batches, time: 1_700_000_000_000 + batches, batch: Batch.of(values) });
          await delay(5);
        }
        await over;
        await sink.close();
        const written = (await readCommitted(cluster.bootstrapServers, topic))
          .map(({ value }) => Number(value))
          .sort((a, b) => a - b);
        expect(written).toEqual(Array.from({ length: batches * RECORDS_PER_BATCH }, (_, i) => i));
      },
      240_000,
    );
  });
});

async function killed(cluster: KafkaCluster, times: number): Promise<void> {
  for (let kill = 0; kill < times; kill++) {
    const broker = cluster.brokers[kill % cluster.brokers.length];
    await delay(1500 + 300 * kill);
    await broker!.kill();
    await delay(300);
    broker!.start();
    await cluster.ready();
  }
  await delay(500);
}
