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
  const { key, headers = [] } = full;
  const fits = isPart(full.value) && (key === undefined || isPart(key)) && headers.every(({ value }) => isPart(value));
  if (fits) return full.topic === target ? (full as ProducerRecord) : { ...full, topic: target };
  throw new UsageError(
    'wrong-type',
    `Kafka sink: expected text or bytes, alone or as { value, key, headers, partition, topic }, got ${excerpt(record)}; map it first`,
  );
}

function isPart(value: unknown): value is Uint8Array | string | null {
  return typeof value === 'string' || value === null || value instanceof Uint8Array;
}
