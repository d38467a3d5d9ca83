import type { TargetMean, TargetRow } from './binned-targets.ts';
import { type BestSplit, FeatureSplit } from './feature-split.ts';
import type { NominalValues } from './nominal-classes.ts';

/** For each value of each feature: the weight of its rows, and the sum of their targets. */
const SUMS = 2;

/** Room for V values: Float64Array[2·V], feature after feature and value after value. */
export function newTargetsOfValues(numValues: number): Float64Array {
  return new Float64Array(SUMS * numValues);
}

/** Takes in a row. Cost: O(m), no allocation. */
export function addToTargetsOfValues(
  values: Float64Array,
  { features, numValues }: NominalValues,
  { x, label, weight }: TargetRow,
): void {
  for (let j = 0, first = 0; j < features.length; first += numValues[j]!, j++) {
    const at = SUMS * (first + x[features[j]!]!);
    values[at] = values[at]! + weight;
    values[at + 1] = values[at + 1]! + weight * label;
  }
}

/**
 * Looks for the best split of each nominal feature, with the gain variance − Σ (n_part / n) · variance_part = Σ (n_part / n) · (mean_part − mean)²:
 * into all its values, unless only two parts are asked for, or into one value and the others where that gains more. A part that has
 * rows must weigh `minWeight`. One object for all leaves of a tree. Cost: O(V), no allocation. Source: as in River.
 */
export class NominalTargetSplits {
  readonly #minWeight: number;
  readonly #binary: boolean;
  readonly #split = new FeatureSplit();

  constructor(minWeight: number, binary: boolean) {
    this.#minWeight = minWeight;
    this.#binary = binary;
  }

  /** Offers the best split of each feature that has one. */
  offerTo(best: BestSplit, values: Float64Array, { numValues }: NominalValues): void {
    for (let position = 0, at = 0; position < numValues.length; at += SUMS * numValues[position]!, position++) {
      this.#search(values, position, at, at + SUMS * numValues[position]!);
      if (this.#split.position >= 0) best.offer(this.#split);
    }
  }

  #search(values: Float64Array, position: number, start: number, end: number): void {
    const split = this.#split;
    split.position = -1;
    let n = 0;
    let sum = 0;
    for (let at = start; at < end; at += SUMS) {
      n += values[at]!;
      sum += values[at + 1]!;
    }
    let between = 0;
    let seen = 0;
    let heavy = 0;
    for (let at = start; at < end; at += SUMS) {
      const weight = values[at]!;
      if (weight === 0) continue;
      seen++;
      if (weight >= this.#minWeight) heavy++;
      between += (weight / n) * (values[at + 1]! / weight - sum / n) ** 2;
    }
    if (!this.#binary && seen > 1 && heavy === seen) {
      split.position = position;
      split.kind = 'values';
      split.gain = between;
    }
    for (let at = start; at < end; at += SUMS) {
      const weight = values[at]!;
      const rest = n - weight;
      if (weight === 0 || weight < this.#minWeight || rest <= 0 || rest < this.#minWeight) continue;
      const apart = values[at + 1]! / weight - (sum - values[at + 1]!) / rest;
      const gain = apart ** 2 * (weight / n) * (rest / n);
      if (split.position >= 0 && gain <= split.gain) continue;
      split.position = position;
      split.kind = 'value';
      split.threshold = (at - start) / SUMS;
      split.gain = gain;
    }
  }
}

/** Weight and mean target of each part of a split that `NominalTargetSplits` found; the mean of a part without rows is NaN. */
export function targetsOfParts(
  values: Float64Array,
  { numValues }: NominalValues,
  { kind, position, threshold }: FeatureSplit,
): readonly TargetMean[] {
  const first = numValues.subarray(0, position).reduce((sum, each) => sum + each, 0);
  const sums = Array.from({ length: numValues[position]! }, (_, value) => {
    const at = SUMS * (first + value);
    return { weight: values[at]!, sum: values[at + 1]! };
  });
  const meanOf = (parts: typeof sums): TargetMean => {
    const weight = parts.reduce((total, part) => total + part.weight, 0);
    return { weight, mean: parts.reduce((total, part) => total + part.sum, 0) / weight };
  };
  if (kind === 'values') return sums.map((part) => meanOf([part]));
  return [meanOf([sums[threshold]!]), meanOf(sums.filter((_, value) => value !== threshold))];
}
