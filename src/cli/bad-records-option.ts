import { InvalidArgumentError } from 'commander';
import { type BadRecords, kafkaDeadLetterSink, TextFilesSink } from '../index.ts';
import { isKafkaUrl, parseKafkaUrl } from './kafka-url.ts';

/** `fail`, `skip`, `divert:PREFIX` or `divert:kafka://HOST:PORT/TOPIC`, as commander parses it. */
export function badRecordsPolicy(text: string): BadRecords {
  if (text === 'fail' || text === 'skip') return text;
  const [, where] = /^divert:(.+)$/.exec(text) ?? [];
  if (where === undefined) throw new InvalidArgumentError('Expected fail, skip, divert:PREFIX or divert:kafka://….');
  if (!isKafkaUrl(where)) return { divert: new TextFilesSink({ prefix: where, suffix: 'json' }) };
  const { connection, topic, settings } = parseKafkaUrl(where, '--bad-records', ['transactionalId', 'compression']);
  return { divert: kafkaDeadLetterSink({ ...connection, topic, ...settings }) };
}
