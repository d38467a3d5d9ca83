import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { DataError } from '../errors.ts';

/** Eigenvalues, in ascending order, and their eigenvectors. */
export interface SymmetricEigen {
  /** Float64Array[d]. */
  readonly values: Float64Array;
  /** d Float64Array[d]: of length 1, that of `values[e]` at e. */
  readonly vectors: readonly Float64Array[];
}

/**
 * Decomposes a symmetric matrix, d × d, column after column; of one that is not, the mean of it and its transpose. It is scaled on the way, since
 * the algorithm does not end on numbers whose squares overflow. Throws `DataError` (`not-finite`). Cost: O(d³).
 */
export function symmetricEigen(matrix: Float64Array, d: number, who: string): SymmetricEigen {
  const most = matrix.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (!Number.isFinite(most)) {
    throw new DataError('not-finite', `${who}: covariances would leave the finite numbers; scale the features`);
  }
  const scale = most === 0 ? 1 : 2 ** Math.floor(Math.log2(most)); // a power of two changes no digit
  const scaled = new Matrix(d, d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) scaled.set(a, b, (matrix[a * d + b]! / scale + matrix[b * d + a]! / scale) / 2);
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, { assumeSymmetric: true });
  return {
    values: Float64Array.from(realEigenvalues, (value) => value * scale),
    vectors: realEigenvalues.map((_, e) => Float64Array.from(eigenvectorMatrix.getColumn(e))),
  };
}
