import { isSparseRows, type Matrix, matrixWidth } from '../batch/column.ts';
import type { SparseRows } from '../batch/sparse-rows.ts';

/** By feature: its mean, and its variance with n − 1 below the line (0 for one row). Each Float64Array[d]. */
export interface ColumnMoments {
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** Two passes: sums, then squares of what is left. Cost: O(values). */
export function columnMoments(matrix: Matrix): ColumnMoments {
  const n = matrix.rows;
  const d = matrixWidth(matrix);
  const means = new Float64Array(d);
  const squares = new Float64Array(d);
  if (isSparseRows(matrix)) addSparse(matrix, means, squares);
  else {
    matrix.columns.forEach((column, j) => {
      const mean = sum(column) / n;
      means[j] = mean;
      squares[j] = sumOfSquares(column, mean);
    });
  }
  return { means, variances: n > 1 ? squares.map((each) => each / (n - 1)) : new Float64Array(d) };
}

function addSparse({ rows, indices, values }: SparseRows, means: Float64Array, squares: Float64Array): void {
  const present = new Int32Array(means.length);
  for (let p = 0; p < values.length; p++) {
    const j = indices[p]!;
    means[j] = means[j]! + values[p]! / rows;
    present[j] = present[j]! + 1;
  }
  for (let p = 0; p < values.length; p++) {
    const j = indices[p]!;
    squares[j] = squares[j]! + (values[p]! - means[j]!) ** 2;
  }
  for (let j = 0; j < means.length; j++) squares[j] = squares[j]! + (rows - present[j]!) * means[j]! ** 2;
}

function sum(column: Float64Array): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) total += column[i]!;
  return total;
}

function sumOfSquares(column: Float64Array, mean: number): number {
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < column.length; i++) {
    const difference = column[i]! - mean;
    squares += difference * difference;
    rest += difference;
  }
  return squares - (rest * rest) / column.length;
}
