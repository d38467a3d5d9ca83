import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import {
  Batch,
  jsonColumns,
  jsonDeserializer,
  type KafkaRecord,
  KafkaSink,
  KafkaSource,
  kafkaRecords,
  type Pair,
  recordBlocks,
  StreamingContext,
  StreamingKMeans,
  silentLog,
  textValues,
  valueWith,
  writeToKafka,
} from 'millrace';
import { type BenchBroker, clientOf, FIELDS, jsonOf, newTopic, quantile } from './kafka-topics.ts';

const BATCH_RECORDS = 10_000;
const ALL_THERE = { startingOffsets: 'earliest', endingOffsets: 'latest' } as const;

/** Milliseconds that a batch of 10,000 records of 100 bytes takes to be written to four partitions. */
export interface WriteTimes {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Ours and kafkajs's, by turns, each with and without a transaction. */
export async function writeTimes(broker: BenchBroker, rounds: number): Promise<Map<string, WriteTimes>> {
  const { bootstrapServers } = broker;
  const topic = await newTopic(broker, 4);
  const values = Array.from({ length: BATCH_RECORDS }, (_, i) => jsonOf(i));
  const plain = new KafkaSink({ bootstrapServers, topic });
  const transactional = new KafkaSink({ bootstrapServers, topic, transactionalId: topic });
  const options = { idempotent: true, maxInFlightRequests: 1, retry: { initialRetryTime: 5 } };
  const theirs = clientOf(bootstrapServers).producer(options);
  const theirsTransactional = clientOf(bootstrapServers).producer({ ...options, transactionalId: `${topic}-kafkajs` });
  await Promise.all([theirs.connect(), theirsTransactional.connect()]);
  const messages = values.map((value) => ({ value }));
  let id = 0;
  const write = (sink: KafkaSink) => sink.write({ id: id++, time: id, batch: Batch.of(values) });
  const sides: Readonly<Record<string, () => Promise<unknown>>> = {
    'Millrace, idempotent': () => write(plain),
    'kafkajs, idempotent': () => theirs.send({ topic, messages }),
    'Millrace, a transaction with the batch id': () => write(transactional),
    'kafkajs, a transaction': async () => {
      const transaction = await theirsTransactional.transaction();
      await transaction.send({ topic, messages });
      await transaction.commit();
    },
  };
  const times = new Map(Object.keys(sides).map((name): [string, number[]] => [name, []]));
  for (let round = -3; round < rounds; round++) {
    for (const [name, side] of Object.entries(sides)) {
      const begun = performance.now();
      await side();
      if (round >= 0) times.get(name)!.push(performance.now() - begun);
    }
  }
  await Promise.all([plain.close(), transactional.close(), theirs.disconnect(), theirsTransactional.disconnect()]);
  return new Map(Array.from(times, ([name, ms]) => [name, { p50Ms: quantile(ms, 0.5), p95Ms: quantile(ms, 0.95) }]));
}

/** Records a second that are read from a topic, scored and written to another one, in batches of 10,000. */
export async function scoringRate(broker: BenchBroker, input: string, exactlyOnce: boolean): Promise<number> {
  const { bootstrapServers } = broker;
  const output = await newTopic(broker, 4);
  const directory = await fs.mkdtemp(path.join(tmpdir(), 'millrace-bench-'));
  const context = new StreamingContext(1, { emptyBatches: 'skip', log: silentLog });
  if (exactlyOnce) context.checkpoint(directory);
  const source = new KafkaSource(
    { bootstrapServers, subscribe: input, ...ALL_THERE, maxOffsetsPerTrigger: BATCH_RECORDS },
    recordBlocks,
    { log: silentLog },
  );
  const columns = jsonColumns(context.sourceStream(source), { features: FIELDS });
  const scores = model().predictOn(columns);
  writeToKafka(scores, {
    ...{ bootstrapServers, topic: output },
    ...(exactlyOnce && { transactionalId: output }),
    record: String,
  });
  let records = 0;
  context.addStreamingListener({
    onBatchCompleted({ numRecords }) {
      records += numRecords;
    },
  });
  const begun = performance.now();
  await context.start();
  await context.awaitTermination();
  const seconds = (performance.now() - begun) / 1000;
  await fs.rm(directory, { recursive: true, force: true });
  return records / seconds;
}

export interface ScoringLatency {
  readonly records: number;
  /** From the producer's timestamp to the committed score in a reader's hands. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** At so many records a second, each scored and written in a transaction; producer, job and reader share this process. */
export async function scoringLatency(broker: BenchBroker, perSecond: number, seconds: number): Promise<ScoringLatency> {
  const { bootstrapServers } = broker;
  const [input, output] = [await newTopic(broker, 4), await newTopic(broker, 4)];
  const directory = await fs.mkdtemp(path.join(tmpdir(), 'millrace-bench-'));

  const job = new StreamingContext(10, { emptyBatches: 'skip', log: silentLog });
  job.checkpoint(directory);
  const source = new KafkaSource({ bootstrapServers, subscribe: input, startingOffsets: 'earliest' }, kafkaRecords);
  const parse = valueWith(jsonDeserializer);
  const keyed = job.sourceStream(source).map((record: KafkaRecord): Pair<number, number[]> => {
    const value = parse(record) as Record<string, number>;
    return [record.timestamp, FIELDS.map((field) => value[field]!)];
  });
  writeToKafka(model().predictOnValues(keyed), {
    ...{ bootstrapServers, topic: output, transactionalId: output },
    record: ([produced, score]) => `${produced},${score}`,
  });

  const latencies: number[] = [];
  let measuring = false;
  const reader = new StreamingContext(5, { emptyBatches: 'skip', log: silentLog });
  const scored = new KafkaSource({ bootstrapServers, subscribe: output, startingOffsets: 'earliest' }, textValues);
  reader.sourceStream(scored).foreachRDD((rdd) => {
    const now = Date.now();
    if (measuring) for (const line of rdd.collect()) latencies.push(now - Number(line.slice(0, line.indexOf(','))));
  });
  await Promise.all([job.start(), reader.start()]);

  const producer = new KafkaSink({ bootstrapServers, topic: input });
  const begun = performance.now();
  const warmUpMs = 3000;
  for (let sent = 0, id = 0; performance.now() - begun < warmUpMs + seconds * 1000; ) {
    measuring = performance.now() - begun > warmUpMs;
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond) - sent;
    const batch = Batch.of(Array.from({ length: due }, (_, i) => jsonOf(sent + i)));
    await producer.write({ id: id++, time: id, batch });
    sent += due;
    await after(5);
  }
  await producer.close();
  await Promise.all([job.stop(), reader.stop()]);
  await fs.rm(directory, { recursive: true, force: true });
  return { records: latencies.length, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
}

function model(): StreamingKMeans {
  const centers = Array.from({ length: 10 }, (_, k) => FIELDS.map((_, j) => (k * 10 + j) % 100));
  return new StreamingKMeans({ k: 10 }).setInitialCenters(centers, new Array(10).fill(1));
}
