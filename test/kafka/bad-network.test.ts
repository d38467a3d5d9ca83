import { afterEach, beforeEach, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { KafkaSink } from '../../src/kafka/kafka-sink.ts';
import { BadNetwork } from './bad-network.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { type KafkaCluster, startKafka } from './broker/start-kafka.ts';
import { readCommitted } from './read-topic.ts';

const [BATCHES, RECORDS_PER_BATCH] = [200, 50];

// These have a broker of their own, since clients must reach it through the network.
describeWithKafka('a Kafka sink behind a network that breaks connections', ['4.3.1'], () => {
  let network: BadNetwork;
  let cluster: KafkaCluster | undefined;
  beforeEach(async () => {
    network = await BadNetwork.listening(20261121);
    cluster = await startKafka({ relayedBy: (port) => network.leadTo(port) });
  }, 120_000);
  afterEach(async () => {
    await cluster?.stop();
    network.close();
  });

  it.each([
    ['in transactions', true],
    ['without', false],
  ])(
    'has written each record once, %s',
    async (_, exactlyOnce) => {
      const options = { bootstrapServers: `127.0.0.1:${network.port}`, requestTimeout: '2 seconds' } as const;
      const topic = await cluster!.newTopic(3);
      const sink = new KafkaSink({ ...options, topic, ...(exactlyOnce && { transactionalId: topic }) });
      network.bad = true;
      for (let id = 0; id < BATCHES; id++) {
        const values = Array.from({ length: RECORDS_PER_BATCH }, (_, i) => String(id * RECORDS_PER_BATCH + i));
        await sink.write({ id, time: 1_700_000_000_000 + id, batch: Batch.of(values) });
      }
      await sink.close();
      network.bad = false;
      const written = (await readCommitted([options.bootstrapServers], topic))
        .map(({ value }) => Number(value))
        .sort((a, b) => a - b);
      expect(network.broken).toBeGreaterThan(10);
      expect(written).toEqual(Array.from({ length: BATCHES * RECORDS_PER_BATCH }, (_, i) => i));
    },
    240_000,
  );
});
