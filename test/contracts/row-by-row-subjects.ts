import { LabeledPoint } from '../../src/batch/vector.ts';
import type { Learner } from '../../src/contracts/learner.ts';
import { FTRLProximal } from '../../src/learners/ftrl-proximal.ts';
import { GaussianNaiveBayes } from '../../src/learners/gaussian-naive-bayes.ts';
import { MultinomialNaiveBayes } from '../../src/learners/multinomial-naive-bayes.ts';
import { PassiveAggressiveClassifier } from '../../src/learners/passive-aggressive-classifier.ts';
import { PassiveAggressiveRegressor } from '../../src/learners/passive-aggressive-regressor.ts';
import { RecursiveLeastSquares } from '../../src/learners/recursive-least-squares.ts';
import { SGDClassifier } from '../../src/learners/sgd-classifier.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { SoftmaxRegression } from '../../src/learners/softmax-regression.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import { batches, classifiedBatches, goOnInNewProcess } from './learner-subjects.ts';

/** The same rows by their corner, of three. */
const corners = batches.map((rows) =>
  rows.map(({ features }) => LabeledPoint((features as readonly number[])[0]!, features)),
);

/** A learner that is made for a number of features, and can learn at once. */
function subjectOf(make: (numFeatures: number) => Learner, rows: LearnerSubject['batches']): LearnerSubject {
  return { batches: rows, make: () => make(3), makeOther: () => make(2), goOnInNewProcess };
}

export const ftrlSubject = subjectOf(
  (numFeatures) => new FTRLProximal({ numFeatures, alpha: 0.5, l1: 0.1, l2: 0.1, steps: 'perBatch' }),
  classifiedBatches,
);

export const gaussianSubject = subjectOf(
  (numFeatures) => new GaussianNaiveBayes({ numFeatures, numClasses: 3 }),
  corners,
);

export const multinomialSubject = subjectOf(
  (numFeatures) => new MultinomialNaiveBayes({ numFeatures, numClasses: 3, smoothing: 0.5 }),
  corners.map((rows) =>
    rows.map(({ label, features }) => LabeledPoint(label, Array.from(features as readonly number[], Math.abs))),
  ),
);

export const leastSquaresSubject = subjectOf(
  (numFeatures) => new RecursiveLeastSquares({ numFeatures, forgettingFactor: 0.9 }),
  batches,
);

/** Forgets nothing, so that two merge. */
export const wholeLeastSquaresSubject = subjectOf((numFeatures) => new RecursiveLeastSquares({ numFeatures }), batches);

export const passiveAggressiveClassifierSubject = subjectOf(
  (numFeatures) => new PassiveAggressiveClassifier({ numFeatures, variant: 'PA-II', aggressiveness: 0.5 }),
  classifiedBatches,
);

export const passiveAggressiveRegressorSubject = subjectOf(
  (numFeatures) =>
    new PassiveAggressiveRegressor({ numFeatures, variant: 'PA-II', epsilon: 0.01, fitIntercept: false }),
  batches,
);

export const sgdClassifierSubject = subjectOf(
  (numFeatures) => new SGDClassifier({ numFeatures, optimizer: 'adaGrad', stepSize: 0.1 }),
  classifiedBatches,
);

export const sgdRegressorSubject = subjectOf(
  (numFeatures) => new SGDRegressor({ numFeatures, regParam: 0.1, loss: 'squared' }),
  batches,
);

export const softmaxSubject = subjectOf(
  (numFeatures) => new SoftmaxRegression({ numFeatures, numClasses: 3, optimizer: 'adam', fitIntercept: false }),
  corners,
);
