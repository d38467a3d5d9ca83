/** A small matrix, such as a model's coefficients: by columns, entry (i, j) at j · numRows + i. */
export interface DenseMatrix {
  readonly numRows: number;
  readonly numCols: number;
  readonly values: Float64Array;
}
