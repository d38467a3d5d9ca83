import * as zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import type { SinkBatch } from '../../src/contracts/sink.ts';
import { StateError, TransientError, UsageError } from '../../src/errors.ts';
import { systemClock } from '../../src/host/clock.ts';
import { seededRandom } from '../../src/host/random.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import { checkedKafkaOptions } from '../../src/kafka/kafka-options.ts';
import type { KafkaRecord } from '../../src/kafka/kafka-record.ts';
import { KafkaSink } from '../../src/kafka/kafka-sink.ts';
import type { OutputRecord } from '../../src/kafka/output-record.ts';
import { RangeReader } from '../../src/kafka/range-reader.ts';
import { CODECS, loadDecompressors } from '../../src/kafka/wire/compression.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { Checksums } from './checksums.ts';
import { kafkaLog } from './java/java-client.ts';
import { readCommitted } from './read-topic.ts';

function batchOf(id: number, records: readonly OutputRecord[], time = 1_700_000_000_000 + id): SinkBatch<OutputRecord> {
  return { id, time, batch: Batch.of(records) };
}

/** How the batches are compressed that hold these records, all of a topic. */
async function codecsOf(bootstrapServers: string[], records: readonly KafkaRecord[]): Promise<ReadonlySet<string>> {
  const cluster = new Cluster(checkedKafkaOptions({ bootstrapServers }), systemClock);
  const decompress = await loadDecompressors();
  const codecs = new Set<string>();
  const reader = new RangeReader(cluster, 'read_committed', (codec, bytes) => {
    codecs.add(CODECS[codec]!);
    return decompress(codec, bytes);
  });
  const last = new Map(records.map((record) => [record.partition, record]));
  await reader.read(
    Array.from(last.values(), ({ topic, partition, offset }) => ({ topic, partition, start: 0, end: offset + 1 })),
  );
  await cluster.close();
  return codecs;
}

describeWithKafka('a Kafka sink', KAFKA_VERSIONS, ({ bootstrapServers, libs, newTopic }) => {
  const valuesIn = async (topic: string) =>
    (await readCommitted(bootstrapServers, topic)).map(({ value }) => String(value));

  it('writes key, headers, partition and topic of each record', async () => {
    const [topic, other] = [await newTopic({ partitions: 2 }), await newTopic()];
    const sink = new KafkaSink({ bootstrapServers, topic });
    await sink.write(
      batchOf(0, [
        { key: 'k', value: 'a', partition: 1, headers: [{ key: 'h', value: 'v' }] },
        { value: Buffer.of(7), topic: other },
      ]),
    );
    expect(await readCommitted(bootstrapServers, topic)).toMatchObject([
      {
        partition: 1,
        key: Buffer.from('k'),
        value: Buffer.from('a'),
        headers: [{ key: 'h', value: Buffer.from('v') }],
      },
    ]);
    expect(await readCommitted(bootstrapServers, other)).toMatchObject([{ value: Buffer.of(7) }]);
    await sink.close();
  });

  it('shuts out an older one, which stops for good', async () => {
    const topic = await newTopic();
    const options = { bootstrapServers, topic, transactionalId: topic };
    const zombie = new KafkaSink(options);
    await zombie.write(batchOf(0, ['a']));
    const successor = new KafkaSink(options);
    await successor.write(batchOf(0, ['a']));
    await expect(zombie.write(batchOf(1, ['b']))).rejects.toThrow('another process writes as');
    await expect(zombie.write(batchOf(1, ['b']))).rejects.toThrow(StateError);
    await successor.write(batchOf(1, ['b']));
    expect(await valuesIn(topic)).toEqual(['a', 'b']);
    await Promise.all([zombie.close(), successor.close()]);
  });

  it('lets no zombie in between looking what is there and writing', async () => {
    const topic = await newTopic();
    const options = { bootstrapServers, topic, transactionalId: topic };
    const zombie = new KafkaSink(options);
    await zombie.write(batchOf(0, ['a']));
    const successor = new KafkaSink(options);
    const outcomes = await Promise.allSettled([zombie.write(batchOf(1, ['b'])), successor.write(batchOf(1, ['b']))]);
    expect(outcomes[1]!.status).toBe('fulfilled');
    expect(await valuesIn(topic)).toEqual(['a', 'b']);
    await Promise.all([zombie.close(), successor.close()]);
  });

  it('drops a batch that was there although nobody was told so', async () => {
    const topic = await newTopic();
    const options = { bootstrapServers, topic, transactionalId: topic };
    const before = new KafkaSink(options);
    for (const batch of [batchOf(0, ['a']), batchOf(3, ['b'])]) await before.write(batch);
    const after = new KafkaSink(options);
    await after.write(batchOf(3, ['b']));
    await after.write(batchOf(4, ['c']));
    expect(await valuesIn(topic)).toEqual(['a', 'b', 'c']);
    await Promise.all([before.close(), after.close()]);
  });

  it.each([
    ['a new checkpoint', 0, 1_800_000_000_000],
    ['a restored one', 4, 1_700_000_000_004],
    ['one of another run', 5, 1_700_000_000_006],
    ['one with more batches, but earlier', 9, 1_600_000_000_000],
  ])('refuses %s, which is not that of the output', async (_, id, time) => {
    const topic = await newTopic();
    const options = { bootstrapServers, topic, transactionalId: topic };
    const before = new KafkaSink(options);
    await before.write(batchOf(5, ['a']));
    const after = new KafkaSink(options);
    await expect(after.write(batchOf(id, ['b'], time))).rejects.toMatchObject({ code: 'does-not-fit' });
    await expect(after.write(batchOf(id, ['b'], time))).rejects.toThrow(
      'expected a batch after number 5 of 2023-11-14T22:13:20.005Z',
    );
    expect(await valuesIn(topic)).toEqual(['a']);
    await Promise.all([before.close(), after.close()]);
  });

  it.each([
    ['in transactions', true],
    ['without', false],
  ])('writes with each codec what Java reads, %s', async (_, exactlyOnce) => {
    const topic = await newTopic({ partitions: 2 });
    const random = seededRandom(5);
    const value = (i: number) => (i % 3 === 0 ? Buffer.from(Float64Array.of(random.next()).buffer) : `value ${i}`);
    const written = new Map<string, Buffer>();
    const codecs = CODECS.filter((codec) => codec !== 'zstd' || 'zstdCompressSync' in zlib);
    for (const compression of codecs) {
      const id = exactlyOnce && { transactionalId: `${topic}-${compression}` };
      const sink = new KafkaSink({ bootstrapServers, topic, compression, ...id });
      const records = Array.from({ length: 3000 }, (_, i) => ({ key: `${compression} ${i}`, value: value(i) }));
      await sink.write(batchOf(0, records));
      await sink.close();
      for (const record of records) written.set(record.key, Buffer.from(record.value));
    }
    const read = await readCommitted(bootstrapServers, topic);
    expect(new Map(read.map((record) => [String(record.key), record.value]))).toEqual(written);
    expect(await codecsOf(bootstrapServers, read)).toEqual(new Set(codecs));
    const checksums = new Checksums(2);
    for (const record of read) checksums.addRecord(record);
    const lines = await kafkaLog(libs, ['read', bootstrapServers.join(','), topic, 'read_committed']);
    expect(lines).toEqual(checksums.lines());
  });

  it('is not tried again when it is stopped before its first batch', async () => {
    const unreachable = { bootstrapServers: '127.0.0.1:1', retryTimeout: '1 hour' } as const;
    for (const options of [{}, { transactionalId: 'never' }]) {
      const sink = new KafkaSink({ ...unreachable, ...options, topic: 'never' });
      sink.retryNoMore();
      await expect(sink.write(batchOf(0, ['a']))).rejects.toThrow(TransientError);
      await sink.close();
    }
    const client = new KafkaClient(unreachable, systemClock);
    client.retryNoMore();
    await expect(client.seeing('read_uncommitted').describe('all')).rejects.toThrow(TransientError);
    await client.close();
  });

  it('refuses records that Kafka does not keep, and options out of range', async () => {
    const topic = await newTopic();
    const sink = new KafkaSink({ bootstrapServers, topic });
    const write = (record: unknown) => sink.write(batchOf(0, [record as OutputRecord]));
    await expect(write({ id: 1 })).rejects.toThrow('Kafka sink: expected text or bytes');
    await expect(write(7)).rejects.toThrow(UsageError);
    await expect(new KafkaSink({ bootstrapServers }).write(batchOf(0, ['a']))).rejects.toThrow(
      'expected a topic, got none',
    );
    expect(() => new KafkaSink({ bootstrapServers, topic, transactionalId: 'a b' })).toThrow('letters, digits and ._-');
    expect(() => new KafkaSink({ bootstrapServers, topic, transactionTimeout: 'soon' })).toThrow('transactionTimeout');
    expect(() => new KafkaSink({ bootstrapServers: [], topic })).toThrow('bootstrapServers');
  });
});
