import * as arrow from 'apache-arrow';
import type { Column, NumberColumn } from '../../batch/column.ts';
import { isSparseRows } from '../../batch/column.ts';
import { columnOfValues, valueReader, vectorColumn } from '../../batch/column-of-values.ts';
import { isNumeric, type NumericType } from '../../batch/schema.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import { Table } from '../../batch/table.ts';
import { DataError, messageOf, UsageError } from '../../errors.ts';

/**
 * A table from Arrow's IPC format, stream or file. Lists of a fixed size are vectors. Columns of doubles that have no nulls and come in one
 * piece are not copied. Throws `DataError` for what is no Arrow, and for whole numbers beyond 2^53.
 */
export function tableFromArrow(bytes: Uint8Array): Table {
  try {
    const read = arrow.tableFromIPC(bytes);
    return Table.of(read.schema.fields.map(({ name }, j) => [name, columnOf(name, read.getChildAt(j)!)] as const));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError('bad-record', `Arrow: ${messageOf(cause)}`, { cause });
  }
}

/** The bytes of an Arrow IPC file. Sparse vectors are written dense. Throws `UsageError` (`wrong-type`) for columns of other values. */
export function arrowFromTable(table: Table): Uint8Array {
  const columns = table.schema.fields.map(
    ({ name }) => [name, vectorOf(name, table.column(name), table.rows)] as const,
  );
  return arrow.tableToIPC(new arrow.Table(Object.fromEntries(columns)), 'file');
}

function columnOf(name: string, vector: arrow.Vector): Column {
  const { type } = vector;
  const misfit = (row: number, why: string) => {
    throw new DataError('bad-record', `Arrow: column ${name}: row ${row}: ${why}`);
  };
  if (arrow.DataType.isFloat(type) || arrow.DataType.isInt(type) || arrow.DataType.isBool(type)) {
    const whole = numericType(type);
    const [piece] = vector.data;
    if (vector.data.length === 1 && vector.nullCount === 0 && piece!.values instanceof Float64Array) {
      return { type: whole, values: piece!.values.subarray(0, vector.length) };
    }
    return columnOfValues(Array.from(vector), whole, misfit);
  }
  if (arrow.DataType.isFixedSizeList(type)) return vectorColumn(Array.from(vector, numbersOrNull));
  if (arrow.DataType.isUtf8(type) || arrow.DataType.isLargeUtf8(type) || arrow.DataType.isDictionary(type)) {
    return columnOfValues(Array.from(vector), 'string', misfit);
  }
  if (arrow.DataType.isNull(type)) return { type: 'void', rows: vector.length };
  if (!arrow.DataType.isList(type)) return { type: 'any', values: Array.from(vector) };
  const isText = arrow.DataType.isUtf8(type.children[0]?.type);
  const lists = Array.from(vector, (list: arrow.Vector | null) => list && Array.from(list));
  return columnOfValues(lists, isText ? 'array<string>' : 'array<double>', misfit);
}

function numbersOrNull(list: arrow.Vector | null): Float64Array | null {
  return list === null ? null : Float64Array.from(list.toArray());
}

function numericType(type: arrow.DataType): NumericType {
  if (arrow.DataType.isBool(type)) return 'boolean';
  if (arrow.DataType.isFloat(type)) return type.precision === arrow.Precision.DOUBLE ? 'double' : 'float';
  const { bitWidth } = type as arrow.Int;
  return bitWidth === 8 ? 'tinyint' : bitWidth === 16 ? 'smallint' : bitWidth === 32 ? 'int' : 'bigint';
}

function vectorOf(name: string, column: Column, rows: number): arrow.Vector {
  if ('matrix' in column) return vectorsOf(column.matrix);
  const read = valueReader(column);
  const values = Array.from({ length: rows }, (_, i) => read(i));
  if (isNumeric(column.type)) return numbersOf(column as NumberColumn, values);
  switch (column.type) {
    case 'string':
      return arrow.vectorFromArray(values, new arrow.Utf8());
    case 'array<string>':
      return arrow.vectorFromArray(values, new arrow.List(new arrow.Field('item', new arrow.Utf8())));
    case 'array<double>':
      return arrow.vectorFromArray(values, new arrow.List(new arrow.Field('item', new arrow.Float64())));
    case 'void':
      return arrow.vectorFromArray(values, new arrow.Null());
    default:
      throw new UsageError('wrong-type', `Arrow: column ${name}: its values have no one type; drop it`);
  }
}

function numbersOf({ type, values, nulls }: NumberColumn, read: readonly unknown[]): arrow.Vector {
  if (type === 'double' && nulls === undefined) return arrow.makeVector(values);
  if (type === 'bigint') {
    return arrow.vectorFromArray(
      read.map((value) => (value === null ? null : BigInt(value as number))),
      new arrow.Int64(),
    );
  }
  return arrow.vectorFromArray(read, ARROW_TYPES[type]());
}

const ARROW_TYPES = {
  double: () => new arrow.Float64(),
  float: () => new arrow.Float32(),
  int: () => new arrow.Int32(),
  smallint: () => new arrow.Int16(),
  tinyint: () => new arrow.Int8(),
  boolean: () => new arrow.Bool(),
};

/** Vectors as a list of a fixed size: row after row. */
function vectorsOf(matrix: Extract<Column, { matrix: unknown }>['matrix']): arrow.Vector {
  const { rows, columns } = isSparseRows(matrix) ? toDense(matrix) : matrix;
  const d = columns.length;
  const values = new Float64Array(rows * d);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) values[i * d + j] = column[i]!;
  });
  const item = new arrow.Field('item', new arrow.Float64());
  const child = arrow.makeData({ type: new arrow.Float64(), data: values });
  return arrow.makeVector(arrow.makeData({ type: new arrow.FixedSizeList(d, item), length: rows, child }));
}
