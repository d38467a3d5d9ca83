import type { Random } from '../../host/random.ts';
import { checkOption } from '../check-option.ts';
import { FeatureChoice } from './feature-choice.ts';
import { GROWTH_DEFAULTS, type GrowthOptions, isCount } from './growth-options.ts';

/** How many features a leaf watches: √d + 1, log₂ d + 1, a share of them below 1, or so many. */
export type MaxFeatures = 'sqrt' | 'log2' | number;

export interface ForestOptions {
  /** Number of trees ≥ 1. Default 10. */
  readonly nModels?: number;
  /** Features that each leaf watches, rounded. Default 0.6, as in MOA; `sqrt`, as in the paper, is faster. */
  readonly maxFeatures?: MaxFeatures;
  /** How often a row counts for a tree, on average, in (0, 30]. Default 6. */
  readonly lambdaValue?: number;
  /** Chance that a check of an unchanged tree gives warning, so that another is begun, in (0, 1). Default 0.01. */
  readonly warningDelta?: number;
  /** Chance that a check of an unchanged tree finds drift, so that it is replaced, in (0, 1). Default 0.001. */
  readonly driftDelta?: number;
  /** Seed of the random numbers, a whole number. Default 42. */
  readonly seed?: number;
}

/** Trees of a forest grow sooner than one that stands alone. */
export const FOREST_GROWTH: Required<GrowthOptions> = { ...GROWTH_DEFAULTS, gracePeriod: 50, delta: 0.01 };

/** The options with their defaults. Throws `UsageError` (`bad-option`) where one is out of range. */
export function forestOptions(kind: string, options: ForestOptions, numFeatures: number): Required<ForestOptions> {
  const { nModels = 10, maxFeatures = 0.6, lambdaValue: lambda = 6, seed = 42 } = options;
  const { warningDelta = 0.01, driftDelta = 0.001 } = options;
  const check = <V>(valid: boolean, value: V, rule: string) => checkOption(kind, valid, value, rule);
  const most = Number(maxFeatures);
  const isNumber = most > 0 && (most < 1 || (isCount(most) && most <= numFeatures));
  return {
    nModels: check(isCount(nModels) && nModels > 0, nModels, 'Number of trees must be positive'),
    maxFeatures: check(
      maxFeatures === 'sqrt' || maxFeatures === 'log2' || isNumber,
      maxFeatures,
      `Features of a leaf must be 'sqrt', 'log2', a share below 1 or a whole number up to ${numFeatures}`,
    ),
    lambdaValue: check(lambda > 0 && lambda <= 30, lambda, 'Lambda must be in range (0, 30]'),
    warningDelta: check(warningDelta > 0 && warningDelta < 1, warningDelta, 'Warning delta must be in range (0, 1)'),
    driftDelta: check(driftDelta > 0 && driftDelta < 1, driftDelta, 'Drift delta must be in range (0, 1)'),
    seed: check(Number.isInteger(seed), seed, 'Seed must be a whole number'),
  };
}

/** For a tree of a forest: leaves that draw the features that they watch. */
export function drawnFeatures(numValues: Int32Array, maxFeatures: MaxFeatures, random: Random): FeatureChoice {
  const numFeatures = numValues.length;
  const watched = Math.round(watchedOf(numFeatures, maxFeatures));
  return new FeatureChoice(numValues, Math.max(1, Math.min(numFeatures, watched)), random);
}

function watchedOf(d: number, maxFeatures: MaxFeatures): number {
  if (typeof maxFeatures === 'number') return maxFeatures < 1 ? maxFeatures * d : maxFeatures;
  return (maxFeatures === 'sqrt' ? Math.sqrt(d) : Math.log2(d)) + 1;
}
