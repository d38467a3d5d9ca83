import { parse } from 'csv-parse/sync';
import { BadRowsError } from '../../batch/bad-rows.ts';
import { columnOfValues } from '../../batch/column-of-values.ts';
import { type DataType, isNumeric, type Schema } from '../../batch/schema.ts';
import { Table } from '../../batch/table.ts';
import { DataError, messageOf } from '../../errors.ts';
import { fieldOfText, numberOfField, requireCsvType, truthOfField } from './csv-field.ts';

export interface CsvOptions {
  /** Between fields. Default a comma. */
  readonly delimiter?: string;
  /** Types of the columns. Default: numbers, truth values or texts, whatever all values of a column are. */
  readonly schema?: Schema;
}

/**
 * A table from CSV with a header line. An empty field is null. Throws `DataError` for text that is no CSV, `BadRowsError` for fields that
 * are not of their column's type, `UsageError` (`wrong-type`) for a schema with types that CSV can't hold.
 */
export function tableFromCsv(text: string, { delimiter = ',', schema }: CsvOptions = {}): Table {
  const [names = [], ...records] = fieldsOf(text, delimiter);
  const columns = names.map((name, j) => {
    const fields = records.map((record) => (record[j] === '' ? null : record[j]!));
    const type = schema === undefined ? inferType(fields) : schema.has(name) ? schema.field(name).type : undefined;
    return type === undefined ? [] : [[name, columnOfFields(name, fields, type)] as const];
  });
  const table = Table.of(columns.flat());
  return schema === undefined ? table : table.select(schema.names);
}

/** CSV with a header line. Null is an empty field. Throws `UsageError` (`wrong-type`) for columns that CSV can't hold. */
export function csvFromTable(table: Table, { delimiter = ',' }: CsvOptions = {}): string {
  const { fields, names } = table.schema;
  for (const { name, type } of fields) checkType(name, type);
  const line = (values: readonly unknown[]) =>
    values.map((value) => fieldOfText(value === null ? '' : String(value), delimiter)).join(delimiter);
  return [names, ...table.toRows().map((row) => names.map((name) => row[name]))]
    .map((values) => `${line(values)}\n`)
    .join('');
}

function fieldsOf(text: string, delimiter: string): string[][] {
  try {
    return parse(text, { delimiter, bom: true, skip_empty_lines: true });
  } catch (cause) {
    throw new DataError('bad-record', `CSV: ${messageOf(cause)}`, { cause });
  }
}

function inferType(fields: readonly (string | null)[]): DataType {
  const there = fields.filter((field) => field !== null);
  if (there.length === 0) return 'void';
  if (there.every((field) => truthOfField(field) !== undefined)) return 'boolean';
  if (!there.every((field) => numberOfField(field) !== undefined)) return 'string';
  if (!there.every((field) => /^[+-]?\d+$/.test(field))) return 'double';
  const largest = there.reduce((most, field) => Math.max(most, Math.abs(Number(field))), 0);
  return largest < 2 ** 31 ? 'int' : largest <= Number.MAX_SAFE_INTEGER ? 'bigint' : 'string';
}

function columnOfFields(name: string, fields: readonly (string | null)[], type: DataType) {
  checkType(name, type);
  const bad: { position: number; why: string }[] = [];
  const values = fields.map((field) => (field === null ? null : valueOfField(field, type)));
  const column = columnOfValues(values, type, (position) => {
    bad.push({ position, why: `column ${name}: expected ${type}, got ${fields[position]}` });
  });
  if (bad.length > 0) throw new BadRowsError('CSV', bad);
  return column;
}

/** The value of a field; the field itself where it is not of the type. */
function valueOfField(field: string, type: DataType): unknown {
  if (type === 'boolean') {
    const truth = truthOfField(field);
    return truth === undefined ? field : truth === 1;
  }
  return isNumeric(type) ? (numberOfField(field) ?? field) : field;
}

/** A column of nothing but nulls is one of empty fields. */
function checkType(name: string, type: DataType): void {
  if (type !== 'void') requireCsvType(name, type);
}
