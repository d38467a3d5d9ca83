import { isSparseRows, type Matrix, matrixWidth } from '../../batch/column.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';

/**
 * (x − shift) · scale by feature, each Float64Array[d]; without `shift`, x · scale. Sparse rows stay sparse unless there is a shift.
 * Nothing given is changed. Cost: O(values).
 */
export function scaledColumns(matrix: Matrix, scale: Float64Array, shift?: Float64Array): Matrix {
  if (isSparseRows(matrix) && shift === undefined) {
    const { indices, values } = matrix;
    const out = new Float64Array(values.length);
    for (let p = 0; p < out.length; p++) out[p] = values[p]! * scale[indices[p]!]!;
    return { ...matrix, values: out };
  }
  const { rows, columns } = isSparseRows(matrix) ? toDense(matrix) : matrix;
  return { rows, columns: columns.map((column, j) => scaledColumn(column, scale[j]!, shift?.[j] ?? 0)) };
}

function scaledColumn(column: Float64Array, scale: number, shift: number): Float64Array {
  const out = new Float64Array(column.length);
  for (let i = 0; i < out.length; i++) out[i] = (column[i]! - shift) * scale;
  return out;
}

/** The matrix of a column of vectors that a fitted stage knows the width of. Throws `BadRowsError` where it is another. */
export function matrixOfWidth(table: Table, name: string, width: number, who: string): Matrix {
  const matrix = table.matrix(name);
  if (matrixWidth(matrix) === width || matrix.rows === 0) return matrix;
  throw table.badRows(who, () => `column ${name}: expected vectors of ${width} numbers, got ${matrixWidth(matrix)}`);
}
