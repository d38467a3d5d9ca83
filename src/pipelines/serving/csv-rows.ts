import { parse } from 'csv-parse/sync';
import type { Column } from '../../batch/column.ts';
import { type DataType, isNumeric, type NumericType, type Schema } from '../../batch/schema.ts';
import { Table } from '../../batch/table.ts';
import { excerpt, messageOf, UsageError } from '../../errors.ts';
import type { RejectRow } from '../row-stream.ts';
import { jsonOf } from './json-rows.ts';
import type { RecordRows } from './record-rows.ts';

/**
 * Lines of CSV with these columns, in this order: numbers, truth values and texts. An empty field is null. A line of another number of
 * fields, or with a field that is not of its type, is rejected. What is predicted becomes fields at the end of the line; vectors are
 * written as JSON. Throws `UsageError` (`wrong-type`) for a schema with types that CSV can't hold.
 */
export function csvRows(schema: Schema, delimiter = ','): RecordRows<string> {
  for (const { name, type } of schema.fields) {
    if (isNumeric(type) || type === 'string') continue;
    throw new UsageError('wrong-type', `CSV: column ${name}: CSV holds numbers, texts and truth values, not ${type}`);
  }
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
    fields = line.includes('"') ? (parse(line, { delimiter })[0] as unknown as string[]) : line.split(delimiter);
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
    const number = this.type === 'boolean' ? truthOf(field) : numberOf(field);
    this.#numbers[row] = number ?? Number.NaN;
    return number !== undefined;
  }
}

function truthOf(field: string): number | undefined {
  return /^true$/i.test(field) ? 1 : /^false$/i.test(field) ? 0 : undefined;
}

/** The number of a field; undefined where it is none. */
function numberOf(field: string): number | undefined {
  const number = Number(field);
  if (Number.isNaN(number)) {
    const [, sign, word] = /^\s*([+-]?)(nan|inf|infinity)\s*$/i.exec(field) ?? [];
    if (word === undefined) return undefined;
    return /nan/i.test(word) ? number : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  // JavaScript takes blanks, and 0x10, as numbers, too. Only those that may be such are looked at again.
  const isPlain = number === 0 ? field === '0' : !(field.charCodeAt(1) > NINE);
  return isPlain || !Number.isFinite(number) || /^\s*[+-]?[\d.][\d.eE+-]*\s*$/.test(field) ? number : undefined;
}

/** The code of the last digit; letters come after it. */
const NINE = 57;

function fieldOf(value: unknown, delimiter: string): string {
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? jsonOf(value) : String(value);
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
