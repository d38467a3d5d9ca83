import * as fs from 'node:fs/promises';
import { type Clock, messageOf, splitLines, UsageError } from '../index.ts';

/** How fast lines are published, and how often. */
export interface Pace {
  /** Default: as fast as they are taken. */
  readonly rowsPerSecond?: number | undefined;
  /** Whether to begin again at the end of the lines, for ever. Default false. */
  readonly repeat?: boolean | undefined;
  /** Lines that are not given, at the beginning. Default 0. */
  readonly skip?: number;
  /** Most lines that are given together. */
  readonly linesPerChunk: number;
}

/** With a rate, the pause between two chunks. */
const PAUSE_MS = 10;

/** Throws `UsageError` for a rate that is none. */
export function checkRate(rowsPerSecond: number | undefined): void {
  if (rowsPerSecond === undefined || rowsPerSecond > 0) return;
  throw new UsageError('bad-option', `publish: expected a rate above 0 rows a second, got ${rowsPerSecond}`);
}

/** The lines in chunks, each when it is due. Ends with the lines, or when `signal` is aborted. */
export async function* pacedLines(
  lines: Iterable<string>,
  { rowsPerSecond = Number.POSITIVE_INFINITY, repeat = false, skip = 0, linesPerChunk }: Pace,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const left = linesFrom(lines, skip, repeat);
  const startedAt = clock.now();
  for (let given = 0; !signal.aborted; ) {
    const due = Math.floor(((clock.now() - startedAt) / 1000) * rowsPerSecond) + 1;
    const count = rowsPerSecond === Number.POSITIVE_INFINITY ? linesPerChunk : Math.min(due - given, linesPerChunk);
    const chunk = take(left, count);
    if (chunk === undefined) return;
    given += chunk.length;
    if (chunk.length > 0) yield chunk;
    const next = startedAt + (given / rowsPerSecond) * 1000;
    if (next > clock.now()) await clock.sleepUntil(Math.max(next, clock.now() + PAUSE_MS), signal);
  }
}

/** The lines of a file, without a header: a first line without a number, before one with a number. */
export async function linesOf(file: string, withHeader: boolean): Promise<readonly string[]> {
  const text = await fs.readFile(file, 'utf8').catch((cause) => {
    throw new UsageError('not-found', `publish: can't read ${file} (${messageOf(cause)})`, { cause });
  });
  const all = splitLines(text);
  const hasHeader = all.length > 1 && !hasNumber(all[0]!) && hasNumber(all[1]!);
  return hasHeader && !withHeader ? all.slice(1) : all;
}

function* linesFrom(lines: Iterable<string>, skip: number, repeat: boolean): Generator<string> {
  let position = 0;
  do {
    const before = position;
    for (const line of lines) if (position++ >= skip) yield line;
    if (position === before) return; // nothing to repeat
  } while (repeat);
}

function hasNumber(line: string): boolean {
  return line.split(',').some((field) => field.trim() !== '' && Number.isFinite(Number(field)));
}

/** The next lines, at most `count`; undefined where there are no more. */
function take(lines: Iterator<string>, count: number): string[] | undefined {
  const taken: string[] = [];
  while (taken.length < count) {
    const { done, value } = lines.next();
    if (done) return taken.length === 0 ? undefined : taken;
    taken.push(value);
  }
  return taken;
}
