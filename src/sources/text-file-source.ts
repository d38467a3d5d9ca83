import * as fs from 'node:fs/promises';
import { Batch } from '../batch/batch.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { messageOf, UsageError } from '../errors.ts';
import { splitLines } from './file-stream-source.ts';
import { checkedLimits, type RecordLimits, withinLimits } from './record-limits.ts';

export interface TextFileOptions extends RecordLimits {
  /** Lines at the top that are no records, such as a header. Default 0. */
  readonly skipLines?: number;
}

/**
 * The lines of one stored file as a stream that ends: for training on history, with the same program that later reads the
 * live stream. The offset is the number of lines taken. The file is held in memory while the source is open.
 */
export class TextFileSource implements Source<string> {
  readonly replayable = true;
  readonly #file: string;
  readonly #limits: Required<RecordLimits>;
  readonly #skipLines: number;
  #lines: readonly string[] = [];

  constructor(file: string, options: TextFileOptions = {}) {
    this.#file = file;
    this.#limits = checkedLimits('textFile', options);
    this.#skipLines = options.skipLines ?? 0;
    if (!Number.isSafeInteger(this.#skipLines) || this.#skipLines < 0) {
      throw new UsageError('bad-option', `textFile: expected a whole number of skipLines, got ${this.#skipLines}`);
    }
  }

  async open(from: Offset | undefined): Promise<Offset> {
    const text = await fs.readFile(this.#file, 'utf8').catch((cause) => {
      throw new UsageError('not-found', `textFile: can't read ${this.#file} (${messageOf(cause)})`, { cause });
    });
    this.#lines = splitLines(text).slice(this.#skipLines);
    return from ?? 0;
  }

  async plan(start: Offset, { maxRecords }: PlanRequest): Promise<Offset> {
    const taken = start as number;
    return taken + withinLimits(Math.max(0, this.#lines.length - taken), true, maxRecords, this.#limits);
  }

  async read({ start, end }: OffsetRange): Promise<Batch<string>> {
    return Batch.of(this.#lines.slice(start as number, end as number));
  }

  async commit(): Promise<void> {}

  endedAt(offset: Offset): boolean {
    return (offset as number) >= this.#lines.length;
  }

  async close(): Promise<void> {
    this.#lines = [];
  }
}
