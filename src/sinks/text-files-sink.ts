import type { Sink, SinkBatch } from '../contracts/sink.ts';
import { type TextFilesOptions, writeBatchDirectory } from './batch-directory.ts';
import { recordText } from './record-text.ts';

/** Writes each batch to a directory of text files, one line a record. A batch that comes again replaces its directory, so exactly-once. */
export class TextFilesSink implements Sink {
  readonly #options: TextFilesOptions;

  constructor(options: TextFilesOptions) {
    this.#options = options;
  }

  async write(batch: SinkBatch<unknown>): Promise<void> {
    await writeBatchDirectory('text files', this.#options, batch, recordText);
  }

  async close(): Promise<void> {}
}
