import type { Features } from '../batch/examples.ts';
import { columnMoments } from './column-moments.ts';

/** The covariances of features, d × d, with n − 1 below the line. Cost: O(n · d²). */
export function covariances({ rows, columns }: Features): number[][] {
  const { means } = columnMoments({ rows, columns });
  const d = columns.length;
  const matrix = Array.from({ length: d }, () => new Array<number>(d).fill(0));
  for (let a = 0; a < d; a++) {
    for (let b = a; b < d; b++) {
      const covariance = sumOfProducts(columns[a]!, means[a]!, columns[b]!, means[b]!) / (rows - 1);
      matrix[a]![b] = covariance;
      matrix[b]![a] = covariance;
    }
  }
  return matrix;
}

function sumOfProducts(x: Float64Array, meanX: number, y: Float64Array, meanY: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! - meanX) * (y[i]! - meanY);
  return sum;
}
