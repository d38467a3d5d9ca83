import { UsageError } from '../errors.ts';

/** Throws `UsageError` (`too-few-records`) where there are too few rows to learn from. */
export function requireRows(who: string, rows: number, least = 1): void {
  if (rows >= least) return;
  throw new UsageError('too-few-records', `${who}: expected at least ${least} rows to learn from, got ${rows}`);
}
