import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Batch } from '../batch/batch.ts';
import type { LineBlock } from '../batch/line-block.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import { snapshotFromText } from '../batch/snapshot.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { DataError, excerpt, messageOf, UsageError } from '../errors.ts';
import { mapFiles } from '../host/files.ts';
import { checkedLimits, type RecordLimits, withinLimits } from './record-limits.ts';
import { StoredLines } from './stored-lines.ts';

export interface TextFileOptions extends RecordLimits {
  /** Lines at the top of each file that are no records, such as a header. Default 0. */
  readonly skipLines?: number;
}

/** What the lines of a stored file become. */
export interface LineFormat<T> {
  /** What messages call the file. */
  readonly name: string;
  /** The records of the lines from `start` to before `end`. */
  recordsOf(lines: StoredLines, start: number, end: number): readonly T[];
}

export const textLine: LineFormat<string> = {
  name: 'textFile',
  recordsOf: (lines, start, end) => lines.slice(start, end),
};

/** All lines of a batch in one record, or one a file, as bytes: for who reads millions. Limits still count lines. */
export const lineBlocks: LineFormat<LineBlock> = {
  name: 'textFile',
  recordsOf: (lines, start, end) => lines.blocks(start, end),
};

/** A line that `saveAsObjectFiles` wrote. The type of the record is what the program says it is. */
export function objectLine<T>(): LineFormat<T> {
  return { name: 'objectFile', recordsOf: (lines, start, end) => lines.slice(start, end).map(objectOf<T>) };
}

function objectOf<T>(line: string): T {
  try {
    return snapshotFromText(line) as T;
  } catch (cause) {
    const message = `objectFile: expected a line of JSON, got ${excerpt(line)} (${messageOf(cause)})`;
    throw new DataError('bad-record', message, { cause });
  }
}

/**
 * The lines of one stored file, or of the files of one directory by their names, as a stream that ends: for training on
 * history, with the same program that later reads the live stream. In a directory, names that begin with a dot or an
 * underscore are no data, as in Spark. The offset is the number of lines taken. The files are held in memory while the source
 * is open, as they are.
 */
export class TextFileSource<T = string> implements Source<T> {
  readonly replayable = true;
  readonly #path: string;
  readonly #format: LineFormat<T>;
  readonly #limits: Required<RecordLimits>;
  readonly #skipLines: number;
  #lines = new StoredLines([], 0);

  constructor(path: string, format: LineFormat<T>, options: TextFileOptions = {}) {
    this.#path = path;
    this.#format = format;
    this.#limits = checkedLimits(format.name, options);
    this.#skipLines = options.skipLines ?? 0;
    if (!Number.isSafeInteger(this.#skipLines) || this.#skipLines < 0) {
      throw new UsageError(
        'bad-option',
        `${format.name}: expected a whole number of skipLines, got ${this.#skipLines}`,
      );
    }
  }

  async open(from: Offset | undefined): Promise<Offset> {
    const contents = await this.#contents().catch((cause) => {
      throw new UsageError('not-found', `${this.#format.name}: can't read ${this.#path} (${messageOf(cause)})`, {
        cause,
      });
    });
    this.#lines = new StoredLines(contents, this.#skipLines);
    return from ?? 0;
  }

  async plan(start: Offset, { maxRecords }: PlanRequest): Promise<Offset> {
    const taken = start as number;
    return taken + withinLimits(Math.max(0, this.#lines.length - taken), true, maxRecords, this.#limits);
  }

  async read({ start, end }: OffsetRange): Promise<Batch<T>> {
    return Batch.of(this.#format.recordsOf(this.#lines, start as number, end as number));
  }

  async commit(): Promise<void> {}

  endedAt(offset: Offset): boolean {
    return (offset as number) >= this.#lines.length;
  }

  async close(): Promise<void> {
    this.#lines = new StoredLines([], 0);
  }

  async #contents(): Promise<readonly Buffer[]> {
    if (!(await fs.stat(this.#path)).isDirectory()) return [await fs.readFile(this.#path)];
    const entries = await fs.readdir(this.#path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && !/^[._]/.test(entry.name)).map(({ name }) => name);
    return mapFiles(names.sort(), (name) => fs.readFile(path.join(this.#path, name)));
  }
}
