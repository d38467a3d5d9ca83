import { type Column, isSparseRows, type Matrix, type NumberColumn } from './column.ts';
import { vectorColumn } from './column-of-values.ts';
import { isNumeric } from './schema.ts';
import { SparseRowsBuilder } from './sparse-rows.ts';

/** The values of a column at these places, in this order, copied. */
export function keptRows(column: Column, places: Int32Array): Column {
  if ('matrix' in column) return { ...column, matrix: keptOfMatrix(column.matrix, places) };
  if ('ragged' in column) return { ...column, ragged: keptOfList(column.ragged, places) };
  if (column.type === 'void') return { ...column, rows: places.length };
  if (isNumeric(column.type)) return keptNumbers(column as NumberColumn, places);
  return { ...column, values: keptOfList<unknown>(column.values as readonly unknown[], places) } as Column;
}

/** The values of a column from row `from` to before row `to`; numbers are views. */
export function rangeOfRows(column: Column, from: number, to: number): Column {
  if ('matrix' in column) return { ...column, matrix: rangeOfMatrix(column.matrix, from, to) };
  if ('ragged' in column) return vectorColumn(column.ragged.slice(from, to));
  if (column.type === 'void') return { ...column, rows: to - from };
  if (isNumeric(column.type)) {
    const { values, nulls } = column as NumberColumn;
    return { ...(column as NumberColumn), values: values.subarray(from, to), nulls: nulls?.subarray(from, to) };
  }
  return { ...column, values: (column.values as readonly unknown[]).slice(from, to) } as Column;
}

function rangeOfMatrix(matrix: Matrix, from: number, to: number): Matrix {
  const rows = to - from;
  if (!isSparseRows(matrix)) return { rows, columns: matrix.columns.map((column) => column.subarray(from, to)) };
  const { width, starts, indices, values } = matrix;
  const [first, last] = [starts[from]!, starts[to]!];
  const own = starts.subarray(from, to + 1).map((start) => start - first);
  return { rows, width, starts: own, indices: indices.subarray(first, last), values: values.subarray(first, last) };
}

function keptNumbers(column: NumberColumn, places: Int32Array): NumberColumn {
  const nulls = column.nulls && Uint8Array.from(places, (at) => column.nulls![at]!);
  return { ...column, values: keptOfNumbers(column.values, places), nulls };
}

function keptOfMatrix(matrix: Matrix, places: Int32Array): Matrix {
  if (!isSparseRows(matrix)) {
    return { rows: places.length, columns: matrix.columns.map((column) => keptOfNumbers(column, places)) };
  }
  const builder = new SparseRowsBuilder(matrix.width);
  for (const at of places) {
    for (let p = matrix.starts[at]!; p < matrix.starts[at + 1]!; p++)
      builder.add(matrix.indices[p]!, matrix.values[p]!);
    builder.endRow();
  }
  return builder.build();
}

function keptOfNumbers(values: Float64Array, places: Int32Array): Float64Array {
  const kept = new Float64Array(places.length);
  for (let i = 0; i < kept.length; i++) kept[i] = values[places[i]!]!;
  return kept;
}

function keptOfList<T>(values: readonly T[], places: Int32Array): T[] {
  return Array.from(places, (at) => values[at]!);
}
