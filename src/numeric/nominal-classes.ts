import type { ClassRow } from './class-moments.ts';
import { ClassParts } from './class-parts.ts';
import { type BestSplit, FeatureSplit } from './feature-split.ts';
import type { SplitSearch } from './gaussian-split.ts';

/** Nominal features by rising index, and how many values each has: Int32Array[m] both. */
export interface NominalValues {
  readonly features: Int32Array;
  readonly numValues: Int32Array;
}

/** How many values the features have together. */
export function countValues({ numValues }: NominalValues): number {
  return numValues.reduce((sum, each) => sum + each, 0);
}

/**
 * Takes in a row. `values`: Float64Array[V·K] for V values of all features together, feature after feature and value after value, the weight of
 * each class. Cost: O(m), no allocation.
 */
export function addToValues(
  values: Float64Array,
  { features, numValues }: NominalValues,
  numClasses: number,
  { x, label, weight }: ClassRow,
): void {
  for (let j = 0, first = 0; j < features.length; first += numValues[j]!, j++) {
    const at = (first + x[features[j]!]!) * numClasses + label;
    values[at] = values[at]! + weight;
  }
}

/**
 * Adds Σ_j ln P(x_j | k) to what is in `logs`, Float64Array[K], of each class that weighs more than 1, with one row more of each value than came:
 *
 *     P(v | k) = (n_kv + 1) / (n_k + numValues)
 *
 * `counts`: Float64Array[K], the n_k. Cost: O(K · m), no allocation.
 */
export function addValueLogLikelihoods(
  values: Float64Array,
  { features, numValues }: NominalValues,
  counts: Float64Array,
  x: Float64Array,
  logs: Float64Array,
): void {
  const numClasses = counts.length;
  for (let k = 0; k < numClasses; k++) {
    if (!(counts[k]! > 1)) continue;
    for (let j = 0, first = 0; j < features.length; first += numValues[j]!, j++) {
      const count = values[(first + x[features[j]!]!) * numClasses + k]!;
      logs[k] = logs[k]! + Math.log((count + 1) / (counts[k]! + numValues[j]!));
    }
  }
}

/**
 * Looks for the best split of each nominal feature: into all its values, unless only two parts are asked for, or into one value and the others where that
 * gains more. At least two parts must have more than `minBranchFraction` of the weight.
 *
 * One object for all leaves of a tree: it holds the room that a search takes. Cost: O(V · K), no allocation.
 * Source: Domingos and Hulten, Mining High-Speed Data Streams, 2000; which splits are tried, as in MOA.
 */
export class NominalSplits {
  readonly #search: SplitSearch;
  readonly #binary: boolean;
  /** All rows; the values of the feature at hand; and the others of each value. */
  readonly #whole: ClassParts;
  readonly #parts: ClassParts;
  readonly #others: ClassParts;
  readonly #split = new FeatureSplit();

  constructor(search: SplitSearch, numClasses: number, mostValues: number, binary: boolean) {
    this.#search = search;
    this.#binary = binary;
    this.#whole = new ClassParts(1, numClasses);
    this.#parts = new ClassParts(mostValues, numClasses);
    this.#others = new ClassParts(mostValues, numClasses);
  }

  /** Offers the best split of each feature that has one. */
  offerTo(best: BestSplit, values: Float64Array, { numValues }: NominalValues, counts: Float64Array): void {
    if (numValues.length === 0) return;
    this.#whole.measureAll(counts, this.#search.criterion);
    for (let position = 0, first = 0; position < numValues.length; first += numValues[position]!, position++) {
      this.#writeParts(values, first, numValues[position]!, counts);
      this.#split.position = -1;
      if (!this.#binary) this.#tryValues(position, numValues[position]!);
      this.#tryEachValue(position, numValues[position]!);
      if (this.#split.position >= 0) best.offer(this.#split);
    }
  }

  #writeParts(values: Float64Array, first: number, numParts: number, counts: Float64Array): void {
    const numClasses = counts.length;
    const [parts, others] = [this.#parts, this.#others];
    for (let part = 0, at = 0; part < numParts; part++) {
      let total = 0;
      for (let k = 0; k < numClasses; k++, at++) {
        const weight = values[first * numClasses + at]!;
        parts.weights[at] = weight;
        others.weights[at] = counts[k]! - weight;
        total += weight;
      }
      parts.totals[part] = total;
      others.totals[part] = this.#whole.totals[0]! - total;
    }
    this.#search.criterion.writeImpurities(parts, numParts);
    this.#search.criterion.writeImpurities(others, numParts);
  }

  #tryValues(position: number, numParts: number): void {
    const { totals, impurities } = this.#parts;
    const total = this.#whole.totals[0]!;
    let mixed = 0;
    let large = 0;
    for (let part = 0; part < numParts; part++) {
      if (totals[part] === 0) continue;
      mixed += totals[part]! * impurities[part]!;
      if (totals[part]! > this.#search.minBranchFraction * total) large++;
    }
    if (large < 2) return;
    this.#split.position = position;
    this.#split.kind = 'values';
    this.#split.gain = this.#whole.impurities[0]! - mixed / total;
  }

  #tryEachValue(position: number, numParts: number): void {
    const [parts, others, split] = [this.#parts, this.#others, this.#split];
    const total = this.#whole.totals[0]!;
    const least = this.#search.minBranchFraction * total;
    for (let value = 0; value < numParts; value++) {
      const weight = parts.totals[value]!;
      const rest = others.totals[value]!;
      if (weight <= least || rest <= least) continue;
      const mixed = weight * parts.impurities[value]! + rest * others.impurities[value]!;
      const gain = this.#whole.impurities[0]! - mixed / total;
      if (split.position >= 0 && gain <= split.gain) continue;
      split.position = position;
      split.kind = 'value';
      split.threshold = value;
      split.gain = gain;
    }
  }
}

/** The weights of the classes in each part of a split that `NominalSplits` found, Float64Array[K] each, new ones. */
export function partsOfValues(
  values: Float64Array,
  { numValues }: NominalValues,
  counts: Float64Array,
  { kind, position, threshold }: FeatureSplit,
): readonly Float64Array[] {
  const numClasses = counts.length;
  const first = numValues.subarray(0, position).reduce((sum, each) => sum + each, 0);
  const partOf = (value: number) => values.slice((first + value) * numClasses, (first + value + 1) * numClasses);
  if (kind === 'values') return Array.from({ length: numValues[position]! }, (_, value) => partOf(value));
  const part = partOf(threshold);
  return [part, counts.map((count, k) => count - part[k]!)];
}
