import {
  type DStream,
  type Examples,
  jsonColumns,
  KafkaSource,
  kafkaRecords,
  type Offset,
  type RecordFormat,
  recordBlocks,
  StreamingContext,
  StreamingKMeans,
  silentLog,
  textValues,
} from 'millrace';
import { type BenchBroker, clientOf, FIELDS } from './kafka-topics.ts';

const RANGE_RECORDS = 100_000;
const FORMATS = { blocks: recordBlocks, texts: textValues, records: kafkaRecords } as const;

/** Records a second of kafkajs's consumer, from its first batch to its last. */
export async function kafkajsRate({ bootstrapServers }: BenchBroker, topic: string, records: number): Promise<number> {
  const groupId = `bench-${process.pid}-${Math.random()}`;
  const consumer = clientOf(bootstrapServers).consumer({ groupId, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let [read, begun] = [0, 0];
  const ms = await new Promise<number>((resolve) => {
    void consumer.run({
      eachBatchAutoResolve: true,
      eachBatch: async ({ batch }) => {
        if (read === 0) begun = performance.now();
        read += batch.messages.length;
        if (read >= records) resolve(performance.now() - begun);
      },
    });
  });
  await consumer.disconnect();
  return (1000 * read) / ms;
}

/** Records a second of our source, planned and read in ranges of 100,000. */
export async function rangeRate(broker: BenchBroker, topic: string, format: keyof typeof FORMATS): Promise<number> {
  const { ms, records } = await readAll(broker, topic, FORMATS[format] as RecordFormat<unknown>, RANGE_RECORDS);
  return (1000 * records) / ms.reduce((sum, each) => sum + each, 0);
}

/** How long the source takes for each batch of so many records, milliseconds: to plan it and to read it. */
export async function batchTimes(broker: BenchBroker, topic: string, batchRecords: number): Promise<readonly number[]> {
  return (await readAll(broker, topic, recordBlocks, batchRecords)).ms;
}

/** Records a second through a stream, from their bytes to columns that nobody learns from. */
export function columnsRate(broker: BenchBroker, topic: string): Promise<number> {
  return streamRate(broker, topic, (columns) => columns.foreachRDD(() => {}));
}

/** The same to a k-means that has learned them. */
export function trainingRate(broker: BenchBroker, topic: string): Promise<number> {
  const model = new StreamingKMeans({ k: 10 }).setRandomCenters(FIELDS.length, 0, 1);
  return streamRate(broker, topic, (columns) => model.trainOn(columns));
}

async function streamRate(
  { bootstrapServers }: BenchBroker,
  topic: string,
  use: (columns: DStream<Examples>) => void,
): Promise<number> {
  const context = new StreamingContext(1, { emptyBatches: 'skip', log: silentLog });
  const options = {
    startingOffsets: 'earliest',
    endingOffsets: 'latest',
    maxOffsetsPerTrigger: RANGE_RECORDS,
  } as const;
  const blocks = context.kafkaStream({ bootstrapServers, subscribe: topic, ...options, format: recordBlocks });
  use(jsonColumns(blocks, { features: FIELDS }));
  let records = 0;
  context.addStreamingListener({
    onBatchCompleted: ({ numRecords }) => {
      records += numRecords;
    },
  });
  const begun = performance.now();
  await context.start();
  await context.awaitTermination();
  return (1000 * records) / (performance.now() - begun);
}

async function readAll<T>(
  { bootstrapServers }: BenchBroker,
  topic: string,
  format: RecordFormat<T>,
  maxOffsetsPerTrigger: number,
): Promise<{ ms: readonly number[]; records: number }> {
  const options = { bootstrapServers, subscribe: topic, startingOffsets: 'earliest', maxOffsetsPerTrigger } as const;
  const source = new KafkaSource(options, format, { log: silentLog });
  let start: Offset = await source.open(undefined);
  const ms: number[] = [];
  for (let [batchTime, records] = [1, 0]; ; batchTime++) {
    const begun = performance.now();
    const end = await source.plan(start, { batchTime, maxRecords: Number.POSITIVE_INFINITY });
    const read = (await source.read({ start, end })).count();
    if (read === 0) {
      await source.close();
      return { ms, records };
    }
    ms.push(performance.now() - begun);
    records += read;
    start = end;
  }
}
