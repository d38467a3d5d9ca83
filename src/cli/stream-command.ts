/** What `train` and `score` share: the options that describe a stream, and running it until it ends or is stopped. */
import { type Command, Option } from 'commander';
import { type BadRecords, type BatchProgress, type EmptyBatches, StreamingContext, UsageError } from '../index.ts';
import { badRecordsPolicy } from './bad-records-option.ts';
import { names, wholeNumber } from './option-values.ts';
import { ProgressLine } from './progress-line.ts';
import { type CsvStream, isStored, openSource, parseSource, type SourceOptions } from './stream-source.ts';

export interface StreamOptions extends SourceOptions {
  readonly source: string;
  readonly features?: readonly string[];
  readonly batchDuration?: string;
  readonly checkpoint?: string;
  readonly badRecords: BadRecords;
  readonly emptyBatches: EmptyBatches;
  readonly quiet?: boolean;
}

export function addStreamOptions(command: Command): Command {
  return requireOption(command, 'source', 'where the records come from')
    .option(
      '--source <where>',
      'socket://HOST:PORT, kafka://HOST:PORT/TOPIC?startingOffsets=earliest, a CSV file, a directory, or generator:NAME?OPTIONS',
    )
    .option('--columns <names>', 'names of the CSV columns, with commas; a file has them in its first line', names)
    .option('--header', 'leave out lines that only name the columns')
    .option('--features <names>', 'columns to use, in this order; hour(NAME) is the hour in a date', names)
    .option('--batch-duration <time>', "time between batches (default: '1 second'; '10 ms' for stored data)")
    .option(
      '--max-records-per-batch <n>',
      'most records a batch (default: no limit; 1000 for stored data)',
      wholeNumber,
    )
    .option(
      '--min-records-per-batch <n>',
      'records that a batch of a socket or of Kafka waits for (default: 1)',
      wholeNumber,
    )
    .option('--checkpoint <directory>', 'commit every batch here, and go on from there when started again')
    .option(
      '--bad-records <policy>',
      'a record that is not as expected ends the run (fail), is skipped and counted (skip), or is also kept in ' +
        'directories PREFIX-TIME.json (divert:PREFIX) or a Kafka topic (divert:kafka://HOST:PORT/TOPIC)',
      badRecordsPolicy,
      'fail',
    )
    .addOption(
      new Option('--empty-batches <policy>', 'a batch time without records is run, so that models decay, or skipped')
        .choices(['run', 'skip'])
        .default('skip'),
    )
    .addOption(
      new Option('--on-end <what>', 'when a socket is closed: end, or connect again')
        .choices(['end', 'reconnect'])
        .default('end'),
    )
    .option('--connect-attempts <n>', 'failed connections in a row after which a socket is given up', wholeNumber, 3)
    .option('--resume', 'tell the sender how many lines are here; it must be `millrace publish --resume`')
    .option('--quiet', 'no line a batch on standard error');
}

/** Refuses a command line without the option. Commander's own `requiredOption` would hide a misspelt one behind that. */
export function requireOption(command: Command, name: string, expected: string): Command {
  return command.hook('preAction', () => {
    if (command.getOptionValue(name) !== undefined) return;
    throw new UsageError('bad-option', `--${name}: expected ${expected}, got none`);
  });
}

/** The columns that make the features: those that were named, else all but `label`. */
export function featuresOf({ columns }: CsvStream, { features }: StreamOptions, label?: string): readonly string[] {
  const chosen = features ?? columns.names.filter((name) => name !== label);
  if (chosen.length === 0) throw new UsageError('bad-option', '--features: expected at least one column, got none');
  return chosen;
}

/** Makes the context and its source, lets `build` put the rest on it, and runs until the source ends or a signal comes. */
export async function runStream(
  options: StreamOptions,
  build: (stream: CsvStream, context: StreamingContext) => void | Promise<void>,
): Promise<void> {
  const source = await parseSource(options.source);
  const batchDuration = options.batchDuration ?? (isStored(source) ? '10 ms' : '1 second');
  await runContext({ ...options, batchDuration }, async (context) =>
    build(await openSource(context, source, options), context),
  );
}

/** Makes the context, lets `build` put everything on it, and runs until the sources end or a signal comes. */
export async function runContext(
  options: StreamOptions & { readonly batchDuration: string },
  build: (context: StreamingContext) => void | Promise<void>,
): Promise<void> {
  const { batchDuration, badRecords, emptyBatches } = options;
  const context = new StreamingContext(batchDuration, { badRecords, emptyBatches, stopOnSignals: true });
  if (options.checkpoint !== undefined) context.checkpoint(options.checkpoint);
  await build(context);
  const progressLine = new ProgressLine(lossOf);
  if (!options.quiet) context.addStreamingListener(progressLine);
  try {
    await context.start();
    await context.awaitTermination();
  } finally {
    progressLine.end();
  }
}

/** There is one learner, so its name says nothing. */
function lossOf(metrics: BatchProgress['metrics']): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) => (name.endsWith('.loss') ? [['loss', value]] : [])),
  );
}
