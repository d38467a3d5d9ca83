import { type Snapshot, snapshotToText } from '../batch/snapshot.ts';
import type { Sink, SinkBatch } from '../contracts/sink.ts';
import { excerpt, UsageError } from '../errors.ts';
import { type TextFilesOptions, writeBatchDirectory } from './batch-directory.ts';

/**
 * As `TextFilesSink`, with records that `objectFile` reads back as they were, to the bit: one line of JSON each. Records are
 * plain data: JSON values, any number, `undefined`, `bigint`, `Date` and `Float64Array`.
 */
export class ObjectFilesSink implements Sink {
  readonly #options: TextFilesOptions;

  constructor(options: TextFilesOptions) {
    this.#options = options;
  }

  async write(batch: SinkBatch<unknown>): Promise<void> {
    await writeBatchDirectory('object files', this.#options, batch, objectLine);
  }

  async close(): Promise<void> {}
}

function objectLine(record: unknown): string {
  try {
    return snapshotToText(record as Snapshot);
  } catch (cause) {
    throw new UsageError(
      'wrong-type',
      `object files: expected records of plain data (JSON values, Date, bigint, Float64Array), got ${excerpt(record)}; map them first`,
      { cause },
    );
  }
}
