import { excerpt, UsageError } from '../errors.ts';

/** A length of time: milliseconds, or words at the edge (`'10 seconds'`, `'200 ms'`, `'1 minute'`). */
export type Duration = number | string;

const UNIT_MS = new Map([
  ['ms', 1],
  ['millisecond', 1],
  ['s', 1000],
  ['second', 1000],
  ['min', 60_000],
  ['minute', 60_000],
  ['h', 3_600_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

export const Milliseconds = (n: number): Duration => n;
export const Seconds = (n: number): Duration => times(n, 1000);
export const Minutes = (n: number): Duration => times(n, 60_000);

/** Milliseconds of a duration. Throws `UsageError` naming `what` unless it is a whole number of at least one. */
export function toMilliseconds(duration: Duration, what: string): number {
  const ms = typeof duration === 'number' ? duration : parseWords(duration);
  if (!Number.isSafeInteger(ms) || ms < 1) {
    throw new UsageError(
      'bad-option',
      `${what}: expected a duration of at least 1 ms, such as 1000 or '1 second', got ${excerpt(duration)}`,
    );
  }
  return ms;
}

function parseWords(words: string): number {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(words) ?? [];
  const name = unit.toLowerCase();
  return times(Number(amount), UNIT_MS.get(name) ?? UNIT_MS.get(name.replace(/s$/, '')) ?? Number.NaN);
}

/** The product without what floating point adds to it: 1.005 seconds are 1005 ms, not 1004.9999999999999. */
function times(amount: number, unitMs: number): number {
  return Number((amount * unitMs).toFixed(6));
}
