import { type Features, toFeatures } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Vector } from '../batch/vector.ts';
import { dot } from '../numeric/linear.ts';
import { sigmoid, toSigmoidClasses, toSigmoids } from '../numeric/logistic.ts';
import { StreamingLinearAlgorithm, type StreamingLinearOptions } from './streaming-linear-algorithm.ts';

export interface StreamingLogisticOptions extends StreamingLinearOptions {
  /** A row is of class 1 if its score is above this, in [0, 1]; null: predictions are the scores. Default 0.5. */
  readonly threshold?: number | null;
}

/**
 * Learns to tell two classes, labels 0 and 1, by gradient descent on the logistic loss: every batch goes on from the weights
 * that the last one left. For a stream that is to be learned row by row, see `SGDClassifier`; for more classes,
 * `SoftmaxRegression`.
 *
 * With score(x) = σ(w·x) = 1 / (1 + e^−w·x), per batch, for i = 1 … numIterations, over the m rows S that the step draws,
 * with step_i = η/√i:
 *
 *     g = (1/m) Σ_S (score(x) − y) · x        w ← (1 − λ·step_i) · w − step_i · g
 *
 * and ends early once two steps differ by less than convergenceTol · max(‖w‖, 1); with weights on the rows, g is the weighted
 * mean. The loss is −ln of the probability of the label. A row is of class 1 if its score is above the threshold; at the
 * threshold it is not, as in Spark's code. An empty batch changes nothing.
 *
 * Unlike Spark's: the tolerance can be set, an intercept on request is learned and kept from batch to batch, and a label other
 * than 0 and 1 is a bad record, about which the policy of the context decides, where Spark ends the job. Beyond Spark's, by
 * name: L1 (`elasticNetParam`), `schedule` and `decayFactor`, as in `StreamingLinearRegressionWithSGD`.
 * Throws `UsageError` (`bad-option`) on parameters out of range, (`not-initialised`) without initial weights; `DataError`
 * (`bad-record`) for another label, (`not-finite`) when weights would overflow. Cost: O(n · d · numIterations) a batch.
 * Source: Apache Spark, StreamingLogisticRegressionWithSGD (1.3, 2015).
 */
export class StreamingLogisticRegressionWithSGD extends StreamingLinearAlgorithm {
  readonly kind = 'StreamingLogisticRegressionWithSGD';
  protected readonly link = 'logistic';
  override readonly numClasses = 2;
  #threshold: number | null = 0.5;

  constructor(options: StreamingLogisticOptions = {}) {
    super();
    this.setOptions(options);
    if (options.threshold === null) this.clearThreshold();
    else this.setThreshold(options.threshold ?? 0.5);
  }

  setThreshold(threshold: number): this {
    this.#threshold = this.checked(threshold >= 0 && threshold <= 1, threshold, 'Threshold must be in range [0, 1]');
    return this;
  }

  /** From now on, predictions are scores, the probabilities of class 1. */
  clearThreshold(): this {
    this.#threshold = null;
    return this;
  }

  /** The model of this moment; it does not change when the learner goes on. */
  override latestModel(): StreamingLogisticRegressionModel {
    const { weights, intercept } = this.latestWeights();
    return new StreamingLogisticRegressionModel(weights, intercept, this.#threshold);
  }

  /** The probabilities of class 0 and of class 1. */
  predictProbabilities(features: Features): readonly [Float64Array, Float64Array] {
    this.checkWidth(features);
    const scores = this.margins(features).map(sigmoid);
    return [scores.map((score) => 1 - score), scores];
  }

  override params(): SnapshotRecord {
    return { ...super.params(), threshold: this.#threshold };
  }

  protected score(features: Features): Float64Array {
    const scores = this.margins(features);
    if (this.#threshold === null) toSigmoids(scores);
    else toSigmoidClasses(scores, this.#threshold);
    return scores;
  }
}

/** Weights, intercept and threshold at one moment. It never changes. */
export class StreamingLogisticRegressionModel {
  /** Float64Array[d]. */
  readonly weights: Float64Array;
  readonly intercept: number;
  /** Null: predictions are scores. */
  readonly threshold: number | null;

  constructor(weights: Float64Array, intercept: number, threshold: number | null) {
    this.weights = weights;
    this.intercept = intercept;
    this.threshold = threshold;
  }

  /** The class, 0 or 1; without a threshold, the probability of class 1. */
  predict(point: Vector): number {
    const x = Float64Array.from(toFeatures([point], this.weights.length).columns, (column) => column[0]!);
    return predictionOf(dot(this.weights, x) + this.intercept, this.threshold);
  }
}

function predictionOf(margin: number, threshold: number | null): number {
  const score = sigmoid(margin);
  if (threshold === null) return score;
  return score > threshold ? 1 : 0;
}
