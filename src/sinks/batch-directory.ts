import type { Batch } from '../batch/batch.ts';
import type { SinkBatch } from '../contracts/sink.ts';
import { MillraceError, messageOf, UsageError } from '../errors.ts';
import { writeDirectoryAtomically } from '../host/files.ts';

export interface TextFilesOptions {
  /** Path and beginning of the name. Empty: the name is the time alone. */
  readonly prefix: string;
  /** Ending of the name after a dot. Empty: none. */
  readonly suffix: string;
}

/**
 * Writes a batch to a directory `prefix-TIME[.suffix]` with one file a partition, one line a record, and `_SUCCESS`: the names
 * that Spark gives. A batch that comes again replaces its directory. `what` is what an error calls the files.
 */
export async function writeBatchDirectory(
  what: string,
  options: TextFilesOptions,
  { time, batch }: SinkBatch<unknown>,
  lineOf: (record: unknown) => string,
): Promise<void> {
  const directory = directoryNameOf(options, time);
  try {
    await writeDirectoryAtomically(directory, filesOf(batch, lineOf));
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new UsageError('io', `${what}: can't write ${directory} (${messageOf(cause)})`, { cause });
  }
}

function* filesOf(batch: Batch<unknown>, lineOf: (record: unknown) => string): Generator<[name: string, text: string]> {
  for (const [index, partition] of batch.partitions.entries()) {
    yield [`part-${String(index).padStart(5, '0')}`, partition.map((record) => `${lineOf(record)}\n`).join('')];
  }
  yield ['_SUCCESS', ''];
}

function directoryNameOf({ prefix, suffix }: TextFilesOptions, time: number): string {
  return `${prefix === '' ? '' : `${prefix}-`}${time}${suffix === '' ? '' : `.${suffix}`}`;
}
