import { parse } from 'csv-parse/sync';
import type { Column } from '../../batch/column.ts';
import type { DataType, NumericType, Schema } from '../../batch/schema.ts';
import { Table } from '../../batch/table.ts';
import { excerpt, messageOf } from '../../errors.ts';
import { fieldOfText, numberOfField, requireCsvType, truthOfField } from '../files/csv-field.ts';
import { jsonOf } from '../files/json-row.ts';
import type { RejectRow } from '../row-stream.ts';
import type { RecordRows } from './record-rows.ts';

/**
 * Lines of CSV with these columns, in this order: numbers, truth values and texts. An empty field is null. A line of another number of
 * fields, or with a field that is not of its type, is rejected. What is predicted becomes fields at the end of the line; vectors are
 * written as JSON. Throws `UsageError` (`wrong-type`) for a schema with types that CSV can't hold.
 */
export function csvRows(schema: Schema, delimiter = ','): RecordRows<string> {
  for (const { name, type } of schema.fields) requireCsvType(name, type);
  return {
    tableOf: (lines, reject) => tableOf(lines, schema, delimiter, reject),
    lineWith: (line, _, values) => line + values.map((value) => delimiter + fieldOf(value, delimiter)).join(''),
  };
}

function tableOf(lines: readonly string[], schema: Schema, delimiter: string, reject: RejectRow): Table {
  const columns = schema.fields.map(({ name, type }) => new FieldColumn(name, type, lines.length));
  const bad = new Set<number>();
  for (let i = 0; i < lines.length; i++) {
    const why = takeLine(lines[i]!, i, columns, delimiter);
    if (why === undefined) continue;
    bad.add(i);
    reject(i, why);
  }
  const table = Table.of(columns.map((column) => [column.name, column.column] as const));
  return bad.size === 0 ? table : table.filter((i) => !bad.has(i));
}

/** Why the line can't be taken, where it can't. */
function takeLine(line: string, row: number, columns: readonly FieldColumn[], delimiter: string): string | undefined {
  let fields: readonly string[];
  try {
    fields = line.includes('"') ? parse(line, { delimiter })[0]! : line.split(delimiter);
  } catch (error) {
    return `expected a line of CSV, got ${excerpt(line)} (${messageOf(error)})`;
  }
  if (fields.length !== columns.length) {
    return `expected ${columns.length} fields, got ${fields.length} in ${excerpt(line)}`;
  }
  for (let j = 0; j < columns.length; j++) {
    if (columns[j]!.take(fields[j]!, row)) continue;
    return `column ${columns[j]!.name}: expected ${columns[j]!.type}, got ${excerpt(fields[j])}`;
  }
  return undefined;
}

/** A column that is filled field by field. */
class FieldColumn {
  readonly name: string;
  readonly type: DataType;
  readonly column: Column;
  readonly #numbers: Float64Array | undefined;
  readonly #texts: (string | null)[] = [];
  readonly #nulls: Uint8Array | undefined;

  constructor(name: string, type: DataType, rows: number) {
    this.name = name;
    this.type = type;
    if (type === 'string') {
      this.#texts = new Array<string | null>(rows).fill(null);
      this.column = { type, values: this.#texts };
    } else {
      this.#numbers = new Float64Array(rows).fill(Number.NaN);
      this.#nulls = new Uint8Array(rows);
      this.column = { type: type as NumericType, values: this.#numbers, nulls: this.#nulls };
    }
  }

  /** Whether the field is of the column's type. */
  take(field: string, row: number): boolean {
    if (this.#numbers === undefined) {
      if (field !== '') this.#texts[row] = field;
      return true;
    }
    if (field === '') {
      this.#nulls![row] = 1;
      return true;
    }
    const number = this.type === 'boolean' ? truthOfField(field) : numberOfField(field);
    this.#numbers[row] = number ?? Number.NaN;
    return number !== undefined;
  }
}

function fieldOf(value: unknown, delimiter: string): string {
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined) return '';
  return fieldOfText(typeof value === 'object' ? jsonOf(value) : String(value), delimiter);
}
