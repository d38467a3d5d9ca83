import type { SnapshotRecord } from '../batch/snapshot.ts';
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

/** Any learner that stands by itself. */
export type SingleLearner =
  | DBSTREAM
  | FTRLProximal
  | GaussianNaiveBayes
  | MultinomialNaiveBayes
  | PassiveAggressiveClassifier
  | PassiveAggressiveRegressor
  | RecursiveLeastSquares
  | SGDClassifier
  | SGDRegressor
  | SoftmaxRegression
  | StreamingKMeans
  | StreamingLinearRegressionWithSGD
  | StreamingLogisticRegressionWithSGD
  | AdaptiveRandomForestClassifier
  | AdaptiveRandomForestRegressor
  | HalfSpaceTrees
  | HoeffdingAdaptiveTreeClassifier
  | HoeffdingAdaptiveTreeRegressor
  | HoeffdingTreeClassifier
  | HoeffdingTreeRegressor
  | RobustZScore;

/** Every learner that can be saved, by its kind, made from its parameters. A new learner is added here. */
export const LEARNER_KINDS: Readonly<Record<SingleLearner['kind'], (params: SnapshotRecord) => SingleLearner>> = {
  DBSTREAM: (params) => new DBSTREAM(params as unknown as ConstructorParameters<typeof DBSTREAM>[0]),
  FTRLProximal: (params) => new FTRLProximal(params as unknown as ConstructorParameters<typeof FTRLProximal>[0]),
  GaussianNaiveBayes: (params) =>
    new GaussianNaiveBayes(params as unknown as ConstructorParameters<typeof GaussianNaiveBayes>[0]),
  MultinomialNaiveBayes: (params) =>
    new MultinomialNaiveBayes(params as unknown as ConstructorParameters<typeof MultinomialNaiveBayes>[0]),
  PassiveAggressiveClassifier: (params) =>
    new PassiveAggressiveClassifier(params as unknown as ConstructorParameters<typeof PassiveAggressiveClassifier>[0]),
  PassiveAggressiveRegressor: (params) =>
    new PassiveAggressiveRegressor(params as unknown as ConstructorParameters<typeof PassiveAggressiveRegressor>[0]),
  RecursiveLeastSquares: (params) =>
    new RecursiveLeastSquares(params as unknown as ConstructorParameters<typeof RecursiveLeastSquares>[0]),
  SGDClassifier: (params) => new SGDClassifier(params as unknown as ConstructorParameters<typeof SGDClassifier>[0]),
  SGDRegressor: (params) => new SGDRegressor(params as unknown as ConstructorParameters<typeof SGDRegressor>[0]),
  SoftmaxRegression: (params) =>
    new SoftmaxRegression(params as unknown as ConstructorParameters<typeof SoftmaxRegression>[0]),
  StreamingKMeans: (params) =>
    new StreamingKMeans(params as unknown as ConstructorParameters<typeof StreamingKMeans>[0]),
  StreamingLinearRegressionWithSGD: (params) =>
    new StreamingLinearRegressionWithSGD(
      params as unknown as ConstructorParameters<typeof StreamingLinearRegressionWithSGD>[0],
    ),
  StreamingLogisticRegressionWithSGD: (params) =>
    new StreamingLogisticRegressionWithSGD(
      params as unknown as ConstructorParameters<typeof StreamingLogisticRegressionWithSGD>[0],
    ),
  AdaptiveRandomForestClassifier: (params) =>
    new AdaptiveRandomForestClassifier(
      params as unknown as ConstructorParameters<typeof AdaptiveRandomForestClassifier>[0],
    ),
  AdaptiveRandomForestRegressor: (params) =>
    new AdaptiveRandomForestRegressor(
      params as unknown as ConstructorParameters<typeof AdaptiveRandomForestRegressor>[0],
    ),
  HalfSpaceTrees: (params) => new HalfSpaceTrees(params as unknown as ConstructorParameters<typeof HalfSpaceTrees>[0]),
  HoeffdingAdaptiveTreeClassifier: (params) =>
    new HoeffdingAdaptiveTreeClassifier(
      params as unknown as ConstructorParameters<typeof HoeffdingAdaptiveTreeClassifier>[0],
    ),
  HoeffdingAdaptiveTreeRegressor: (params) =>
    new HoeffdingAdaptiveTreeRegressor(
      params as unknown as ConstructorParameters<typeof HoeffdingAdaptiveTreeRegressor>[0],
    ),
  HoeffdingTreeClassifier: (params) =>
    new HoeffdingTreeClassifier(params as unknown as ConstructorParameters<typeof HoeffdingTreeClassifier>[0]),
  HoeffdingTreeRegressor: (params) =>
    new HoeffdingTreeRegressor(params as unknown as ConstructorParameters<typeof HoeffdingTreeRegressor>[0]),
  RobustZScore: (params) => new RobustZScore(params as unknown as ConstructorParameters<typeof RobustZScore>[0]),
};
