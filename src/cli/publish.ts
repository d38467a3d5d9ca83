import type { Command } from 'commander';
import { generatedLines, isGenerator, parseGenerator } from './generated-lines.ts';
import { publishToKafka } from './kafka-publisher.ts';
import { LinePublisher, type LinePublisherOptions } from './line-publisher.ts';
import { finiteNumber, wholeNumber } from './option-values.ts';

interface PublishOptions {
  readonly host: string;
  readonly port: number;
  readonly rate?: number;
  readonly repeat?: boolean;
  readonly resume?: boolean;
  readonly once?: boolean;
  readonly withHeader?: boolean;
  readonly sink?: string;
}

export function registerPublish(program: Command): void {
  program
    .command('publish')
    .summary('publish lines of text over TCP, or to a Kafka topic')
    .description(
      'Publish the lines of a file, or of a generator, over TCP: what `nc -lk` does, for several clients, at a rate, and ' +
        'so that a client can go on where it stopped. Each client gets all lines, and then the connection is closed. With ' +
        '--sink, write them to a Kafka topic instead, and exit.',
    )
    .argument('<what>', 'a file, or generator:NAME?OPTIONS')
    .option('--port <n>', 'where to listen; 0 takes any that is free', wholeNumber, 9999)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--rate <n>', 'lines a second that each client gets (default: as fast as it reads)', finiteNumber)
    .option('--repeat', 'begin again at the end, for ever')
    .option('--resume', 'wait for a first line from the client with the number of lines that it has already')
    .option('--once', 'exit when a client has had all lines')
    .option('--sink <where>', 'kafka://HOST:PORT/TOPIC, a topic that exists: one record a line')
    .option('--with-header', "send a file's header, too: a first line without numbers, before one with numbers")
    .addHelpText('after', EXAMPLES)
    .action(publish);
}

async function publish(what: string, { rate, ...options }: PublishOptions): Promise<void> {
  const lines = isGenerator(what) ? generatedLines(parseGenerator(what)) : what;
  if (options.sink !== undefined) return publishTo(options.sink, lines, rate, options);
  const publisherOptions: LinePublisherOptions = rate === undefined ? options : { ...options, rowsPerSecond: rate };
  const publisher = await LinePublisher.listen(lines, publisherOptions);
  const stop = () => void publisher.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  process.stderr.write(`publishing ${what} on ${publisher.host}:${publisher.port}\n`);
  await publisher.closed();
  process.off('SIGINT', stop).off('SIGTERM', stop);
}

async function publishTo(
  sink: string,
  lines: string | Iterable<string>,
  rowsPerSecond: number | undefined,
  { repeat, withHeader = false }: Omit<PublishOptions, 'rate'>,
): Promise<void> {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const count = await publishToKafka(lines, sink, { rowsPerSecond, repeat, withHeader }, stopped.signal);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  process.stderr.write(`published ${count} lines to ${sink}\n`);
}

const EXAMPLES = `
Examples:
  $ millrace publish datasets/flights/flights-50k.csv --port 9999 --rate 1000
  $ millrace publish 'generator:sea?seed=7&noise=0.05' --port 9999 --rate 500

  A client that asks for what it lacks loses no line and gets none twice, whoever is killed:
  $ millrace publish datasets/flights/flights-50k.csv --port 9999 --resume

  Into Kafka, as fast as it goes:
  $ millrace publish datasets/flights/flights-50k.csv --sink kafka://127.0.0.1:9092/flights`;
