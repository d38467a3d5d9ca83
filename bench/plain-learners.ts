import { K, PASSES, STEP_SIZE } from './learner-list.ts';
import { plainGaussianScores, plainGaussians } from './plain-gaussians.ts';
import { nearestPlainly, updatePlainly } from './plain-k-means.ts';
import { descendPlainly } from './plain-linear.ts';
import { plainMinMax, plainMultinomial } from './plain-multinomial.ts';
import {
  type PlainRows,
  plainDescent,
  plainLeastSquares,
  plainLosses,
  plainMargins,
  plainPassiveAggressive,
  plainProximal,
  plainScale,
  plainSoftmax,
} from './plain-rows.ts';

type Columns = readonly Float64Array[];

/** A learner as one would write it for itself: it learns a batch and gives the sum of its losses, and it predicts. */
export interface PlainLearner {
  train(rows: PlainRows): number;
  predict(columns: Columns): Float64Array;
  /** As `learnedValues` of Millrace's. */
  learned(): Float64Array;
}

/** `start`: what Millrace's learner begins with. Undefined where nobody would write such a learner in a few lines. */
export function plainLearner(name: string, d: number, start: Float64Array): PlainLearner | undefined {
  return PLAIN[name]?.(d, start);
}

const PLAIN: Readonly<Record<string, (d: number, start: Float64Array) => PlainLearner>> = {
  'k-means': kMeans,
  'linear, 10 passes': (d) => descent(d, 'identity'),
  'logistic, 10 passes': (d) => descent(d, 'logistic'),
  'linear SGD': (d) => rowByRow(d, 'squared', 'sgd'),
  'logistic SGD': (d) => rowByRow(d, 'logistic', 'sgd'),
  'logistic AdaGrad': (d) => rowByRow(d, 'logistic', 'adaGrad'),
  'logistic Adam': (d) => rowByRow(d, 'logistic', 'adam'),
  'scaler, logistic SGD': scaled,
  softmax,
  'FTRL-proximal': proximal,
  'passive-aggressive': passiveAggressive,
  'recursive least squares': leastSquares,
  'Gaussian naive Bayes': gaussians,
  'min-max, multinomial naive Bayes': multinomial,
};

function kMeans(_d: number, start: Float64Array): PlainLearner {
  const centers = start.slice();
  const weights = new Float64Array(K).fill(1);
  return {
    train: ({ columns, labels }) => updatePlainly(columns, labels.length, centers, weights, K, 1),
    predict: (columns) => nearestPlainly(columns, centers, K),
    learned: () => centers,
  };
}

function descent(d: number, link: 'identity' | 'logistic'): PlainLearner {
  const all = new Float64Array(d + 1); // the last is the intercept, which stays 0
  const weights = all.subarray(0, d);
  return {
    train: ({ columns, labels }) => descendPlainly(columns, labels, weights, STEP_SIZE, PASSES, link),
    predict: (columns) => decided(plainMargins(columns, weights), link === 'logistic'),
    learned: () => all,
  };
}

function rowByRow(d: number, loss: 'squared' | 'logistic', optimizer: 'sgd' | 'adaGrad' | 'adam'): PlainLearner {
  const state = stepped(d + 1);
  return {
    train: (rows) =>
      plainLosses(plainDescent(rows, state, loss, { optimizer, stepSize: STEP_SIZE, l2: 0 }), rows, loss),
    predict: (columns) => decided(plainMargins(columns, state.weights), loss === 'logistic'),
    learned: () => state.weights,
  };
}

function scaled(d: number): PlainLearner {
  const moments = { counts: new Float64Array(d), means: new Float64Array(d), variances: new Float64Array(d) };
  const inner = rowByRow(d, 'logistic', 'sgd');
  return {
    train: ({ columns, labels }) => inner.train({ columns: plainScale(columns, moments, true), labels }),
    predict: (columns) => inner.predict(plainScale(columns, moments, false)),
    learned: inner.learned,
  };
}

function softmax(d: number): PlainLearner {
  const state = stepped(2 * (d + 1));
  const ofClass = (k: number) => state.weights.subarray(k * (d + 1), (k + 1) * (d + 1));
  return {
    train: (rows) => sum(plainSoftmax(rows, state, 2, { optimizer: 'sgd', stepSize: STEP_SIZE, l2: 0 })),
    predict(columns) {
      const [zeros, ones] = [plainMargins(columns, ofClass(0)), plainMargins(columns, ofClass(1))];
      return zeros.map((margin, i) => (ones[i]! > margin ? 1 : 0));
    },
    learned: () => state.weights,
  };
}

function proximal(d: number): PlainLearner {
  const state = { weights: new Float64Array(d + 1), z: new Float64Array(d + 1), n: new Float64Array(d + 1) };
  return {
    train: (rows) => plainLosses(plainProximal(rows, state, { alpha: 0.1, beta: 1, l1: 0, l2: 0 }), rows, 'logistic'),
    predict: (columns) => decided(plainMargins(columns, state.weights), true),
    learned: () => state.weights,
  };
}

function passiveAggressive(d: number): PlainLearner {
  const weights = new Float64Array(d + 1);
  return {
    train: (rows) => sum(plainPassiveAggressive(rows, weights, { variant: 'PA-I', aggressiveness: 1 })),
    predict: (columns) => decided(plainMargins(columns, weights), true),
    learned: () => weights,
  };
}

function leastSquares(d: number): PlainLearner {
  const m = d + 1;
  const weights = new Float64Array(m);
  const covariance = new Float64Array(m * m);
  for (let j = 0; j < m; j++) covariance[j * m + j] = 100;
  return {
    train: (rows) => sum(plainLeastSquares(rows, weights, covariance, { factor: 1, mostTrace: 100 * m })),
    predict: (columns) => plainMargins(columns, weights),
    learned: () => weights,
  };
}

function gaussians(d: number): PlainLearner {
  const state = { counts: new Float64Array(2), means: new Float64Array(2 * d), squares: new Float64Array(2 * d) };
  return {
    train: (rows) => sum(plainGaussians(rows, state, 1e-9, Math.log(1e15))),
    predict(columns) {
      const [zeros, ones] = plainGaussianScores(columns, state, 1e-9) as [Float64Array, Float64Array];
      return zeros.map((score, i) => (ones[i]! > score ? 1 : 0));
    },
    learned: () => state.means,
  };
}

function multinomial(d: number): PlainLearner {
  const range = { smallest: new Float64Array(d).fill(Infinity), largest: new Float64Array(d).fill(-Infinity) };
  const state = { counts: new Float64Array(2), sums: new Float64Array(2 * d), totals: new Float64Array(2) };
  const weightsOf = (k: number) =>
    state.sums.subarray(k * d, (k + 1) * d).map((sum) => Math.log(sum + 1) - Math.log(state.totals[k]! + d));
  return {
    train: ({ columns, labels }) =>
      sum(plainMultinomial({ columns: plainMinMax(columns, range, true), labels }, state, 1, Math.log(1e15))),
    predict(columns) {
      const scaled = plainMinMax(columns, range, false);
      const [zeros, ones] = [plainMargins(scaled, weightsOf(0)), plainMargins(scaled, weightsOf(1))];
      const odds = Math.log(state.counts[1]! / state.counts[0]!);
      return zeros.map((score, i) => (ones[i]! + odds > score ? 1 : 0));
    },
    learned: () => state.sums,
  };
}

function stepped(size: number) {
  const [weights, squares, means] = [0, 0, 0].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { weights, squares, means, steps: new Float64Array(1) };
}

/** The class by its margin. */
function decided(margins: Float64Array, classifies: boolean): Float64Array {
  if (classifies) for (let i = 0; i < margins.length; i++) margins[i] = margins[i]! > 0 ? 1 : 0;
  return margins;
}

function sum(losses: Float64Array): number {
  let total = 0;
  for (let i = 0; i < losses.length; i++) total += losses[i]!;
  return total;
}
