import { type Matrix, matrixWidth } from '../batch/column.ts';
import type { Features } from '../batch/examples.ts';
import { toDense } from '../batch/sparse-rows.ts';
import type { Table } from '../batch/table.ts';

/** The features that a fitted model scores. Throws `BadRowsError` where they are not as many as it was fitted on. */
export function featureMatrix(table: Table, name: string, width: number, who: string): Matrix {
  const matrix = table.matrix(name);
  if (matrixWidth(matrix) === width) return matrix;
  if (matrix.rows === 0) return { rows: 0, columns: Array.from({ length: width }, () => new Float64Array()) };
  throw table.badRows(who, () => `column ${name}: expected vectors of ${width} numbers, got ${matrixWidth(matrix)}`);
}

/** As `featureMatrix`, as dense columns. */
export function denseFeatures(table: Table, name: string, width: number, who: string): Features {
  const matrix = featureMatrix(table, name, width, who);
  return 'starts' in matrix ? toDense(matrix) : matrix;
}
