import { checkOption } from '../check-option.ts';
import type { FeatureChoice } from './feature-choice.ts';
import { GROWTH_DEFAULTS, type GrowthOptions, growthOptions } from './growth-options.ts';
import { type NominalOptions, nominalOptions } from './nominal-options.ts';
import type { RegressionLeafOptions, RegressionPrediction } from './regression-leaf.ts';

export interface RegressionTreeOptions extends GrowthOptions, NominalOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** What a leaf predicts. Default `adaptive`: by its linear `model` where that errs less of late than the `mean`. */
  readonly leafPrediction?: RegressionPrediction;
  /** What of the errors that choose between mean and model is left after each row, in (0, 1). Default 0.95. */
  readonly modelSelectorDecay?: number;
  /** Step size of the linear models > 0, on features scaled to variance 1. Default 0.02. */
  readonly learningRate?: number;
  /** How fast their steps get smaller ≥ 0: they are learningRate / (1 + decay · weight of the leaf). Default 0.001. */
  readonly learningRateDecay?: number;
  /** Weight that either side of a split must have. Default 5. */
  readonly minSamplesSplit?: number;
}

/** All of `RegressionTreeOptions`, with their defaults. Throws `UsageError` (`bad-option`) where one is out of range. */
export function regressionTreeOptions(
  kind: string,
  options: RegressionTreeOptions,
  growthDefaults: Required<GrowthOptions> = GROWTH_DEFAULTS,
): Required<RegressionTreeOptions> {
  const { numFeatures, leafPrediction = 'adaptive', modelSelectorDecay: decay = 0.95 } = options;
  const { learningRate: rate = 0.02, learningRateDecay = 0.001, minSamplesSplit: samples = 5 } = options;
  const check = <V>(valid: boolean, value: V, rule: string) => checkOption(kind, valid, value, rule);
  return {
    numFeatures,
    ...growthOptions(kind, options, growthDefaults),
    ...nominalOptions(kind, options, numFeatures),
    leafPrediction: check(
      ['mean', 'model', 'adaptive'].includes(leafPrediction),
      leafPrediction,
      "Leaf prediction must be 'mean', 'model' or 'adaptive'",
    ),
    modelSelectorDecay: check(decay > 0 && decay < 1, decay, 'Model selector decay must be in range (0, 1)'),
    learningRate: check(rate > 0 && Number.isFinite(rate), rate, 'Learning rate must be positive'),
    learningRateDecay: check(learningRateDecay >= 0, learningRateDecay, 'Learning rate decay must be nonnegative'),
    minSamplesSplit: check(samples > 0, samples, 'Samples on either side of a split must be positive'),
  };
}

export function regressionLeafOptions(
  kind: string,
  options: Required<RegressionTreeOptions>,
  choice: FeatureChoice,
): RegressionLeafOptions {
  const { leafPrediction, modelSelectorDecay, learningRate, learningRateDecay, minSamplesSplit, binarySplits } =
    options;
  const model = { leafPrediction, modelSelectorDecay, learningRate, learningRateDecay };
  return { kind, ...model, minSamplesSplit, choice, binarySplits };
}
