import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/**
 * The inverse of a symmetric, positive definite matrix, symmetric to the bit; undefined where the matrix is not positive definite.
 *
 * `matrix`: Float64Array[d·d], row after row; not changed. Cost: O(d³).
 */
export function inverseOf(matrix: Float64Array, d: number): Float64Array | undefined {
  const cholesky = new CholeskyDecomposition(Matrix.from1DArray(d, d, matrix));
  if (!cholesky.isPositiveDefinite()) return undefined;
  const inverse = cholesky.solve(Matrix.eye(d));
  return Float64Array.from({ length: d * d }, (_, at) => {
    const [row, column] = [Math.floor(at / d), at % d];
    return (inverse.get(row, column) + inverse.get(column, row)) / 2;
  });
}
