import { SPLIT_CRITERIA, type SplitCriterionName } from '../../numeric/split-criterion.ts';
import { checkOption } from '../check-option.ts';
import type { ClassLeafOptions, ClassPrediction } from './class-leaf.ts';
import type { FeatureChoice } from './feature-choice.ts';
import { GROWTH_DEFAULTS, type GrowthOptions, growthOptions, isCount } from './growth-options.ts';
import { type NominalOptions, nominalOptions } from './nominal-options.ts';

export interface ClassTreeOptions extends GrowthOptions, NominalOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Number of classes, K ≥ 2. Default 2. */
  readonly numClasses?: number;
  /** What a leaf predicts. Default `nba`: naive Bayes where that has been right more often than the majority class, `mc`. */
  readonly leafPrediction?: ClassPrediction;
  /** How splits are valued. Default `infoGain`. */
  readonly splitCriterion?: SplitCriterionName;
  /** Thresholds tried for each feature. Default 10. */
  readonly numSplitPoints?: number;
  /** Share of a leaf's weight that either side of a split must exceed, in [0, 0.5). Default 0.01. */
  readonly minBranchFraction?: number;
}

/** All of `ClassTreeOptions`, with their defaults. Throws `UsageError` (`bad-option`) where one is out of range. */
export function classTreeOptions(
  kind: string,
  options: ClassTreeOptions,
  growthDefaults: Required<GrowthOptions> = GROWTH_DEFAULTS,
): Required<ClassTreeOptions> {
  const { numFeatures, numClasses = 2, leafPrediction = 'nba', splitCriterion = 'infoGain' } = options;
  const { numSplitPoints = 10, minBranchFraction: fraction = 0.01 } = options;
  const check = <V>(valid: boolean, value: V, rule: string) => checkOption(kind, valid, value, rule);
  return {
    numFeatures,
    numClasses,
    ...growthOptions(kind, options, growthDefaults),
    ...nominalOptions(kind, options, numFeatures),
    leafPrediction: check(
      ['mc', 'nb', 'nba'].includes(leafPrediction),
      leafPrediction,
      "Leaf prediction must be 'mc', 'nb' or 'nba'",
    ),
    splitCriterion: check(
      Object.hasOwn(SPLIT_CRITERIA, splitCriterion),
      splitCriterion,
      "Split criterion must be 'infoGain' or 'gini'",
    ),
    numSplitPoints: check(
      isCount(numSplitPoints) && numSplitPoints > 0,
      numSplitPoints,
      'Split points must be positive',
    ),
    minBranchFraction: check(fraction >= 0 && fraction < 0.5, fraction, 'Branch fraction must be in range [0, 0.5)'),
  };
}

export function classLeafOptions(
  kind: string,
  options: Required<ClassTreeOptions>,
  choice: FeatureChoice,
): ClassLeafOptions {
  const { numClasses, leafPrediction, splitCriterion, numSplitPoints, minBranchFraction, binarySplits } = options;
  const search = { criterion: SPLIT_CRITERIA[splitCriterion], numSplitPoints, minBranchFraction };
  return { kind, numClasses, leafPrediction, search, choice, binarySplits };
}
