import type { Schema } from '../../batch/schema.ts';
import type { Row } from '../../batch/table.ts';
import { excerpt } from '../../errors.ts';
import { jsonOf, rowOfJson } from '../files/json-row.ts';
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
        const row = rowOfJson(line);
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
