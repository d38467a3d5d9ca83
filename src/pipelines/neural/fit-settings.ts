import type { Features } from '../../batch/examples.ts';
import type { OptimizerName } from '../../numeric/optimizer.ts';

/** How a network is fitted; as the parameters of `NEURAL_PARAMS`. */
export interface FitSettings {
  readonly optimizer: OptimizerName;
  readonly stepSize: number;
  readonly regParam: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly validationSplit: number;
  readonly patience: number;
  readonly tol: number;
}

/** What is learned from: finite numbers. */
export interface FitRows {
  readonly features: Features;
  readonly labels: Float64Array;
  readonly weights?: Float64Array | undefined;
}
