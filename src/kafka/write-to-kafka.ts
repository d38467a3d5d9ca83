import type { Sink } from '../contracts/sink.ts';
import { KafkaSink, type KafkaSinkOptions } from './kafka-sink.ts';
import type { OutputRecord } from './output-record.ts';

/** What is needed of a stream: a `DStream` has it. */
export interface KafkaWritable<T> {
  map<U>(f: (record: T) => U): KafkaWritable<U>;
  writeTo(kind: string, sink: Sink): void;
}

export interface WriteToKafkaOptions<T> extends KafkaSinkOptions {
  /** What to write of a record. A record that it throws on is a bad one. Default: the record as it is, an `OutputRecord`. */
  readonly record?: (record: T) => OutputRecord;
}

/**
 * Writes every batch of a stream to Kafka: an output operation, beside `saveAsTextFiles` and the like. See `KafkaSink`.
 *
 *     writeToKafka(scored, {
 *       bootstrapServers: 'localhost:9092', topic: 'scores', transactionalId: 'flight-scores',
 *       record: ([flight, score]) => ({ key: flight, value: String(score) }),
 *     });
 */
export function writeToKafka<T>(stream: KafkaWritable<T>, options: WriteToKafkaOptions<T>): void {
  const { record, ...sinkOptions } = options;
  const records = record === undefined ? stream : stream.map(record);
  records.writeTo('writeToKafka', new KafkaSink(sinkOptions));
}
