/** Tables as what threads can send to each other. */
import type { Column, Matrix } from '../../batch/column.ts';
import { isSparseRows } from '../../batch/column.ts';
import { type NamedColumns, Table } from '../../batch/table.ts';
import type { Vector } from '../../batch/vector.ts';
import { isSparse } from '../../batch/vector.ts';

/** Columns by name, in order. */
export type TableMessage = readonly (readonly [name: string, column: Column])[];

/** Its numbers stand in memory that threads share, so that they are copied once, and no more of them than the table has. */
export function messageOfTable(table: Table): TableMessage {
  return table.schema.names.map((name) => [name, sharedColumn(table.column(name))] as const);
}

export function tableOfMessage(message: TableMessage): Table {
  return Table.of(message satisfies NamedColumns);
}

export function sharedColumn(column: Column): Column {
  if ('matrix' in column) return { ...column, matrix: sharedMatrix(column.matrix) };
  if ('ragged' in column) return { ...column, ragged: column.ragged.map((vector) => vector && ownNumbers(vector)) };
  if (column.type === 'array<double>') {
    return { ...column, values: column.values.map((list) => list && Float64Array.from(list)) };
  }
  if (!('values' in column) || !(column.values instanceof Float64Array)) return column;
  const nulls = 'nulls' in column && column.nulls ? { nulls: shared(column.nulls) } : {};
  return { ...column, values: shared(column.values), ...nulls } as Column;
}

function sharedMatrix(matrix: Matrix): Matrix {
  if (!isSparseRows(matrix)) return { ...matrix, columns: matrix.columns.map(shared) };
  const { starts, indices, values } = matrix;
  return { ...matrix, starts: shared(starts), indices: shared(indices), values: shared(values) };
}

/** A vector may be a view on a larger array, all of which would be sent. */
function ownNumbers(vector: Vector): Vector {
  if (!isSparse(vector)) return Float64Array.from(vector);
  const { size, indices, values } = vector;
  return { size, indices: Int32Array.from(indices), values: Float64Array.from(values) };
}

function shared<A extends Float64Array | Int32Array | Uint8Array>(numbers: A): A {
  if (numbers.buffer instanceof SharedArrayBuffer) return numbers;
  const copy = new (numbers.constructor as new (buffer: SharedArrayBuffer) => A)(
    new SharedArrayBuffer(numbers.byteLength),
  );
  copy.set(numbers);
  return copy;
}
