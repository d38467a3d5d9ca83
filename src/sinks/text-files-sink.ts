import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Sink, SinkBatch } from '../contracts/sink.ts';
import { messageOf, UsageError } from '../errors.ts';
import { syncDirectory, writeFileAtomically } from '../host/files.ts';
import { recordText } from './record-text.ts';

export interface TextFilesOptions {
  /** Path and beginning of the name. Empty: the name is the time alone. */
  readonly prefix: string;
  /** Ending of the name after a dot. Empty: none. */
  readonly suffix: string;
}

/**
 * Writes each batch to a directory `prefix-TIME[.suffix]` with one text file a partition, one line a record, and `_SUCCESS`
 * when it is whole: the names that Spark gives. A batch that comes again replaces its directory, so the output is exactly-once.
 */
export class TextFilesSink implements Sink {
  readonly #options: TextFilesOptions;

  constructor(options: TextFilesOptions) {
    this.#options = options;
  }

  async write({ time, batch }: SinkBatch<unknown>): Promise<void> {
    const directory = fileNameOf(this.#options, time);
    const temporary = path.join(path.dirname(directory), `.${path.basename(directory)}.tmp`);
    try {
      await fs.rm(temporary, { recursive: true, force: true });
      await fs.mkdir(temporary, { recursive: true });
      for (const [index, partition] of batch.partitions.entries()) {
        const lines = partition.map((record) => `${recordText(record)}\n`).join('');
        await writeFileAtomically(path.join(temporary, `part-${String(index).padStart(5, '0')}`), lines);
      }
      await writeFileAtomically(path.join(temporary, '_SUCCESS'), '');
      await fs.rm(directory, { recursive: true, force: true });
      await fs.rename(temporary, directory);
      await syncDirectory(path.dirname(directory));
    } catch (cause) {
      throw new UsageError('io', `text files: can't write ${directory} (${messageOf(cause)})`, { cause });
    }
  }

  async close(): Promise<void> {}
}

function fileNameOf({ prefix, suffix }: TextFilesOptions, time: number): string {
  return `${prefix === '' ? '' : `${prefix}-`}${time}${suffix === '' ? '' : `.${suffix}`}`;
}
