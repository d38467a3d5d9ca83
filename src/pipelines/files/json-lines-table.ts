import { type BadRow, BadRowsError } from '../../batch/bad-rows.ts';
import type { Schema } from '../../batch/schema.ts';
import { type Row, Table } from '../../batch/table.ts';
import { excerpt } from '../../errors.ts';
import { jsonOf, rowOfJson } from './json-row.ts';

/**
 * A table from lines of JSON objects; empty lines are left out. Arrays of numbers are vectors, and so are objects with `size`, `indices` and
 * `values`. Types are as `Table.fromRows` has them. Throws `BadRowsError` naming the lines that are no JSON objects.
 */
export function tableFromJsonLines(text: string, schema?: Schema): Table {
  const bad: BadRow[] = [];
  const rows = text.split('\n').flatMap((line, i): Row[] => {
    if (line.trim() === '') return [];
    const row = rowOfJson(line);
    if (row !== undefined) return [row];
    bad.push({ position: i, why: `expected a JSON object, got ${excerpt(line)}` });
    return [];
  });
  if (bad.length > 0) throw new BadRowsError('JSON lines', bad);
  return Table.fromRows(rows, schema);
}

/** A line of JSON a row, as `jsonOf` has it: what JSON has no word for, NaN and infinities, becomes null. */
export function jsonLinesFromTable(table: Table): string {
  return table
    .toRows()
    .map((row) => `${jsonOf(row)}\n`)
    .join('');
}
