import { isSparseRows, type Matrix, matrixWidth } from '../batch/column.ts';

/** By feature: its smallest and its largest value, NaN left out. Each Float64Array[d]. */
export interface ColumnRanges {
  readonly smallest: Float64Array;
  readonly largest: Float64Array;
}

/** Cost: O(values). Where a feature has nothing but NaN, the smallest is the largest number there is, and the other way round. */
export function columnRanges(matrix: Matrix): ColumnRanges {
  const d = matrixWidth(matrix);
  const smallest = new Float64Array(d).fill(Number.MAX_VALUE);
  const largest = new Float64Array(d).fill(-Number.MAX_VALUE);
  const see = (j: number, value: number) => {
    if (value < smallest[j]!) smallest[j] = value;
    if (value > largest[j]!) largest[j] = value;
  };
  if (isSparseRows(matrix)) {
    const present = new Int32Array(d);
    matrix.indices.forEach((j, p) => {
      see(j, matrix.values[p]!);
      present[j] = present[j]! + 1;
    });
    for (let j = 0; j < d; j++) if (present[j]! < matrix.rows) see(j, 0);
  } else {
    matrix.columns.forEach((column, j) => {
      for (const value of column) see(j, value);
    });
  }
  return { smallest, largest };
}
