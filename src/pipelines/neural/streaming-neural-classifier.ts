import type { Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { checkOption } from '../../learners/check-option.ts';
import { likeliest, softmaxOf } from '../classification/class-columns.ts';
import { StreamingNeuralNetwork, type StreamingNeuralOptions } from './streaming-neural-network.ts';

export interface StreamingNeuralClassifierOptions extends StreamingNeuralOptions {
  /** Number of classes, K ≥ 2. */
  readonly numClasses: number;
}

/**
 * Learns to tell K classes, labels 0 to K − 1, by a feed-forward network on TensorFlow.js, one step a micro-batch. Features should be of one
 * scale: put a `StandardScaler` before it (`OnlinePipeline`). For a linear model, `SoftmaxRegression` steps with every row.
 *
 *     await loadTensorFlow();
 *     const learner = new StreamingNeuralClassifier({ numFeatures: 4, numClasses: 3, hiddenLayers: [16] });
 *
 * The loss is −ln P(y), P the softmax of the outputs, and its mean by weight what the step goes against. Predicts the likeliest class, of
 * equally likely ones the lowest. Numbers are of single precision, the state of double.
 * Throws `UsageError`: `bad-option`, or `not-initialised` before `loadTensorFlow`; `DataError` (`not-finite`) when steps are too large.
 * Cost: O(rows · weights) a batch. Source: Rumelhart, Hinton and Williams, 1986; for the optimizers, `stepOf`.
 */
export class StreamingNeuralClassifier extends StreamingNeuralNetwork {
  readonly kind = 'StreamingNeuralClassifier';
  override readonly numClasses: number;

  constructor(options: StreamingNeuralClassifierOptions) {
    const { numClasses } = options;
    const isValid = Number.isInteger(numClasses) && numClasses >= 2;
    checkOption('StreamingNeuralClassifier', isValid, numClasses, 'Number of classes must be at least 2');
    super(options, numClasses, 'classes');
    this.numClasses = numClasses;
  }

  override params(): SnapshotRecord {
    return { ...super.params(), numClasses: this.numClasses };
  }

  /** The probability of each class. */
  predictProbabilities(features: Features): readonly Float64Array[] {
    this.checkWidth(features);
    return softmaxOf(this.outputs(features));
  }

  protected score(features: Features): Float64Array {
    return likeliest(this.outputs(features));
  }
}
