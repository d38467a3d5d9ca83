import { expect, it, onTestFinished as onFinished } from 'vitest';
import { ConsumerStrategies, KafkaUtils } from '../../src/dstream/kafka-utils.ts';
import { StreamingContext } from '../../src/dstream/streaming-context.ts';
import { silentLog } from '../../src/host/log.ts';
import { confluentDeserializer, confluentFramed, valueWith } from '../../src/kafka/deserializers.ts';
import { kafkaDeadLetterSink } from '../../src/kafka/kafka-dead-letter-sink.ts';
import type { KafkaRDD } from '../../src/kafka/kafka-rdd.ts';
import { textValues } from '../../src/kafka/record-format.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { readCommitted } from './read-topic.ts';
import { sendText } from './transactions.ts';

const LINES = Array.from({ length: 40 }, (_, i) => `line ${i}`);

describeWithKafka('a direct stream', ['4.3.1'], ({ kafka, admin, bootstrapServers, newTopic }) => {
  const params = { 'bootstrap.servers': bootstrapServers.join(','), 'auto.offset.reset': 'earliest' };

  it('knows the offsets of its batches, and tells them to the group', async () => {
    const topic = await newTopic();
    await sendText(kafka, topic, [{ plain: LINES }]);
    const context = new StreamingContext(10, { emptyBatches: 'skip', log: silentLog });
    const strategy = ConsumerStrategies.Subscribe([topic], { ...params, 'group.id': topic });
    const ending = { endingOffsets: 'latest', maxOffsetsPerTrigger: 15, format: textValues } as const;
    const stream = KafkaUtils.createDirectStream(context, strategy, ending);
    const ranges: string[] = [];
    stream.foreachRDD((rdd) => {
      const { offsetRanges } = rdd as KafkaRDD<string>;
      for (const { fromOffset, untilOffset } of offsetRanges) ranges.push(`${fromOffset} to ${untilOffset}`);
      stream.commitAsync(offsetRanges);
    });
    await context.start();
    await context.awaitTermination();
    expect(ranges).toEqual(['0 to 15', '15 to 30', '30 to 40']);
    const [committed] = await admin.fetchOffsets({ groupId: topic });
    expect(committed?.partitions).toMatchObject([{ partition: 0, offset: '40' }]);
  });

  it('goes on where it began, when it ended before its first batch', async () => {
    const topic = await newTopic();
    await sendText(kafka, topic, [{ plain: ['before'] }]);
    const directory = await temporaryDirectory(onFinished);
    const seen: string[] = [];
    const start = async () => {
      const context = new StreamingContext(10, { emptyBatches: 'skip', log: silentLog });
      context.checkpoint(directory);
      const strategy = ConsumerStrategies.Subscribe([topic], { ...params, 'auto.offset.reset': 'latest' });
      const stream = KafkaUtils.createDirectStream(context, strategy, { format: textValues });
      stream.foreachRDD((rdd) => void seen.push(...rdd.collect()));
      await context.start();
      return context;
    };
    await (await start()).stop();
    await sendText(kafka, topic, [{ plain: ['meanwhile'] }]);
    const again = await start();
    await expect.poll(() => seen).toEqual(['meanwhile']);
    await again.stop();
  });

  it('takes of each partition what its rate allows', async () => {
    const topic = await newTopic({ partitions: 2 });
    await sendText(kafka, topic, [{ plain: LINES }]);
    const context = new StreamingContext(100, { emptyBatches: 'skip', log: silentLog });
    const strategy = ConsumerStrategies.Subscribe([topic], params);
    const stream = KafkaUtils.createDirectStream(context, strategy, {
      maxRatePerPartition: 150,
      endingOffsets: 'latest',
    });
    const sizes: number[] = [];
    stream.foreachRDD((rdd) => void sizes.push(...rdd.partitions.map(({ length }) => length)));
    await context.start();
    await context.awaitTermination();
    expect(Math.max(...sizes)).toBe(15);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(LINES.length);
    const negative = { maxRatePerPartition: -1 };
    expect(() => KafkaUtils.createDirectStream(context, strategy, negative)).toThrow(
      'expected a number above 0, got -1',
    );
  });

  it("decodes Avro with the program's own decoder, and diverts what that can't with its coordinates", async () => {
    const [topic, letters] = [await newTopic(), await newTopic()];
    // By the schema {long id}: the number in zigzag, seven bits a byte. Schema 7 is the only one.
    const decode = (schemaId: number, payload: Uint8Array): number => {
      if (schemaId !== 7) throw new Error(`no schema ${schemaId}`);
      return (payload[0]! >>> 1) ^ -(payload[0]! & 1);
    };
    const values = [
      confluentFramed(7, Buffer.of(84)),
      confluentFramed(8, Buffer.of(2)),
      confluentFramed(7, Buffer.of(1)),
    ];
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: values.map((value) => ({ value: Buffer.from(value), key: 'k' })) });
    await producer.disconnect();
    const divert = kafkaDeadLetterSink({ bootstrapServers, topic: letters, transactionalId: letters });
    const context = new StreamingContext(10, { emptyBatches: 'skip', badRecords: { divert }, log: silentLog });
    const strategy = ConsumerStrategies.SubscribePattern(`${topic.slice(0, -1)}.`, params);
    const stream = KafkaUtils.createDirectStream(context, strategy, { endingOffsets: 'latest' });
    const decoded: number[] = [];
    stream.map(valueWith(confluentDeserializer(decode))).foreachRDD((rdd) => void decoded.push(...rdd.collect()));
    await context.start();
    await context.awaitTermination();
    expect(decoded).toEqual([42, -1]);
    const [letter, ...others] = await readCommitted(bootstrapServers, letters);
    expect([letter!.key, letter!.value, others]).toEqual([Buffer.from('k'), Buffer.from(values[1]!), []]);
    const headers = Object.fromEntries(letter!.headers.map(({ key, value }) => [key, String(value)]));
    const coordinates = { 'millrace.topic': topic, 'millrace.partition': '0', 'millrace.offset': '1' };
    expect(headers).toMatchObject({ ...coordinates, 'millrace.error': expect.stringContaining('no schema 8') });
  });

  it('repeats the batch that was cut off, and goes on after it', async () => {
    const topic = await newTopic({ partitions: 1 });
    await sendText(kafka, topic, [{ plain: LINES.slice(0, 20) }, { abort: ['never'] }, { commit: LINES.slice(20) }]);
    const directory = await temporaryDirectory(onFinished);
    const seen: string[][] = [];
    const run = async (failAfter: number) => {
      const context = new StreamingContext(10, { emptyBatches: 'skip', log: silentLog });
      context.checkpoint(directory);
      const strategy = ConsumerStrategies.Assign({ [topic]: [0] }, params, { [topic]: { 0: 3 } });
      const ending = { endingOffsets: 'latest', maxOffsetsPerTrigger: 10, format: textValues } as const;
      KafkaUtils.createDirectStream(context, strategy, ending).foreachRDD((rdd) => {
        seen.push([...rdd.collect()]);
        if (seen.length === failAfter) throw new Error('cut off');
      });
      await context.start();
      await context.awaitTermination();
    };
    await expect(run(2)).rejects.toThrow('cut off');
    await run(Number.POSITIVE_INFINITY);
    expect(seen[2]).toEqual(seen[1]);
    expect([...seen.slice(0, 1), ...seen.slice(2)].flat()).toEqual(LINES.slice(3));
  });
});

it('takes the settings of a consumer by their names, and refuses others', () => {
  const servers = { 'bootstrap.servers': 'a:1,b:2' };
  const sasl = { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-256' };
  const jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="p";';
  const { options } = ConsumerStrategies.SubscribePattern('t.*', { ...servers, ...sasl, 'sasl.jaas.config': jaas });
  expect(options).toEqual({
    subscribePattern: 't.*',
    bootstrapServers: 'a:1,b:2',
    ssl: true,
    sasl: { mechanism: 'scram-sha-256', username: 'u', password: 'p' },
  });
  const refusal = (settings: Record<string, string>) => () => ConsumerStrategies.Subscribe(['t'], settings);
  expect(refusal({})).toThrow("Kafka: expected the setting 'bootstrap.servers', got none");
  expect(refusal({ ...servers, 'fetch.min.bytes': '1' })).toThrow("Kafka: unknown setting 'fetch.min.bytes'");
  expect(refusal({ ...servers, 'enable.auto.commit': 'true' })).toThrow(
    "enable.auto.commit: expected false, got 'true'",
  );
  expect(refusal({ ...servers, ...sasl })).toThrow('expected a username="…" and a password="…" in sasl.jaas.config');
  expect(refusal({ ...servers, 'auto.offset.reset': 'none' })).toThrow("expected latest, earliest, got 'none'");
});
