import { type Matrix, matrixWidth } from '../../batch/column.ts';
import type { DenseMatrix } from '../saved/dense-matrix.ts';
import type { TrainingRows } from '../training-rows.ts';
import type { NaiveBayesLearned } from './naive-bayes-model.ts';

const NOTHING: DenseMatrix = { numRows: 0, numCols: 0, values: new Float64Array() };

/** From the sums of the features of each class. All in logarithms. */
export function discreteBayes(
  { matrix, labels, weights }: TrainingRows,
  k: number,
  modelType: 'multinomial' | 'complement' | 'bernoulli',
  smoothing: number,
): NaiveBayesLearned {
  const d = matrixWidth(matrix);
  const classWeights = weightsByClass(labels, weights, k);
  const { values: sums } = sumsByClass(matrix, labels, weights, k, (value) => value);
  if (modelType === 'complement') {
    for (let j = 0; j < d; j++) {
      const ofClasses = sums.subarray(j * k, (j + 1) * k);
      const total = ofClasses.reduce((sum, each) => sum + each, 0);
      for (let c = 0; c < k; c++) ofClasses[c] = total - ofClasses[c]!;
    }
  }
  const total = classWeights.reduce((sum, each) => sum + each, 0);
  const pi = classWeights.map((each) => Math.log(each + smoothing) - Math.log(total + k * smoothing));
  const theta = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    let ofClass = 0;
    for (let j = 0; j < d; j++) ofClass += sums[j * k + c]!;
    const below = modelType === 'bernoulli' ? classWeights[c]! + 2 * smoothing : ofClass + d * smoothing;
    for (let j = 0; j < d; j++) {
      const logarithm = Math.log(sums[j * k + c]! + smoothing) - Math.log(below);
      theta[j * k + c] = modelType === 'complement' ? -logarithm : logarithm;
    }
  }
  return { pi, theta: { numRows: k, numCols: d, values: theta }, sigma: NOTHING };
}

/** Added to every variance, as a share of the largest of a feature over all rows. */
const LEAST_VARIANCE = 1e-9;

/** From the mean and the variance of each feature in each class. */
export function gaussianBayes({ matrix, labels, weights }: TrainingRows, k: number): NaiveBayesLearned {
  const d = matrixWidth(matrix);
  const classWeights = weightsByClass(labels, weights, k);
  const total = classWeights.reduce((sum, each) => sum + each, 0);
  const theta = sumsByClass(matrix, labels, weights, k, (value) => value);
  const sums = sumsOverClasses(theta);
  for (let at = 0; at < k * d; at++) theta.values[at] = theta.values[at]! / (classWeights[at % k]! || 1);
  const squares = sumsByClass(matrix, labels, weights, k, (value, j, c) => (value - theta.values[j * k + c]!) ** 2);
  let largest = 0;
  for (let j = 0; j < d; j++) {
    let variance = 0;
    for (let c = 0; c < k; c++) {
      const apart = theta.values[j * k + c]! - sums[j]! / total;
      if (classWeights[c]! > 0) variance += (squares.values[j * k + c]! + classWeights[c]! * apart * apart) / total;
    }
    largest = Math.max(largest, variance);
  }
  const sigma = squares.values.map((each, at) => LEAST_VARIANCE * largest + each / (classWeights[at % k]! || 1));
  return {
    pi: classWeights.map((each) => Math.log(each) - Math.log(total)),
    theta,
    sigma: { numRows: k, numCols: d, values: sigma },
  };
}

function weightsByClass(labels: Float64Array, weights: Float64Array | undefined, k: number): Float64Array {
  const sums = new Float64Array(k);
  for (let i = 0; i < labels.length; i++) sums[labels[i]!] = sums[labels[i]!]! + (weights?.[i] ?? 1);
  return sums;
}

/** Σ weight · of(value) by class and feature, zeros among them. */
function sumsByClass(
  matrix: Matrix,
  labels: Float64Array,
  weights: Float64Array | undefined,
  k: number,
  of: (value: number, j: number, c: number) => number,
): DenseMatrix {
  const d = matrixWidth(matrix);
  const values = new Float64Array(k * d);
  const add = (i: number, j: number, value: number, less = 0) => {
    const c = labels[i]!;
    const at = j * k + c;
    values[at] = values[at]! + (weights?.[i] ?? 1) * (of(value, j, c) - less);
  };
  if (!('starts' in matrix)) {
    matrix.columns.forEach((column, j) => {
      for (let i = 0; i < column.length; i++) add(i, j, column[i]!);
    });
    return { numRows: k, numCols: d, values };
  }
  // As if all were 0, then those that are not.
  const classWeights = weightsByClass(labels, weights, k);
  for (let at = 0; at < k * d; at++) values[at] = classWeights[at % k]! * of(0, Math.floor(at / k), at % k);
  for (let i = 0; i < matrix.rows; i++) {
    for (let p = matrix.starts[i]!; p < matrix.starts[i + 1]!; p++) {
      const j = matrix.indices[p]!;
      add(i, j, matrix.values[p]!, of(0, j, labels[i]!));
    }
  }
  return { numRows: k, numCols: d, values };
}

function sumsOverClasses({ numRows: k, numCols: d, values }: DenseMatrix): Float64Array {
  return Float64Array.from({ length: d }, (_, j) =>
    values.subarray(j * k, (j + 1) * k).reduce((sum, each) => sum + each, 0),
  );
}
