import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/host/clock.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { kafkaLog } from './java/java-client.ts';
import { messagesOf, sendText, transactionalProducer } from './transactions.ts';

describeWithKafka(
  'reading a range, only what was committed,',
  KAFKA_VERSIONS,
  ({ kafka, bootstrapServers, libs, newTopic }) => {
    const client = new KafkaClient({ bootstrapServers, retryTimeout: '10 seconds' }, systemClock);
    afterAll(() => client.close());

    /** The values in [start, end) of partition 0; by default all up to the last stable offset. */
    async function values(topic: string, start = 0, end?: number): Promise<string[]> {
      const [latest] = await client.offsets([{ topic, partition: 0 }], 'latest');
      const [records] = await client.read([{ topic, partition: 0, start, end: end ?? latest! }]);
      return Array.from({ length: records!.length }, (_, i) => String(records!.valueAt(i)));
    }

    /** The same, each offset read as a range of its own. */
    async function valuesOneByOne(topic: string): Promise<string[]> {
      const [latest] = await client.offsets([{ topic, partition: 0 }], 'latest');
      const read: string[] = [];
      for (let offset = 0; offset < latest!; offset++) read.push(...(await values(topic, offset, offset + 1)));
      return read;
    }

    it('leaves out two transactions that overlap and are aborted in the other order', async () => {
      const topic = await newTopic();
      const [a, b] = [transactionalProducer(kafka, `${topic}-a`), transactionalProducer(kafka, `${topic}-b`)];
      await Promise.all([a.connect(), b.connect()]);
      const first = await a.transaction();
      await first.send(messagesOf(topic, ['a0', 'a1']));
      const second = await b.transaction();
      await second.send(messagesOf(topic, ['b0']));
      await first.send(messagesOf(topic, ['a2']));
      await second.abort();
      await first.abort();
      const third = await a.transaction();
      await third.send(messagesOf(topic, ['a3']));
      await third.commit();
      await Promise.all([a.disconnect(), b.disconnect()]);
      await expect.poll(() => values(topic)).toEqual(['a3']);
      expect(await valuesOneByOne(topic)).toEqual(['a3']);
    });

    it('leaves out two aborted transactions of one producer, and none between', async () => {
      const topic = await newTopic();
      await sendText(kafka, topic, [
        { abort: ['a0'] },
        { commit: ['c0', 'c1'] },
        { abort: ['a1'] },
        { plain: ['p0'] },
        { abort: ['a2'] },
        { commit: ['c2'] },
      ]);
      const committed = ['c0', 'c1', 'p0', 'c2'];
      await expect.poll(() => values(topic)).toEqual(committed);
      expect(await valuesOneByOne(topic)).toEqual(committed);
    });

    it('leaves out an aborted transaction that is longer than a response', async () => {
      const topic = await newTopic();
      const producer = transactionalProducer(kafka, topic);
      await producer.connect();
      const big = 'x'.repeat(50_000);
      await (await begun(producer, messagesOf(topic, ['small'.repeat(10)]))).commit();
      const aborted = await producer.transaction();
      for (let i = 0; i < 60; i++) await aborted.send(messagesOf(topic, [`${i} ${big}`]));
      await aborted.abort();
      await (await begun(producer, messagesOf(topic, ['last']))).commit();
      await producer.disconnect();
      await expect.poll(() => values(topic)).toEqual(['small'.repeat(10), 'last']);
    });

    it('leaves out an aborted record whose key looks like a marker', async () => {
      const topic = await newTopic();
      const producer = transactionalProducer(kafka, topic);
      await producer.connect();
      const message = { topic, messages: [{ key: Buffer.alloc(4), value: 'aborted' }] };
      const transaction = await producer.transaction();
      await transaction.send(message);
      await transaction.send(message);
      await transaction.abort();
      await (await begun(producer, messagesOf(topic, ['committed']))).commit();
      await producer.disconnect();
      await expect.poll(() => values(topic)).toEqual(['committed']);
      expect(await valuesOneByOne(topic)).toEqual(['committed']);
    });

    it('ends before a transaction that is open, and goes on when it is committed', async () => {
      const topic = await newTopic();
      await sendText(kafka, topic, [{ plain: ['before'] }]);
      const producer = transactionalProducer(kafka, topic);
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send(messagesOf(topic, ['within']));
      await sendText(kafka, topic, [{ plain: ['after'] }]);
      const [latest] = await client.offsets([{ topic, partition: 0 }], 'latest');
      expect(latest).toBe(1);
      await expect.poll(() => values(topic)).toEqual(['before']);
      await transaction.commit();
      await producer.disconnect();
      await expect.poll(() => values(topic, 1)).toEqual(['within', 'after']);
    });

    it('sees aborted records, but no markers, where all records are asked for', async () => {
      const topic = await newTopic();
      await sendText(kafka, topic, [{ abort: ['a'] }, { commit: ['c'] }]);
      const uncommitted = new KafkaClient({ bootstrapServers }, systemClock, 'read_uncommitted');
      const [end] = await uncommitted.offsets([{ topic, partition: 0 }], 'latest');
      const [records] = await uncommitted.read([{ topic, partition: 0, start: 0, end: end! }]);
      await uncommitted.close();
      expect(end).toBe(4);
      expect(Array.from({ length: records!.length }, (_, i) => String(records!.valueAt(i)))).toEqual(['a', 'c']);
    });

    it('reads a batch of 250,000 records', async () => {
      const topic = await newTopic({ config: { 'max.message.bytes': '50000000' } });
      await kafkaLog(libs, ['batch', bootstrapServers[0]!, topic, 250_000, 'gzip']);
      const read = await values(topic);
      expect(read).toHaveLength(250_000);
      expect(read.every((value, i) => value === String(i))).toBe(true);
      expect(await values(topic, 123_456, 123_459)).toEqual(['123456', '123457', '123458']);
    });

    it('gives all columns', async () => {
      const topic = await newTopic({ config: { 'message.timestamp.type': 'LogAppendTime' } });
      const other = await newTopic();
      const producer = kafka.producer();
      await producer.connect();
      const headers = { trace: ['1', '2'], empty: '' };
      const before = Date.now();
      await producer.send({ topic, messages: [{ key: 'k', value: null, timestamp: '1234', headers }] });
      await producer.send({
        topic: other,
        messages: [
          { value: 'é', timestamp: '1234' },
          { value: '', timestamp: '999' },
        ],
      });
      await producer.disconnect();
      const [own, others] = await client.read([
        { topic, partition: 0, start: 0, end: 1 },
        { topic: other, partition: 0, start: 0, end: 2 },
      ]);
      const { timestamp, ...rest } = own!.recordAt(0);
      expect(timestamp).toBeGreaterThanOrEqual(before - 1000);
      expect(rest).toEqual({
        ...{ topic, partition: 0, offset: 0, timestampType: 1, key: Buffer.from('k'), value: null },
        headers: [
          { key: 'trace', value: Buffer.from('1') },
          { key: 'trace', value: Buffer.from('2') },
          { key: 'empty', value: Buffer.alloc(0) },
        ],
      });
      expect([others!.recordAt(0), others!.recordAt(1)]).toMatchObject([
        { offset: 0, timestamp: 1234, timestampType: 0, key: null, value: Buffer.from('é'), headers: [] },
        { offset: 1, timestamp: 999, timestampType: 0, key: null, value: Buffer.alloc(0), headers: [] },
      ]);
    });
  },
);

type Producer = ReturnType<typeof transactionalProducer>;

/** A transaction that has sent this, and is yet to end. */
async function begun(producer: Producer, message: ReturnType<typeof messagesOf>) {
  const transaction = await producer.transaction();
  await transaction.send(message);
  return transaction;
}
