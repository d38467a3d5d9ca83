import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Batch } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import { type Offset, type OffsetRange, sameOffset } from '../batch/offset.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { messageOf, TransientError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import { isSystemError, mapFiles } from '../host/files.ts';
import type { Log } from '../host/log.ts';
import { directoriesNamed } from './directory-pattern.ts';

export interface FileStreamOptions {
  /** Which files to take, by path. Default: those whose name does not begin with a dot. */
  readonly filter?: (file: string) => boolean;
  /** Whether files that are older than the stream are left alone. Default true. */
  readonly newFilesOnly?: boolean;
  /** How long a taken file is remembered, and how late a file may show up. Default 1 minute. */
  readonly minRememberDuration?: Duration;
}

/** What the records of a file are. */
export interface FileFormat<T> {
  /** What messages call the stream. */
  readonly name: string;
  recordsOf(content: Buffer): readonly T[];
}

export const textLinesFormat: FileFormat<string> = {
  name: 'textFileStream',
  recordsOf: (content) => splitLines(content.toString('utf8')),
};

/** The offset: what was taken so far, as far back as it must be remembered. */
type FilesOffset = {
  /** Files modified at this time or before are never taken, milliseconds since 1970. */
  readonly ignoreBefore: number;
  /** Taken files that could still be listed, with the batch time that took them. */
  readonly remembered: Readonly<Record<string, number>>;
  /** The files of the batch that ends here. */
  readonly taken: readonly string[];
};

/**
 * New files in a directory, or in the directories that a pattern names, each read once. A file is taken at batch time T when
 * its modification time is in (T − remembered, T] and it was not taken before; so it must appear whole, by a rename. One
 * partition a file. A missing directory gives empty batches and a warning, as in Spark. And as in Spark, files know no rate
 * limit: one that waited for a later batch might be forgotten before it is taken.
 */
export class FileStreamSource<T = string> implements Source<T> {
  readonly replayable = true;
  readonly #pattern: string;
  readonly #format: FileFormat<T>;
  readonly #batchDurationMs: number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rememberMs: number;
  readonly #ignoreBefore: number;
  readonly #filter: (file: string) => boolean;

  /** `directory`: a path, or a pattern of paths (see `directoriesNamed`). */
  constructor(
    directory: string,
    format: FileFormat<T>,
    batchDurationMs: number,
    clock: Clock,
    log: Log,
    options: FileStreamOptions = {},
  ) {
    this.#pattern = directory;
    this.#format = format;
    this.#batchDurationMs = batchDurationMs;
    this.#clock = clock;
    this.#log = log;
    const minRememberMs = toMilliseconds(options.minRememberDuration ?? 60_000, 'minRememberDuration');
    this.#rememberMs = Math.ceil(minRememberMs / batchDurationMs) * batchDurationMs;
    this.#ignoreBefore = (options.newFilesOnly ?? true) ? clock.now() : 0;
    this.#filter = options.filter ?? ((file) => !path.basename(file).startsWith('.'));
  }

  async open(from: Offset | undefined): Promise<Offset> {
    return from ?? { ignoreBefore: this.#ignoreBefore, remembered: {}, taken: [] };
  }

  async plan(start: Offset, { batchTime }: PlanRequest): Promise<Offset> {
    const { ignoreBefore, remembered } = start as FilesOffset;
    const forgetBefore = batchTime - this.#rememberMs;
    const known = new Map(Object.entries(remembered).filter(([, time]) => time >= forgetBefore));
    const after = Math.max(ignoreBefore, forgetBefore);
    const taken = (await this.#timedList())
      .filter(({ file, modifiedMs }) => modifiedMs > after && modifiedMs <= batchTime && !known.has(file))
      .map(({ file }) => file);
    if (taken.length === 0) return start;
    for (const file of taken) known.set(file, batchTime);
    return { ignoreBefore, remembered: Object.fromEntries(known), taken };
  }

  async read({ start, end }: OffsetRange): Promise<Batch<T>> {
    if (sameOffset(start, end)) return Batch.empty();
    const { taken } = end as FilesOffset;
    return new Batch(await mapFiles(taken, (file) => this.#recordsOf(file)));
  }

  async commit(): Promise<void> {}

  endedAt(): boolean {
    return false;
  }

  async close(): Promise<void> {}

  /** The same, with a warning where it takes so long that batches come late by it. */
  async #timedList(): Promise<readonly ListedFile[]> {
    const startedMs = this.#clock.monotonicMs();
    const listed = await this.#list();
    const tookMs = Math.round(this.#clock.monotonicMs() - startedMs);
    if (tookMs > this.#batchDurationMs) {
      this.#log.warn(
        `${this.#format.name}: listing ${this.#pattern} took ${tookMs} ms, longer than a batch; ` +
          'make batches longer, or remove files that were taken',
      );
    }
    return listed;
  }

  /** Files that the filter lets through, oldest first. */
  async #list(): Promise<ListedFile[]> {
    try {
      const listed: ListedFile[] = [];
      for (const directory of await directoriesNamed(this.#pattern)) {
        const files = (await fs.readdir(directory)).map((name) => path.join(directory, name));
        const found = await Promise.all(files.filter((file) => this.#filter(file)).map(listedFile));
        listed.push(...found.filter((each) => each !== undefined));
      }
      return listed.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.file < b.file ? -1 : 1));
    } catch (error) {
      this.#log.warn(`${this.#format.name}: can't list ${this.#pattern} (${messageOf(error)}); the batch is empty`);
      return [];
    }
  }

  async #recordsOf(file: string): Promise<readonly T[]> {
    const content = await fs.readFile(file).catch((cause) => {
      const why = isSystemError(cause, 'ENOENT') ? 'it is gone' : messageOf(cause);
      throw new TransientError('io', `${this.#format.name}: can't read ${file} (${why})`, { cause });
    });
    if (content.length === 0) {
      this.#log.warn(
        `${this.#format.name}: ${file} has no data in it; a file must be whole when it appears, so rename it in`,
      );
    }
    return this.#format.recordsOf(content);
  }
}

interface ListedFile {
  readonly file: string;
  readonly modifiedMs: number;
}

/** Nothing for a directory, and for a file that went away while the directory was listed. */
async function listedFile(file: string): Promise<ListedFile | undefined> {
  const stats = await fs.stat(file).catch((error) => {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  });
  return stats?.isFile() ? { file, modifiedMs: Math.floor(stats.mtimeMs) } : undefined;
}

/** The lines of a text; a last line needs no line feed, and `\r\n` counts as one. */
export function splitLines(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r?\n/) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
