/** What a line of JSON says of a row, and how values are written. */
import type { Row } from '../../batch/table.ts';

/** The object of a line; undefined where it is none. */
export function rowOfJson(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A value as JSON, typed arrays as lists. What JSON has no word for, NaN and infinities, becomes null; a whole number beyond 2^53, which whoever reads
 * it would round, a text.
 */
export function jsonOf(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  return JSON.stringify(value, plain);
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}
