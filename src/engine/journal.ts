/**
 * The journal: one append-only file of checksummed records, a line each. A record is there when its line is there whole. A file cut anywhere therefore loads as if the last, torn record had
 * never been begun. A bad record with a good one after it is no torn tail but damage, and is refused.
 *
 * To keep the journal short, `replace` starts a new file, the next generation, with one record that stands for all before. It
 * is written beside the one in use, which takes what is appended meanwhile; then the new file takes that too, and its place.
 *
 * A flush takes as long for a hundred records as for one. So records that come while others are being written wait, and are
 * then written together: a group commit.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { messageOf, StateError, UsageError } from '../errors.ts';
import { AppendFile, isSystemError, readIfThere, syncDirectory, writeFileAtomically } from '../host/files.ts';
import { lineOf, recordOf } from './journal-line.ts';
import { NextGeneration } from './next-generation.ts';

const FILE_NAME = /^journal-(\d{8})\.log$/;
/** Also one that a crash left half written. */
const ANY_FILE_NAME = /^journal-\d{8}\.log(\.tmp)?$/;
const LINE_FEED = 0x0a;

export class Journal {
  readonly #directory: string;
  #generation: number;
  #file: AppendFile;
  /** The last step that was begun: steps come one after the other, and none after one that has failed. */
  #lastStep: Promise<void> = Promise.resolve();
  /** The records that the next flush writes, while it has not begun. */
  #group: { readonly lines: Buffer[]; readonly written: Promise<void> } | undefined;
  /** The last replacement that was begun: they too come one after the other. */
  #lastReplacement: Promise<void> = Promise.resolve();
  /** For each replacement under way, the lines that came after its record. */
  readonly #since = new Set<Buffer[]>();

  private constructor(directory: string, generation: number, file: AppendFile) {
    this.#directory = directory;
    this.#generation = generation;
    this.#file = file;
  }

  /** Opens the journal for appending, making it with `firstRecord` where there is none, and gives the records in it. */
  static async open(directory: string, firstRecord: SnapshotRecord): Promise<[Journal, readonly SnapshotRecord[]]> {
    let generation = await newestGeneration(directory);
    if (generation === undefined) {
      generation = 1;
      await writing(fileOf(directory, generation), (file) => writeFileAtomically(file, lineOf(firstRecord)));
    }
    const { records, wholeBytes } = await readGeneration(directory, generation);
    const opened = await writing(fileOf(directory, generation), async (file) => {
      await removeAllBut(file);
      return AppendFile.open(file, wholeBytes);
    });
    return [new Journal(directory, generation, opened), records];
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  /**
   * Resolves when the record is on disk. Records stand in the order of the calls, also of calls that nobody waited for. Throws
   * `UsageError` (`wrong-type`) at once where the record is more than plain data.
   */
  append(record: SnapshotRecord): Promise<void> {
    const line = lineOf(record);
    this.#group ??= this.#newGroup();
    this.#group.lines.push(line);
    for (const lines of this.#since) lines.push(line);
    return this.#group.written;
  }

  /**
   * Replaces all records of earlier calls by this one, at once or, after a crash, not at all. Resolves when that is done; what
   * is appended meanwhile is written no later for it. The record must not change.
   */
  replace(record: SnapshotRecord): Promise<void> {
    const since: Buffer[] = [];
    this.#since.add(since);
    this.#lastReplacement = this.#lastReplacement.then(() => this.#replace(record, since));
    this.#lastReplacement.catch(() => {}); // those who wait for it are told, and all who append later
    return this.#lastReplacement;
  }

  /** Ends when all that was begun has ended. */
  async close(): Promise<void> {
    await this.#lastReplacement.catch(() => {});
    await this.#lastStep.catch(() => {});
    await this.#file.close();
  }

  #newGroup(): { lines: Buffer[]; written: Promise<void> } {
    const lines: Buffer[] = [];
    const written = this.#begin(async () => {
      if (this.#group?.lines === lines) this.#group = undefined;
      await writing(fileOf(this.#directory, this.#generation), () => this.#file.append(Buffer.concat(lines)));
    });
    return { lines, written };
  }

  async #replace(record: SnapshotRecord, since: Buffer[]): Promise<void> {
    const generation = this.#generation + 1;
    const file = fileOf(this.#directory, generation);
    let next: NextGeneration | undefined;
    try {
      const begun = await writing(file, () => NextGeneration.begin(file, record));
      next = begun;
      this.#group = undefined; // what is appended from here on is appended to the new file
      this.#since.delete(since);
      await this.#begin(() => this.#goOnIn(generation, begun, since));
    } catch (error) {
      this.#since.delete(since);
      await next?.abandon();
      await this.#begin(() => Promise.reject(error));
    }
  }

  async #goOnIn(generation: number, next: NextGeneration, since: readonly Buffer[]): Promise<void> {
    await writing(fileOf(this.#directory, generation), async (file) => {
      const sizeBytes = await next.finish(since);
      await this.#file.close();
      this.#generation = generation;
      this.#file = await AppendFile.open(file, sizeBytes);
      await removeAllBut(file);
    });
  }

  #begin(step: () => Promise<void>): Promise<void> {
    this.#lastStep = this.#lastStep.then(step);
    this.#lastStep.catch(() => {}); // those who wait for it are told
    return this.#lastStep;
  }
}

/** The records of a journal directory, read only. Throws `UsageError` (`not-found`) where there is no journal. */
export async function readJournal(directory: string): Promise<readonly SnapshotRecord[]> {
  const generation = await newestGeneration(directory);
  if (generation === undefined) throw new UsageError('not-found', `checkpoint: no journal in ${directory}`);
  return (await readGeneration(directory, generation)).records;
}

/** The whole records of a journal's bytes, and how many bytes they take. Throws `StateError` (`damaged`). */
export function parseJournal(bytes: Buffer, name: string): { records: SnapshotRecord[]; wholeBytes: number } {
  const records: SnapshotRecord[] = [];
  let wholeBytes = 0;
  let badAt: number | undefined;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (end < 0) break;
    const record = recordOf(bytes.subarray(start, end));
    if (record === undefined) badAt ??= start;
    else if (badAt === undefined) {
      records.push(record);
      wholeBytes = end + 1;
    } else {
      throw new StateError(
        'damaged',
        `checkpoint ${name}: record ${records.length + 1}, at byte ${badAt}, is damaged and whole records follow it; ` +
          'restore the file from a copy, or start with a new checkpoint directory',
        { context: { file: name, byte: badAt } },
      );
    }
    start = end + 1;
  }
  return { records, wholeBytes };
}

async function readGeneration(directory: string, generation: number) {
  const file = fileOf(directory, generation);
  const parsed = parseJournal((await readIfThere(file)) ?? Buffer.alloc(0), file);
  if (parsed.records.length === 0) {
    throw new StateError('damaged', `checkpoint ${file}: expected a first record, found none that is whole`);
  }
  return parsed;
}

function fileOf(directory: string, generation: number): string {
  return path.join(directory, `journal-${String(generation).padStart(8, '0')}.log`);
}

async function generationsIn(directory: string): Promise<number[]> {
  let names: string[];
  try {
    names = await fs.readdir(directory);
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT')) return [];
    throw new UsageError('not-found', `checkpoint: expected a readable directory, got ${directory}`, { cause });
  }
  return names.flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []).map(Number);
}

async function newestGeneration(directory: string): Promise<number | undefined> {
  const generations = await generationsIn(directory);
  return generations.length === 0 ? undefined : Math.max(...generations);
}

/** Removes the generations before this one, and what a crash left of one that was never finished. */
async function removeAllBut(file: string): Promise<void> {
  const directory = path.dirname(file);
  const others = (await fs.readdir(directory)).filter(
    (name) => ANY_FILE_NAME.test(name) && name !== path.basename(file),
  );
  if (others.length === 0) return;
  for (const name of others) await fs.rm(path.join(directory, name), { force: true });
  await syncDirectory(directory);
}

/** Does what writes a file of the journal, and where that fails says which file it was. */
async function writing<R>(file: string, write: (file: string) => Promise<R>): Promise<R> {
  try {
    return await write(file);
  } catch (cause) {
    const message = `checkpoint: can't write ${file} (${messageOf(cause)}); start again when that is mended`;
    throw new UsageError('io', message, { cause });
  }
}
