import { DBSTREAM } from './dbstream.ts';
import { FTRLProximal } from './ftrl-proximal.ts';
import { GaussianNaiveBayes } from './gaussian-naive-bayes.ts';
import { HalfSpaceTrees } from './half-space-trees.ts';
import { MultinomialNaiveBayes } from './multinomial-naive-bayes.ts';
import { PassiveAggressiveClassifier } from './passive-aggressive-classifier.ts';
import { PassiveAggressiveRegressor } from './passive-aggressive-regressor.ts';
import { RecursiveLeastSquares } from './recursive-least-squares.ts';
import { RobustZScore } from './robust-z-score.ts';
import { SGDClassifier } from './sgd-classifier.ts';
import { SGDRegressor } from './sgd-regressor.ts';
import { SoftmaxRegression } from './softmax-regression.ts';
import { StreamingKMeans } from './streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from './streaming-linear-regression-with-sgd.ts';
import { StreamingLogisticRegressionWithSGD } from './streaming-logistic-regression-with-sgd.ts';
import { AdaptiveRandomForestClassifier } from './trees/adaptive-random-forest-classifier.ts';
import { AdaptiveRandomForestRegressor } from './trees/adaptive-random-forest-regressor.ts';
import { HoeffdingAdaptiveTreeClassifier } from './trees/hoeffding-adaptive-tree-classifier.ts';
import { HoeffdingAdaptiveTreeRegressor } from './trees/hoeffding-adaptive-tree-regressor.ts';
import { HoeffdingTreeClassifier } from './trees/hoeffding-tree-classifier.ts';
import { HoeffdingTreeRegressor } from './trees/hoeffding-tree-regressor.ts';

/** Every learner that can be saved, by its kind. A new learner is added here. */
export const LEARNER_KINDS = {
  DBSTREAM,
  FTRLProximal,
  GaussianNaiveBayes,
  HalfSpaceTrees,
  MultinomialNaiveBayes,
  PassiveAggressiveClassifier,
  PassiveAggressiveRegressor,
  RecursiveLeastSquares,
  RobustZScore,
  SGDClassifier,
  SGDRegressor,
  SoftmaxRegression,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
  AdaptiveRandomForestClassifier,
  AdaptiveRandomForestRegressor,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingAdaptiveTreeRegressor,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
};

/** Any learner that stands by itself. */
export type SingleLearner = InstanceType<(typeof LEARNER_KINDS)[keyof typeof LEARNER_KINDS]>;
