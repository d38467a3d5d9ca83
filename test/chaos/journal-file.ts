import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';

/** A line of the journal, as far as one can know it without Millrace. */
interface JournalRecord {
  readonly type: 'snapshot' | 'opened' | 'plan' | 'commit' | 'received';
  /** Of snapshots, plans and commits. */
  readonly batch?: number;
  readonly time?: number;
  readonly totals?: { readonly batches: number; readonly records: number };
}

/** A checkpoint directory, read by the description of the format alone: `docs/decisions/0003-journal-of-lines.md`. */
export interface JournalFile {
  /** All files in the directory, in order. */
  readonly names: readonly string[];
  /** The journal that counts, if any. */
  readonly newest: string | undefined;
  /** Its records. */
  readonly records: readonly JournalRecord[];
  /** Bytes after the last line feed. */
  readonly tornBytes: number;
  /** Lines whose checksum is wrong, counted from 1. */
  readonly damagedLines: readonly number[];
}

export async function readJournalFile(directory: string): Promise<JournalFile> {
  const names = (await fs.readdir(directory).catch(() => [])).sort();
  const newest = names.filter((name) => name.endsWith('.log')).at(-1);
  const bytes = newest === undefined ? Buffer.alloc(0) : await fs.readFile(path.join(directory, newest));
  const whole = bytes.lastIndexOf('\n') + 1;
  const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  const damagedLines = lines.flatMap((line, index) => (isIntact(line) ? [] : [index + 1]));
  const records = lines.filter(isIntact).map((line): JournalRecord => JSON.parse(line.slice(9)));
  return { names, newest, records, tornBytes: bytes.length - whole, damagedLines };
}

function isIntact(line: string): boolean {
  return Number.parseInt(line.slice(0, 8), 16) === crc32(line.slice(9)) && line[8] === ' ';
}
