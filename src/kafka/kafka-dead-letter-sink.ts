import type { RejectedRecord } from '../contracts/graph.ts';
import type { Sink } from '../contracts/sink.ts';
import { excerpt } from '../errors.ts';
import type { KafkaHeader, KafkaRecord } from './kafka-record.ts';
import { KafkaSink, type KafkaSinkOptions } from './kafka-sink.ts';
import type { OutputRecord } from './output-record.ts';

/** What the policy `divert` gives a sink. */
type Diverted = RejectedRecord & { readonly batch: number; readonly message: string };

/**
 * A sink for the policy `{ divert: sink }`: a dead-letter topic. A record that came from Kafka is written as it was, key, value
 * and headers, and more headers say where it stood and what was wrong with it: `millrace.topic`, `.partition`, `.offset`,
 * `.timestamp`; of any record `millrace.operator`, `.position`, `.batch`, `.error`. What is no Kafka record is written as text.
 *
 * With a `transactionalId`, other than that of any other sink, each bad record is there once.
 */
export function kafkaDeadLetterSink(options: KafkaSinkOptions & { readonly topic: string }): Sink {
  const sink = new KafkaSink(options);
  return {
    write: (batch) => sink.write({ ...batch, batch: batch.batch.map((record) => deadLetterOf(record as Diverted)) }),
    retryNoMore: () => sink.retryNoMore(),
    close: () => sink.close(),
  };
}

function deadLetterOf({ record, operator, position, batch, message }: Diverted): OutputRecord {
  const failure = { operator, position, batch, error: message };
  if (!isKafkaRecord(record)) return { value: textOf(record), headers: headersOf(failure) };
  const { key, value, topic, partition, offset, timestamp, headers } = record;
  return { key, value, headers: [...headers, ...headersOf({ topic, partition, offset, timestamp, ...failure })] };
}

function headersOf(values: Readonly<Record<string, string | number>>): KafkaHeader[] {
  return Object.entries(values).map(([name, value]) => ({
    key: `millrace.${name}`,
    value: Buffer.from(String(value)),
  }));
}

function isKafkaRecord(record: unknown): record is KafkaRecord {
  return (
    typeof record === 'object' && record !== null && 'topic' in record && 'offset' in record && 'headers' in record
  );
}

function textOf(record: unknown): Uint8Array | string {
  return typeof record === 'string' || record instanceof Uint8Array
    ? record
    : excerpt(record, Number.POSITIVE_INFINITY);
}
