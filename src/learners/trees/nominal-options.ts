import { checkOption } from '../check-option.ts';
import { isCount } from './growth-options.ts';

/** Features whose values are names, in no order. */
export interface NominalOptions {
  /** Which features are nominal, by index, and how many values each has, ≥ 2: they are 0, 1, … n − 1. Default none. */
  readonly nominalFeatures?: Readonly<Record<number, number>>;
  /** Whether a nominal feature splits into one value and the others, rather than into all of its values. Default false. */
  readonly binarySplits?: boolean;
}

/** The options with their defaults. Throws `UsageError` (`bad-option`) where one is out of range. */
export function nominalOptions(
  kind: string,
  { nominalFeatures = {}, binarySplits = false }: NominalOptions,
  numFeatures: number,
): Required<NominalOptions> {
  const valid = Object.entries(nominalFeatures).every(
    ([feature, numValues]) =>
      isCount(Number(feature)) && Number(feature) < numFeatures && isCount(numValues) && numValues > 1,
  );
  const rule = `Nominal features must be indices below ${numFeatures}, each with a number of values of at least 2`;
  return { nominalFeatures: checkOption(kind, valid, nominalFeatures, rule), binarySplits };
}

/** How many values each feature has, 0 of one that is not nominal: Int32Array[d]. */
export function valueCounts(numFeatures: number, nominalFeatures: Readonly<Record<number, number>>): Int32Array {
  return Int32Array.from({ length: numFeatures }, (_, j) => nominalFeatures[j] ?? 0);
}
