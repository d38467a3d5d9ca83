import { describe, expect, it } from 'vitest';
import { LabeledPoint, Vectors } from '../../src/batch/vector.ts';
import { UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { FTRLProximal } from '../../src/learners/ftrl-proximal.ts';
import type { OnlineLearner } from '../../src/learners/online-learner.ts';
import { PassiveAggressiveClassifier } from '../../src/learners/passive-aggressive-classifier.ts';
import { PassiveAggressiveRegressor } from '../../src/learners/passive-aggressive-regressor.ts';
import { RecursiveLeastSquares } from '../../src/learners/recursive-least-squares.ts';
import { SGDClassifier } from '../../src/learners/sgd-classifier.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { SoftmaxRegression } from '../../src/learners/softmax-regression.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const numFeatures = 3;

const makers: Readonly<Record<string, () => OnlineLearner<LabeledPoint>>> = {
  'SGDRegressor, sgd': () => new SGDRegressor({ numFeatures, regParam: 0.01 }),
  'SGDRegressor, adaGrad': () => new SGDRegressor({ numFeatures, optimizer: 'adaGrad', stepSize: 0.1 }),
  'SGDRegressor, adam, absolute loss': () =>
    new SGDRegressor({ numFeatures, optimizer: 'adam', stepSize: 0.05, loss: 'absolute' }),
  'SGDClassifier, logistic': () => new SGDClassifier({ numFeatures, stepSize: 0.1 }),
  'SGDClassifier, hinge, adam': () => new SGDClassifier({ numFeatures, loss: 'hinge', optimizer: 'adam' }),
  SoftmaxRegression: () => new SoftmaxRegression({ numFeatures, numClasses: 2, stepSize: 0.1 }),
  FTRLProximal: () => new FTRLProximal({ numFeatures, l1: 0.1 }),
  PassiveAggressiveClassifier: () => new PassiveAggressiveClassifier({ numFeatures, aggressiveness: 0.1 }),
  PassiveAggressiveRegressor: () => new PassiveAggressiveRegressor({ numFeatures, aggressiveness: 0.1 }),
  RecursiveLeastSquares: () => new RecursiveLeastSquares({ numFeatures, forgettingFactor: 0.999 }),
};

/** Normal features, and either 1 + 2·x0 − x1 with a little noise, or whether that is above 0. */
function rowsFor(learner: OnlineLearner<LabeledPoint>, count: number): LabeledPoint[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const features = Array.from({ length: numFeatures }, () => nextNormal(random));
    const value = 1 + 2 * features[0]! - features[1]! + 0.1 * nextNormal(random);
    return LabeledPoint(learner.numClasses === undefined ? value : value > 0 ? 1 : 0, features);
  });
}

describe.each(Object.entries(makers))('%s', (_name, make) => {
  it('learns the same however the stream is cut into batches', () => {
    const rows = rowsFor(make(), 60);
    const states = [1, 7, 60].map((size) => {
      const learner = make();
      for (let start = 0; start < rows.length; start += size) teach(learner, rows.slice(start, start + size));
      return { ...learner.snapshot(), version: 0 };
    });
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });

  it('tells the mean loss of the rows, each as the model was before it', () => {
    const rows = rowsFor(make(), 20);
    const [whole, byRow] = [make(), make()];
    const losses = rows.map((row) => teach(byRow, [row])!);
    expect(teach(whole, rows)).toBeCloseTo(losses.reduce((sum, loss) => sum + loss) / rows.length, 14);
  });

  it('comes to know what the rows say', () => {
    const learner = make();
    const rows = rowsFor(learner, 4000);
    const [early, late] = [rows.slice(0, 100), rows.slice(-1000)];
    const first = teach(learner, early)!;
    teach(learner, rows.slice(100, -1000));
    expect(teach(learner, late)).toBeLessThan(first / 2);
  });
});

describe('SoftmaxRegression of two classes', () => {
  it('is logistic regression of twice its steps', () => {
    const logistic = new SGDClassifier({ numFeatures, stepSize: 0.1 });
    const softmax = new SoftmaxRegression({ numFeatures, numClasses: 2, stepSize: 0.05 });
    const rows = rowsFor(logistic, 200);
    expect(teach(softmax, rows)).toBeCloseTo(teach(logistic, rows)!, 12);
    const w = softmax.learnedValues();
    for (const [j, weight] of logistic.learnedValues().entries()) expect(w[4 + j]! - w[j]!).toBeCloseTo(weight, 12);
  });
});

describe('initial weights', () => {
  it('are copied, dense or sparse, and asked for their width', () => {
    const given = [1, 2, 3];
    const learner = new SGDRegressor({ numFeatures }).setInitialWeights(given, 4);
    given[0] = 99;
    expect([...learner.weights, learner.intercept]).toEqual([1, 2, 3, 4]);
    learner.setInitialWeights(Vectors.sparse(3, [1], [5]));
    expect([...learner.learnedValues()]).toEqual([0, 5, 0, 0]);
    expect(() => learner.setInitialWeights([1])).toThrow('SGDRegressor: Initial weights: features: expected 3 values');
  });
});

it.each<[use: () => unknown, message: string]>([
  [() => new SGDRegressor({ numFeatures: 0 }), 'SGDRegressor: Number of features must be positive but got 0'],
  [() => new SGDRegressor({ numFeatures, stepSize: 0 }), 'SGDRegressor: Step size must be positive but got 0'],
  [
    () => new SGDClassifier({ numFeatures, regParam: -1 }),
    'SGDClassifier: Regularization parameter must be nonnegative but got -1',
  ],
  [
    () => new SGDClassifier({ numFeatures, optimizer: 'newton' as 'sgd' }),
    "SGDClassifier: Optimizer must be 'sgd', 'adaGrad' or 'adam' but got newton",
  ],
  [
    () => new SGDClassifier({ numFeatures, loss: 'squared' as 'hinge' }),
    "SGDClassifier: Loss must be 'logistic' or 'hinge' but got squared",
  ],
  [
    () => new SGDRegressor({ numFeatures, loss: 'hinge' as 'squared' }),
    "SGDRegressor: Loss must be 'squared' or 'absolute' but got hinge",
  ],
  [
    () => new SoftmaxRegression({ numFeatures, numClasses: 1 }),
    'SoftmaxRegression: Number of classes must be at least 2 but got 1',
  ],
  [() => new FTRLProximal({ numFeatures, alpha: 0 }), 'FTRLProximal: Alpha must be positive but got 0'],
  [() => new FTRLProximal({ numFeatures, beta: -1 }), 'FTRLProximal: Beta must be nonnegative but got -1'],
  [() => new FTRLProximal({ numFeatures, l1: -1 }), 'FTRLProximal: L1 penalty must be nonnegative but got -1'],
  [() => new FTRLProximal({ numFeatures, l2: Number.NaN }), 'FTRLProximal: L2 penalty must be nonnegative but got NaN'],
  [
    () => new FTRLProximal({ numFeatures, steps: 'never' as 'perRow' }),
    "FTRLProximal: Steps must be 'perRow' or 'perBatch' but got never",
  ],
  [
    () => new PassiveAggressiveClassifier({ numFeatures, variant: 'PA-III' as 'PA' }),
    "PassiveAggressiveClassifier: Variant must be 'PA', 'PA-I' or 'PA-II' but got PA-III",
  ],
  [
    () => new PassiveAggressiveRegressor({ numFeatures, aggressiveness: 0 }),
    'PassiveAggressiveRegressor: Aggressiveness must be positive but got 0',
  ],
  [
    () => new PassiveAggressiveRegressor({ numFeatures, epsilon: -1 }),
    'PassiveAggressiveRegressor: Epsilon must be nonnegative but got -1',
  ],
  [
    () => new RecursiveLeastSquares({ numFeatures, forgettingFactor: 0 }),
    'RecursiveLeastSquares: Forgetting factor must be in range (0, 1] but got 0',
  ],
  [
    () => new RecursiveLeastSquares({ numFeatures, initialUncertainty: 0 }),
    'RecursiveLeastSquares: Initial uncertainty must be positive but got 0',
  ],
])('refuses by name: %s', (use, message) => {
  expectRefusal(use, UsageError, 'bad-option', message);
});
