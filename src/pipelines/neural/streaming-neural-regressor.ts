import type { Features } from '../../batch/examples.ts';
import { StreamingNeuralNetwork, type StreamingNeuralOptions } from './streaming-neural-network.ts';

/**
 * Learns to tell a value by a feed-forward network on TensorFlow.js, one step a micro-batch. Features and labels should be of a scale near 1:
 * put a `StandardScaler` before it (`OnlinePipeline`). For a linear model, `SGDRegressor` steps with every row.
 *
 *     await loadTensorFlow();
 *     const learner = new StreamingNeuralRegressor({ numFeatures: 4, hiddenLayers: [16] });
 *
 * The loss is the squared error, and its mean by weight what the step goes against. Numbers are of single precision, the state of double.
 * Throws `UsageError`: `bad-option`, or `not-initialised` before `loadTensorFlow`; `DataError` (`not-finite`) when steps are too large.
 * Cost: O(rows · weights) a batch. Source: Rumelhart, Hinton and Williams, 1986; for the optimizers, `stepOf`.
 */
export class StreamingNeuralRegressor extends StreamingNeuralNetwork {
  readonly kind = 'StreamingNeuralRegressor';

  constructor(options: StreamingNeuralOptions) {
    super(options, 1, 'value');
  }

  protected score(features: Features): Float64Array {
    return this.outputs(features)[0]!;
  }
}
