import { MOMENTS_A_FEATURE } from './class-moments.ts';
import { normalBelow } from './normal-below.ts';
import type { SplitCriterion } from './split-criterion.ts';

/** The best threshold for one feature. */
export interface FeatureSplit {
  /** Position of the feature among those that are watched. */
  readonly position: number;
  readonly threshold: number;
  readonly gain: number;
}

export interface SplitSearch {
  readonly criterion: SplitCriterion;
  /** Thresholds that are tried for each feature, evenly spaced within its values. */
  readonly numSplitPoints: number;
  /** Either part must have more than this share of the weight. */
  readonly minBranchFraction: number;
}

/**
 * The best threshold of each feature that has one, with the gain impurity − Σ (n_part / n) · impurity_part, where each class counts to
 * the left of a threshold as its normal distribution says: n_k · Φ((threshold − mean) / deviation), all or nothing
 * beyond its least and greatest value. `moments` as in `class-moments.ts`, `counts`: Float64Array[K], weights of the classes.
 *
 * Cost: O(m · numSplitPoints · K). Source: Pfahringer, Holmes and Kirkby, Handling Numeric Attributes in Hoeffding Trees, 2008.
 */
export function gaussianSplits(moments: Float64Array, counts: Float64Array, search: SplitSearch): FeatureSplit[] {
  const m = moments.length / (counts.length * MOMENTS_A_FEATURE);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const impurity = search.criterion.impurity(counts, total);
  const splits: FeatureSplit[] = [];
  for (let position = 0; position < m; position++) {
    const split = bestThreshold(new ClassNormals(moments, counts, position), impurity, total, search);
    if (split !== undefined) splits.push({ position, ...split });
  }
  return splits;
}

/** The weights of the classes at or below a threshold of the feature at a position: Float64Array[K]. */
export function weightsBelow(
  moments: Float64Array,
  counts: Float64Array,
  { position, threshold }: FeatureSplit,
): Float64Array {
  const below = new Float64Array(counts.length);
  new ClassNormals(moments, counts, position).writeBelow(threshold, below);
  return below;
}

function bestThreshold(
  normals: ClassNormals,
  impurity: number,
  total: number,
  { criterion, numSplitPoints, minBranchFraction }: SplitSearch,
): Omit<FeatureSplit, 'position'> | undefined {
  const { least, greatest, counts } = normals;
  const below = new Float64Array(counts.length);
  const above = new Float64Array(counts.length);
  let best: Omit<FeatureSplit, 'position'> | undefined;
  for (let i = 1; i <= numSplitPoints; i++) {
    const threshold = least + (greatest - least) * (i / (numSplitPoints + 1));
    if (!(threshold > least && threshold < greatest)) continue;
    const left = normals.writeBelow(threshold, below);
    const right = total - left;
    if (left <= minBranchFraction * total || right <= minBranchFraction * total) continue;
    for (let k = 0; k < counts.length; k++) above[k] = counts[k]! - below[k]!;
    const parts = left * criterion.impurity(below, left) + right * criterion.impurity(above, right);
    const gain = impurity - parts / total;
    if (best === undefined || gain > best.gain) best = { threshold, gain };
  }
  return best;
}

/** One feature as a normal distribution in each class. */
class ClassNormals {
  readonly counts: Float64Array;
  /** Over all classes. */
  readonly least: number;
  readonly greatest: number;
  readonly #moments: Float64Array;
  readonly #position: number;
  readonly #inverseDeviations: Float64Array;

  constructor(moments: Float64Array, counts: Float64Array, position: number) {
    this.counts = counts;
    this.#moments = moments;
    this.#position = position;
    this.#inverseDeviations = new Float64Array(counts.length);
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < counts.length; k++) {
      const n = counts[k]!;
      if (n === 0) continue;
      const at = this.#at(k);
      least = Math.min(least, moments[at + 2]!);
      greatest = Math.max(greatest, moments[at + 3]!);
      this.#inverseDeviations[k] = n > 1 ? Math.sqrt((n - 1) / moments[at + 1]!) : Number.POSITIVE_INFINITY;
    }
    this.least = least;
    this.greatest = greatest;
  }

  /** Writes the weights of the classes at or below a threshold, and gives their sum. */
  writeBelow(threshold: number, below: Float64Array): number {
    let sum = 0;
    for (let k = 0; k < below.length; k++) {
      const weight = this.counts[k]! * this.#shareBelow(k, threshold);
      below[k] = weight;
      sum += weight;
    }
    return sum;
  }

  #shareBelow(k: number, threshold: number): number {
    if (this.counts[k] === 0) return 0;
    const at = this.#at(k);
    if (threshold < this.#moments[at + 2]!) return 0;
    if (threshold >= this.#moments[at + 3]!) return 1;
    // Between two different values there is a deviation, unless it is lost in rounding.
    const z = (threshold - this.#moments[at]!) * this.#inverseDeviations[k]!;
    return Number.isNaN(z) ? 0.5 : normalBelow(z);
  }

  #at(k: number): number {
    const m = this.#moments.length / (this.counts.length * MOMENTS_A_FEATURE);
    return (k * m + this.#position) * MOMENTS_A_FEATURE;
  }
}
