import { type Column, isSparseRows, type Matrix, type NumberColumn } from './column.ts';
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
