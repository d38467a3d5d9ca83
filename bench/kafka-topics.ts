import { Kafka, logLevel } from 'kafkajs';
import { Batch, KafkaSink } from 'millrace';

/** A broker to measure against. */
export interface BenchBroker {
  readonly bootstrapServers: readonly string[];
}

/** Makes a topic that nobody else has. */
export async function newTopic({ bootstrapServers }: BenchBroker, partitions: number): Promise<string> {
  const topic = `bench-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const admin = clientOf(bootstrapServers).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
  return topic;
}

/** kafkajs as it is: the opponent. */
export function clientOf(bootstrapServers: readonly string[]): Kafka {
  return new Kafka({ brokers: [...bootstrapServers], logLevel: logLevel.NOTHING });
}

/** A JSON object of ten numbers, about 100 bytes. */
export function jsonOf(i: number): string {
  const numbers = Array.from(
    { length: 10 },
    (_, j) => `"${String.fromCharCode(97 + j)}":${((i * 31 + j * 17) % 1000) / 10}`,
  );
  return `{${numbers.join(',')}}`;
}

export const FIELDS = [...'abcdefghij'];

/** Writes so many records of ten numbers each, in batches of 10,000. */
export async function fill(broker: BenchBroker, topic: string, records: number): Promise<void> {
  const sink = new KafkaSink({ bootstrapServers: broker.bootstrapServers, topic });
  for (let sent = 0; sent < records; sent += 10_000) {
    const values = Array.from({ length: Math.min(10_000, records - sent) }, (_, i) => jsonOf(sent + i));
    await sink.write({ id: sent, time: sent, batch: Batch.of(values) });
  }
  await sink.close();
}

/** The q-th part of the numbers is at most this. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}
