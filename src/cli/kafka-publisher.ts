import { Batch, type Clock, KafkaSink, systemClock } from '../index.ts';
import { parseKafkaUrl } from './kafka-url.ts';
import { checkRate, linesOf, type Pace, pacedLines } from './paced-lines.ts';

export interface KafkaPublisherOptions extends Omit<Pace, 'linesPerChunk'> {
  /** Whether a file's header is published too. Default false. */
  readonly withHeader?: boolean;
  readonly clock?: Clock;
}

const LINES_PER_WRITE = 5000;

/**
 * Writes lines to a topic, one record each, spread over its partitions, until they end or `signal` is aborted. Returns how many
 * they were. `lines` is a file, or anything that gives lines. Throws `UsageError` where there is no such file or topic.
 */
export async function publishToKafka(
  lines: string | Iterable<string>,
  url: string,
  { withHeader = false, clock = systemClock, ...pace }: KafkaPublisherOptions,
  signal: AbortSignal,
): Promise<number> {
  checkRate(pace.rowsPerSecond);
  const { connection, topic, settings } = parseKafkaUrl(url, '--sink', ['compression']);
  const published = typeof lines === 'string' ? await linesOf(lines, withHeader) : lines;
  const sink = new KafkaSink({ ...connection, topic, ...settings });
  let count = 0;
  try {
    let id = 0;
    for await (const chunk of pacedLines(published, { ...pace, linesPerChunk: LINES_PER_WRITE }, clock, signal)) {
      await sink.write({ id: id++, time: clock.now(), batch: Batch.of(chunk) });
      count += chunk.length;
    }
  } finally {
    await sink.close();
  }
  return count;
}
