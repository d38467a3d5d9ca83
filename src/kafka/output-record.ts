import { excerpt, UsageError } from '../errors.ts';
import type { ProducerRecord } from './kafka-record.ts';

/** What a Kafka sink writes: a value alone, or with key, headers, partition, timestamp, and a topic of its own. */
export type OutputRecord = Uint8Array | string | null | (Omit<ProducerRecord, 'topic'> & { readonly topic?: string });

/** With the sink's topic where it has none. Throws `UsageError` where it is nothing that Kafka keeps. */
export function producerRecordOf(record: OutputRecord, topic: string | undefined): ProducerRecord {
  if (topic !== undefined && isPart(record)) return { topic, value: record };
  const full = isPart(record) ? { value: record } : record;
  const target = full?.topic ?? topic;
  if (target === undefined) {
    throw new UsageError(
      'bad-option',
      `Kafka sink: expected a topic, got none for ${excerpt(record)}; give the sink one`,
    );
  }
  if (full !== undefined && fits(full))
    return full.topic === target ? (full as ProducerRecord) : { ...full, topic: target };
  const expected =
    'text or bytes, alone or as { value, key, headers, partition, topic, timestamp } with a time in whole milliseconds';
  throw new UsageError('wrong-type', `Kafka sink: expected ${expected}, got ${excerpt(record)}; map it first`);
}

function fits({ value, key, headers = [], timestamp = 0 }: Omit<ProducerRecord, 'topic'>): boolean {
  return (
    isPart(value) &&
    (key === undefined || isPart(key)) &&
    Array.isArray(headers) &&
    headers.every((header) => typeof header?.key === 'string' && isPart(header.value)) &&
    Number.isSafeInteger(timestamp) &&
    timestamp >= 0
  );
}

function isPart(value: unknown): value is Uint8Array | string | null {
  return typeof value === 'string' || value === null || value instanceof Uint8Array;
}
