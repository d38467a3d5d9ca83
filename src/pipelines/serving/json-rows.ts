import type { Schema } from '../../batch/schema.ts';
import type { Row } from '../../batch/table.ts';
import { excerpt } from '../../errors.ts';
import { tableOfRows } from '../row-stream.ts';
import type { RecordRows } from './record-rows.ts';

/**
 * Lines that are each a JSON object: its fields are the columns; see `Table.fromRows` for their types. A line that is none is rejected.
 * What is predicted becomes fields at the end of the object. `schema`: which columns, and their types; by default all that occur in a
 * batch.
 */
export function jsonRows(schema?: Schema): RecordRows<string> {
  return {
    tableOf(lines, reject) {
      const bad = new Set<number>();
      const rows = lines.map((line, i): Row => {
        const row = rowOf(line);
        if (row !== undefined) return row;
        bad.add(i);
        reject(i, `expected a JSON object, got ${excerpt(line)}`);
        return {};
      });
      const table = tableOfRows(rows, schema, reject);
      return bad.size === 0 ? table : table.filter((i) => !bad.has(table.positionOf(i)));
    },
    lineWith(line, names, values) {
      const inner = line.trimEnd().slice(0, -1).trimEnd();
      const fields = names.map((name, j) => `${JSON.stringify(name)}:${jsonOf(values[j])}`);
      return `${inner}${inner.endsWith('{') ? '' : ','}${fields.join(',')}}`;
    },
  };
}

function rowOf(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

/** A value as JSON, typed arrays as lists. What JSON has no word for, NaN and infinities, becomes null. */
export function jsonOf(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  return JSON.stringify(value, listed);
}

function listed(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}
