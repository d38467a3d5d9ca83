import { once } from 'node:events';
import { type DStream, type SharedJob, UsageError, writeToKafka } from '../index.ts';
import { parseKafkaUrl } from './kafka-url.ts';

/** Where scored lines go; standard output where neither is given. */
export interface ScoreOutput {
  readonly saveAsTextFiles?: string;
  /** `kafka://HOST:PORT/TOPIC`, with `transactionalId` exactly once. */
  readonly sink?: string;
  readonly checkpoint?: string;
}

/** `format`: what the lines are. Throws `UsageError` where the options don't go together. */
export function writeScored(
  scored: DStream<string>,
  { saveAsTextFiles, sink, checkpoint }: ScoreOutput,
  sharedJob?: SharedJob,
  format: 'csv' | 'json' = 'csv',
): void {
  if (saveAsTextFiles !== undefined && sink !== undefined) {
    throw new UsageError('bad-option', '--sink: expected one of --sink and --save-as-text-files, got both');
  }
  if (sink !== undefined) writeToTopic(scored, sink, checkpoint, sharedJob);
  else if (saveAsTextFiles !== undefined) scored.saveAsTextFiles(saveAsTextFiles, format);
  else scored.foreachRDD((rdd) => print(rdd.collect()));
}

function writeToTopic(
  scored: DStream<string>,
  sink: string,
  checkpoint: string | undefined,
  sharedJob: SharedJob | undefined,
): void {
  const { connection, topic, settings } = parseKafkaUrl(sink, '--sink', ['transactionalId', 'compression']);
  if (settings.transactionalId !== undefined && checkpoint === undefined) {
    throw new UsageError(
      'bad-option',
      '--sink: a transactionalId needs a --checkpoint, which says what was written before',
    );
  }
  if (sharedJob !== undefined) scored.writeTo('writeToKafka', sharedJob.sink(topic));
  else writeToKafka(scored, { ...connection, topic, ...settings });
}

/** Returns when standard output takes more. */
async function print(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  if (!process.stdout.write(`${lines.join('\n')}\n`)) await once(process.stdout, 'drain');
}
