import { type Features, toFeatures } from '../batch/examples.ts';
import type { Vector } from '../batch/vector.ts';
import { linearPredictions } from '../numeric/linear.ts';
import { StreamingLinearAlgorithm, type StreamingLinearOptions } from './streaming-linear-algorithm.ts';

/**
 * Fits a line to a stream by gradient descent: every batch goes on from the weights that the last one left. For a stream that
 * is to be learned row by row, see `SGDRegressor`; for the exact least-squares fit of a stream, `RecursiveLeastSquares`.
 *
 * Per batch, for i = 1 … numIterations, over the m rows S that the step draws, with step_i = η/√i:
 *
 *     g = (1/m) Σ_S (w·x − y) · x        w ← (1 − λ·step_i) · w − step_i · g
 *
 * and ends early once two steps differ by less than convergenceTol · max(‖w‖, 1); with weights on the rows, g is the weighted
 * mean. The loss is the squared error (w·x − y)². An empty batch changes nothing.
 *
 * Unlike Spark's: the penalty works, L2 or, by `elasticNetParam`, L1; an intercept on request is learned and kept from batch
 * to batch. Beyond Spark's, by name: `schedule: 'continuing'` lets i count on over the whole stream, so that the weights
 * settle; `decayFactor` averages the batches' weights, discounting the past.
 * Throws `UsageError` (`bad-option`) on parameters out of range, (`not-initialised`) without initial weights; `DataError`
 * (`not-finite`) when the step is too large for the features. Cost: O(n · d · numIterations) a batch.
 * Source: Apache Spark, StreamingLinearRegressionWithSGD (1.1, 2014).
 */
export class StreamingLinearRegressionWithSGD extends StreamingLinearAlgorithm {
  readonly kind = 'StreamingLinearRegressionWithSGD';
  protected readonly link = 'identity';

  constructor(options: StreamingLinearOptions = {}) {
    super();
    this.setOptions(options);
  }

  /** The model of this moment; it does not change when the learner goes on. */
  override latestModel(): StreamingLinearRegressionModel {
    const { weights, intercept } = this.latestWeights();
    return new StreamingLinearRegressionModel(weights, intercept);
  }

  /** w·x + intercept of each row. */
  protected score(features: Features): Float64Array {
    return this.margins(features);
  }
}

/** Weights and intercept at one moment. It never changes. */
export class StreamingLinearRegressionModel {
  /** Float64Array[d]. */
  readonly weights: Float64Array;
  readonly intercept: number;

  constructor(weights: Float64Array, intercept: number) {
    this.weights = weights;
    this.intercept = intercept;
  }

  /** w·x + intercept. */
  predict(point: Vector): number {
    const prediction = new Float64Array(1);
    linearPredictions(toFeatures([point], this.weights.length).columns, this.weights, this.intercept, prediction);
    return prediction[0]!;
  }
}
