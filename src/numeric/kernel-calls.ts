/** Some rows: how many, of how many features, the first column and the bytes from one to the next. */
type Rows = [n: number, d: number, x: number, stride: number];
/** Labels and weights of rows. A place of 0 stands for weights of 1. */
type Labels = [labels: number, weights: number];
/** Rows with labels; m inputs: d, and one more where there is an intercept. */
type Labeled = [n: number, d: number, m: number, x: number, stride: number, ...Labels];
/** The same, of k classes. */
type LabeledOfClasses = [n: number, d: number, k: number, x: number, stride: number, ...Labels];
/** What descends, and room for a row. */
type Descent = [
  ...[optimizer: number, stepSize: number, penalties: number],
  ...[w: number, squares: number, means: number, steps: number, row: number],
];
type Proximal = [alpha: number, beta: number, l1: number, l2: number, w: number, z: number, squares: number];

/** The kernels. Places in their memory are byte offsets; `assembly/` tells what each does. */
export interface Kernels {
  assign(...call: [n: number, d: number, k: number, x: number, stride: number, ...Assigned]): void;
  addRows(...call: [...Rows, ...Labels, sums: number, counts: number]): void;
  addUp(n: number, values: number, weights: number, from: number): number;
  addColumns(...call: [...Rows, w: number, out: number, last: number]): void;
  toSlopes(n: number, margins: number, labels: number, weights: number, logistic: boolean): number;
  logisticLosses(n: number, margins: number, labels: number): number;
  addProducts(...call: [...Rows, slopes: number, into: number]): void;
  descend(...call: [...Labeled, loss: number, ...Descent, margins: number]): void;
  descendSoftmax(...call: [n: number, d: number, m: number, k: number, x: number, stride: number, ...Softmax]): void;
  followProximally(...call: [...Labeled, ...Proximal, row: number, margins: number]): void;
  stepProximally(m: number, row: number, slope: number, ...by: Proximal): void;
  stepAggressively(...call: [...Labeled, ...Aggressive, w: number, row: number, losses: number]): void;
  leastSquares(...call: [...Labeled, ...LeastSquares]): void;
  learnGaussian(...call: [...LabeledOfClasses, floor: number, most: number, ...Gaussian]): void;
  weigh(...call: [d: number, floor: number, count: number, squares: number, certainties: number, offset: number]): void;
  scoreGaussian(...call: [n: number, d: number, k: number, x: number, stride: number, ...GaussianScores]): void;
  learnMultinomial(...call: [...LabeledOfClasses, smoothing: number, most: number, ...Multinomial]): void;
  smoothedLogarithms(d: number, smoothing: number, from: number, to: number): void;
  standardise(...call: [...Rows, weights: number, ...Moments, withMean: boolean, withStd: boolean]): void;
  readJsonRows(...call: JsonRows): number;
}

type Assigned = [centers: number, labels: number, nearest: number];
type Softmax = [...Labels, ...Descent, classes: number, losses: number];
type Aggressive = [variant: number, aggressiveness: number, epsilon: number];
type LeastSquares = [
  ...[factor: number, mostTrace: number, w: number, covariance: number],
  ...[row: number, spread: number, errors: number],
];
type Gaussian = [
  ...[counts: number, means: number, squares: number, certainties: number, offsets: number],
  ...[row: number, scores: number, odds: number],
];
type GaussianScores = [means: number, certainties: number, offsets: number, scores: number];
type Multinomial = [
  ...[counts: number, sums: number, totals: number, logCounts: number, logs: number, logTotals: number],
  ...[row: number, scores: number, odds: number],
];
type Moments = [counts: number, means: number, variances: number];
type JsonRows = [
  ...[n: number, d: number, classes: number, places: number, bytes: number, names: number, powers: number],
  ...[row: number, out: number, stride: number],
];
