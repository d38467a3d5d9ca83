import { Partitioners } from 'kafkajs';
import { afterAll, expect, it } from 'vitest';
import { StateError, UsageError } from '../../src/errors.ts';
import { systemClock } from '../../src/host/clock.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import type { ProducerRecord } from '../../src/kafka/kafka-record.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { readCommitted, readTopic } from './read-topic.ts';

describeWithKafka('a producer', KAFKA_VERSIONS, ({ bootstrapServers, newTopic }) => {
  const client = new KafkaClient({ bootstrapServers }, systemClock);
  afterAll(() => client.close());
  const values = async (topic: string) =>
    (await readCommitted(bootstrapServers, topic)).map(({ value }) => String(value));
  const ofValue = (topic: string) => (value: string) => ({ topic, value });

  it('writes records with all that they have', async () => {
    const topic = await newTopic({ partitions: 3, config: { 'retention.ms': '-1' } });
    const producer = await client.producer({});
    const headers = [
      { key: 'a', value: 'é' },
      { key: 'a', value: null },
    ];
    const record = { topic, partition: 2, key: 'k', value: Buffer.from([0, 255]), timestamp: 1234, headers };
    await producer.produce([record, { topic, partition: 1, value: null }]);
    const [second, first] = await readCommitted(bootstrapServers, topic);
    expect(first).toEqual({
      ...{ topic, partition: 2, offset: 0, timestamp: 1234, timestampType: 0 },
      ...{ key: Buffer.from('k'), value: Buffer.from([0, 255]) },
      headers: [
        { key: 'a', value: Buffer.from('é') },
        { key: 'a', value: null },
      ],
    });
    expect(second).toMatchObject({ partition: 1, key: null, value: null, headers: [] });
  });

  it('puts keys where other clients put them, and spreads records without', async () => {
    const topic = await newTopic({ partitions: 7 });
    const keyed = Array.from({ length: 200 }, (_, i): ProducerRecord => ({ topic, key: `key ${i}`, value: 'keyed' }));
    const keyless = Array.from({ length: 70 }, (): ProducerRecord => ({ topic, value: 'spread' }));
    const producer = await client.producer({});
    await producer.produce([...keyed, ...keyless]);
    const partitioner = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 7 }, (_, partitionId) => ({ partitionId, leader: 1 }) as never);
    const counts = new Array(7).fill(0);
    for (const { key, value, partition } of await readCommitted(bootstrapServers, topic)) {
      if (key === null) counts[partition]++;
      else
        expect(partition).toBe(
          partitioner({ topic, partitionMetadata, message: { key: Buffer.from(key), value: Buffer.from(value!) } }),
        );
    }
    expect(counts).toEqual([10, 10, 10, 10, 10, 10, 10]);
  });

  it('writes in order more than a broker takes at a time', async () => {
    const topic = await newTopic();
    const texts = Array.from({ length: 5000 }, (_, i) => `${i} ${'x'.repeat(500)}`);
    const producer = await client.producer({});
    await producer.produce(texts.map(ofValue(topic)));
    expect(await values(topic)).toEqual(texts);
  });

  it('makes each call one transaction', async () => {
    const [topic, other] = [await newTopic({ partitions: 2 }), await newTopic()];
    const producer = await client.producer({ transactionalId: topic });
    await producer.produce([ofValue(topic)('a'), ofValue(other)('b')]);
    await expect(
      producer.produce([...['c', 'd'].map(ofValue(topic)), { topic: other, value: 'x'.repeat(2_000_000) }]),
    ).rejects.toThrow('MESSAGE_TOO_LARGE');
    const next = await client.producer({ transactionalId: topic });
    await next.produce([ofValue(topic)('e')]);
    expect(await values(topic)).toEqual(['a', 'e']);
    expect(await values(other)).toEqual(['b']);
    const uncommitted = new KafkaClient({ bootstrapServers }, systemClock, 'read_uncommitted');
    expect(await readTopic(uncommitted, topic)).toHaveLength(4);
    await uncommitted.close();
  });

  it('is shut out from when a newer one of its transactional id is there', async () => {
    const topic = await newTopic();
    const zombie = await client.producer({ transactionalId: topic });
    await zombie.produce([ofValue(topic)('a')]);
    const successor = await client.producer({ transactionalId: topic });
    const refused = zombie.produce([ofValue(topic)('b')]);
    await expect(refused).rejects.toThrow(StateError);
    await expect(refused).rejects.toThrow(`another process writes as ${topic} since`);
    await successor.produce([ofValue(topic)('c')]);
    expect(await values(topic)).toEqual(['a', 'c']);
  });

  it('says which topic or partition is not there', async () => {
    const topic = await newTopic({ partitions: 2 });
    const produce = async (record: ProducerRecord) => (await client.producer({})).produce([record]);
    await expect(produce({ topic: 'no-such-topic', value: '' })).rejects.toThrow(UsageError);
    await expect(produce({ topic: 'no-such-topic', value: '' })).rejects.toThrow('Kafka: no topic no-such-topic');
    await expect(produce({ topic, partition: 2, value: '' })).rejects.toThrow('from 0 to 1, got 2');
  });

  it('makes a compacted topic once', async () => {
    const topic = `compacted-${await newTopic()}`;
    await client.makeCompactedTopic(topic);
    await client.makeCompactedTopic(topic);
    expect((await client.describe([topic])).get(topic)?.partitions).toEqual([0]);
  });
});
