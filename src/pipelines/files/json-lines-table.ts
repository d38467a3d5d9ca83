import { type BadRow, BadRowsError } from '../../batch/bad-rows.ts';
import type { Schema } from '../../batch/schema.ts';
import { type Row, Table } from '../../batch/table.ts';
import { excerpt } from '../../errors.ts';

/**
 * A table from lines of JSON objects; empty lines are left out. Arrays of numbers are vectors, and so are objects with `size`, `indices` and
 * `values`. Types are as `Table.fromRows` has them. Throws `BadRowsError` naming the lines that are no JSON objects.
 */
export function tableFromJsonLines(text: string, schema?: Schema): Table {
  const bad: BadRow[] = [];
  const rows = text.split('\n').flatMap((line, i): Row[] => {
    if (line.trim() === '') return [];
    const row = parsed(line);
    if (row !== undefined) return [row];
    bad.push({ position: i, why: `expected a JSON object, got ${excerpt(line)}` });
    return [];
  });
  if (bad.length > 0) throw new BadRowsError('JSON lines', bad);
  return Table.fromRows(rows, schema);
}

/** A line of JSON a row. What JSON has no word for, NaN and infinities, becomes null. */
export function jsonLinesFromTable(table: Table): string {
  return table
    .toRows()
    .map((row) => `${JSON.stringify(row, listed)}\n`)
    .join('');
}

function parsed(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

/** Typed arrays as lists. */
function listed(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}
