import { UsageError } from '../errors.ts';

/** Throws `UsageError` (`too-few-records`) where there are no rows to learn from. */
export function requireRows(who: string, rows: number): void {
  if (rows === 0) throw new UsageError('too-few-records', `${who}: expected rows to learn from, got none`);
}
