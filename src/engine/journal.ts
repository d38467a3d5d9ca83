/**
 * The journal: one append-only file of checksummed records. A record is a line, eight hex digits of CRC-32 and its JSON:
 *
 *     5b1c9e02 {"type":"plan","batch":7,…}\n
 *
 * A record is there when its line is there whole. A file cut anywhere therefore loads as if the last, torn record had
 * never been begun. A bad record with a good one after it is no torn tail but damage, and is refused.
 *
 * To keep the journal short, `replace` starts a new file, the next generation, with one record that stands for all before.
 *
 * A flush takes as long for a hundred records as for one. So records that come while others are being written wait, and are
 * then written together: a group commit.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../batch/snapshot.ts';
import { messageOf, StateError, UsageError } from '../errors.ts';
import { AppendFile, isSystemError, readIfThere, syncDirectory, writeFileAtomically } from '../host/files.ts';

const FILE_NAME = /^journal-(\d{8})\.log$/;
/** Also one that a crash left half written. */
const ANY_FILE_NAME = /^journal-\d{8}\.log(\.tmp)?$/;
const LINE_FEED = 0x0a;
const CHECKSUM_LENGTH = '5b1c9e02 '.length;

export class Journal {
  readonly #directory: string;
  #generation: number;
  #file: AppendFile;
  /** The last step that was begun: steps come one after the other, and none after one that has failed. */
  #lastStep: Promise<void> = Promise.resolve();
  /** The records that the next flush writes, while it has not begun. */
  #group: { readonly lines: Buffer[]; readonly written: Promise<void> } | undefined;

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
    return this.#group.written;
  }

  /** Replaces all records of earlier calls by this one, at once or, after a crash, not at all. */
  async replace(record: SnapshotRecord): Promise<void> {
    const line = lineOf(record);
    this.#group = undefined; // what is appended from here on belongs behind this record
    await this.#begin(() => this.#startGeneration(line));
  }

  async close(): Promise<void> {
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

  async #startGeneration(line: Buffer): Promise<void> {
    const next = this.#generation + 1;
    await writing(fileOf(this.#directory, next), async (file) => {
      await writeFileAtomically(file, line);
      await this.#file.close();
      this.#generation = next;
      this.#file = await AppendFile.open(file, line.length);
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

function lineOf(record: SnapshotRecord): Buffer {
  const json = Buffer.from(snapshotToText(record));
  return Buffer.concat([Buffer.from(checksumOf(json)), json, Buffer.from('\n')]);
}

function recordOf(line: Buffer): SnapshotRecord | undefined {
  const json = line.subarray(CHECKSUM_LENGTH);
  if (json.length === 0 || line.toString('latin1', 0, CHECKSUM_LENGTH) !== checksumOf(json)) return undefined;
  return snapshotFromText(json.toString('utf8')) as SnapshotRecord;
}

/** What a line begins with: the checksum of its JSON, and a space. */
function checksumOf(json: Buffer): string {
  const digits = crc32(json).toString(16);
  return `${digits.padStart(CHECKSUM_LENGTH - 1, '0')} `;
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
