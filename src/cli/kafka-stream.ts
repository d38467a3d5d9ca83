import {
  type DStream,
  type KafkaRecord,
  type KafkaSourceOptions,
  kafkaRecords,
  messageOf,
  type PartitionNumbers,
  type SharedJob,
  type StreamingContext,
  stringDeserializer,
  UsageError,
  valueWith,
} from '../index.ts';
import { type KafkaUrl, parseKafkaUrl } from './kafka-url.ts';

/** How each setting is read that a URL may have beside those of the connection; the names are those of `KafkaReadOptions`. */
const SETTINGS: Readonly<Record<string, (value: string) => unknown>> = {
  startingOffsets: offsets,
  startingTimestamp: timestamp,
  endingOffsets: offsets,
  endingTimestamp: timestamp,
  failOnDataLoss: (value) => value !== 'false',
  isolationLevel: (value) => oneOf(['read_committed', 'read_uncommitted'], value),
  groupId: (value) => value,
  maxTriggerDelay: (value) => value,
};

/** What `kafka://HOST:PORT/TOPIC?startingOffsets=earliest` says. */
export function parseKafkaSource(source: string): KafkaUrl {
  return parseKafkaUrl(source, '--source', Object.keys(SETTINGS));
}

/** The records of a topic. */
export function kafkaStream(
  context: StreamingContext,
  { connection, topic, settings }: KafkaUrl,
  limits: Pick<KafkaSourceOptions, 'maxOffsetsPerTrigger' | 'minOffsetsPerTrigger'>,
  sharedJob?: SharedJob,
): DStream<KafkaRecord> {
  const read = Object.entries(settings).map(([name, value]): [string, unknown] => {
    try {
      return [name, SETTINGS[name]!(value)];
    } catch (error) {
      throw new UsageError('bad-option', `--source: ${name}: ${messageOf(error)}`);
    }
  });
  const options = { subscribe: topic, ...Object.fromEntries(read), ...limits };
  if (sharedJob === undefined) return context.kafkaStream({ ...connection, ...options });
  checkShared(settings);
  return context.sourceStream(sharedJob.source(options, kafkaRecords), { id: 'kafka' });
}

/** A record's value as a line. Throws `DataError` where it is no text. */
export const lineOfRecord = valueWith(stringDeserializer);

/** A share begins where the output of all shares ends, and only else where it is told. */
function checkShared({
  startingOffsets,
  endingOffsets,
  startingTimestamp,
  endingTimestamp,
}: KafkaUrl['settings']): void {
  const byPartition = [startingOffsets, endingOffsets].some((setting) => setting?.startsWith('{'));
  if (!byPartition && startingTimestamp === undefined && endingTimestamp === undefined) return;
  throw new UsageError('bad-option', '--source: with --share, expected offsets earliest or latest, got others');
}

function offsets(value: string): 'earliest' | 'latest' | PartitionNumbers {
  return value.startsWith('{') ? JSON.parse(value) : oneOf(['earliest', 'latest'], value);
}

function timestamp(value: string): number {
  const time = /^\d+$/.test(value) ? Number(value) : Date.parse(value);
  if (Number.isFinite(time)) return time;
  throw new Error(`expected milliseconds since 1970 or a date, got '${value}'`);
}

function oneOf<const T extends string>(choices: readonly T[], value: string): T {
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  throw new Error(`expected ${choices.join(', ')}, got '${value}'`);
}
