/** Online learners that begin where an offline model ended. */
import { UsageError } from '../../errors.ts';
import { StreamingKMeans, type StreamingKMeansOptions } from '../../learners/streaming-k-means.ts';
import type { StreamingLinearOptions } from '../../learners/streaming-linear-algorithm.ts';
import { StreamingLinearRegressionWithSGD } from '../../learners/streaming-linear-regression-with-sgd.ts';
import {
  type StreamingLogisticOptions,
  StreamingLogisticRegressionWithSGD,
} from '../../learners/streaming-logistic-regression-with-sgd.ts';
import type { LogisticRegressionModel } from '../classification/logistic-regression-model.ts';
import type { KMeansModel } from '../clustering/k-means-model.ts';
import type { LinearRegressionModel } from '../regression/linear-regression-model.ts';

export interface KMeansStartOptions
  extends Omit<StreamingKMeansOptions, 'k' | 'initialCenters' | 'numFeatures' | 'seed'> {
  /** How many points each centre stands for: one number for all, or k of them, such as the sizes of the clusters. Default 1. */
  readonly clusterWeights?: number | readonly number[];
}

/**
 * A `StreamingKMeans` with the centres of a fitted `KMeansModel`: its first predictions are those of the model, and it learns on from there.
 *
 *     const learner = streamingKMeansOf(model.stages[2] as KMeansModel, { decayFactor: 0.9, clusterWeights: sizes });
 *
 * Throws `UsageError` (`wrong-type`) for a model of cosine distances, (`bad-option`) as `StreamingKMeans`.
 */
export function streamingKMeansOf(
  model: KMeansModel,
  { clusterWeights = 1, ...options }: KMeansStartOptions = {},
): StreamingKMeans {
  const { clusterCenters: centers, uid } = model;
  if (model.get('distanceMeasure') !== 'euclidean') {
    throw new UsageError('wrong-type', `${uid}: a StreamingKMeans has Euclidean distances, the model has others`);
  }
  const weights = typeof clusterWeights === 'number' ? centers.map(() => clusterWeights) : clusterWeights;
  return new StreamingKMeans({ ...options, k: centers.length }).setInitialCenters(centers, weights);
}

/**
 * A `StreamingLinearRegressionWithSGD` with the coefficients of a fitted `LinearRegressionModel`: its first predictions are those of the
 * model, and it learns on from there. `fitIntercept`: by default as the model had it.
 */
export function streamingLinearRegressionOf(
  model: LinearRegressionModel,
  options: StreamingLinearOptions = {},
): StreamingLinearRegressionWithSGD {
  const learner = new StreamingLinearRegressionWithSGD({ fitIntercept: model.get('fitIntercept'), ...options });
  return learner.setInitialWeights(model.coefficients, model.intercept);
}

/**
 * A `StreamingLogisticRegressionWithSGD` with the coefficients of a fitted `LogisticRegressionModel` of two classes: its first predictions are
 * those of the model, and it learns on from there. `fitIntercept` and `threshold`: by default as the model has them. Throws `UsageError`
 * (`wrong-type`) for a model of another number of classes.
 */
export function streamingLogisticRegressionOf(
  model: LogisticRegressionModel,
  options: StreamingLogisticOptions = {},
): StreamingLogisticRegressionWithSGD {
  const { weights, intercept } = borderOf(model);
  const own = { fitIntercept: model.get('fitIntercept'), threshold: thresholdOf(model) };
  return new StreamingLogisticRegressionWithSGD({ ...own, ...options }).setInitialWeights(weights, intercept);
}

/** The margin of class 1 over class 0. */
function borderOf({ learned, uid }: LogisticRegressionModel): { weights: Float64Array; intercept: number } {
  const { isMultinomial, numClasses, interceptVector, coefficientMatrix } = learned;
  if (numClasses > 2 || (isMultinomial && numClasses !== 2)) {
    throw new UsageError(
      'wrong-type',
      `${uid}: expected a model of two classes, got ${numClasses}; see SoftmaxRegression`,
    );
  }
  const { numCols: d, values } = coefficientMatrix;
  if (!isMultinomial) return { weights: values, intercept: interceptVector[0]! };
  const weights = Float64Array.from({ length: d }, (_, j) => values[2 * j + 1]! - values[2 * j]!);
  return { weights, intercept: interceptVector[1]! - interceptVector[0]! };
}

/** Two thresholds t say the same as one: 1 / (1 + t₀/t₁). */
function thresholdOf(model: LogisticRegressionModel): number {
  const both = model.find('thresholds');
  if (both !== undefined) return 1 / (1 + both[0]! / both[1]!);
  return model.learned.isMultinomial ? 0.5 : model.get('threshold');
}
