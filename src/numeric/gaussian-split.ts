import { MOMENTS_A_FEATURE } from './class-moments.ts';
import { ClassParts } from './class-parts.ts';
import { type BestSplit, FeatureSplit } from './feature-split.ts';
import { replaceByNormalBelow } from './normal-below.ts';
import type { SplitCriterion } from './split-criterion.ts';

export interface SplitSearch {
  readonly criterion: SplitCriterion;
  /** Thresholds that are tried for each feature, evenly spaced within its values. */
  readonly numSplitPoints: number;
  /** Either part must have more than this share of the weight. */
  readonly minBranchFraction: number;
}

/**
 * Looks for the best threshold of each feature, with the gain impurity − Σ (n_part / n) · impurity_part, where each class counts to
 * the left of a threshold as its normal distribution says: n_k · Φ((threshold − mean) / deviation), all or nothing
 * beyond its least and greatest value. `moments` as in `class-moments.ts`, `counts`: Float64Array[K], weights of the classes.
 *
 * One object for all leaves of a tree: it holds the room that a search takes. Cost: O(m · numSplitPoints · K), no allocation.
 * Source: Pfahringer, Holmes and Kirkby, Handling Numeric Attributes in Hoeffding Trees, 2008.
 */
export class GaussianSplits {
  readonly #search: SplitSearch;
  /** All rows. */
  readonly #whole: ClassParts;
  /** What is at or below each threshold, and then what is above each. */
  readonly #parts: ClassParts;
  /** Float64Array[numSplitPoints]. */
  readonly #thresholds: Float64Array;
  /** The best split of the feature at hand. */
  readonly #split = new FeatureSplit();

  constructor(search: SplitSearch, numClasses: number) {
    this.#search = search;
    this.#whole = new ClassParts(1, numClasses);
    this.#parts = new ClassParts(2 * search.numSplitPoints, numClasses);
    this.#thresholds = new Float64Array(search.numSplitPoints);
  }

  /** Offers the best split of each feature that has one. */
  offerTo(best: BestSplit, moments: Float64Array, counts: Float64Array): void {
    this.#whole.measureAll(counts, this.#search.criterion);
    const m = moments.length / (counts.length * MOMENTS_A_FEATURE);
    for (let position = 0; position < m; position++) {
      this.#writeThresholds(moments, counts, position);
      this.#writeParts(moments, counts, position);
      this.#search.criterion.writeImpurities(this.#parts, this.#parts.totals.length);
      this.#offerFeature(best, position);
    }
  }

  /** The weights of the classes at or below a threshold of the feature at a position: Float64Array[K], a new one. */
  weightsBelow(moments: Float64Array, counts: Float64Array, { position, threshold }: FeatureSplit): Float64Array {
    this.#thresholds.fill(threshold);
    this.#writeParts(moments, counts, position);
    return this.#parts.weights.slice(0, counts.length);
  }

  /** Thresholds evenly spaced between the bounds over all classes; NaN for one that rounding puts on a bound. */
  #writeThresholds(moments: Float64Array, counts: Float64Array, position: number): void {
    const thresholds = this.#thresholds;
    const stride = moments.length / counts.length;
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0, at = position * MOMENTS_A_FEATURE; k < counts.length; k++, at += stride) {
      if (counts[k] === 0) continue;
      least = Math.min(least, moments[at + 2]!);
      greatest = Math.max(greatest, moments[at + 3]!);
    }
    for (let i = 0; i < thresholds.length; i++) {
      const threshold = least + (greatest - least) * ((i + 1) / (thresholds.length + 1));
      thresholds[i] = threshold > least && threshold < greatest ? threshold : Number.NaN;
    }
  }

  /** The parts that each threshold makes. */
  #writeParts(moments: Float64Array, counts: Float64Array, position: number): void {
    const { weights, totals } = this.#parts;
    const numClasses = counts.length;
    const numPoints = this.#thresholds.length;
    const total = this.#whole.totals[0]!;
    this.#writeShares(moments, counts, position);
    for (let i = 0, at = 0, above = numPoints * numClasses; i < numPoints; i++) {
      let below = 0;
      for (let k = 0; k < numClasses; k++, at++, above++) {
        const weight = counts[k]! * weights[at]!;
        weights[at] = weight;
        weights[above] = counts[k]! - weight;
        below += weight;
      }
      totals[i] = below;
      totals[numPoints + i] = total - below;
    }
  }

  /** The share of each class at or below each threshold, as the first half of the parts. */
  #writeShares(moments: Float64Array, counts: Float64Array, position: number): void {
    const shares = this.#parts.weights;
    const thresholds = this.#thresholds;
    const numClasses = counts.length;
    const stride = moments.length / numClasses;
    for (let k = 0, of = position * MOMENTS_A_FEATURE; k < numClasses; k++, of += stride) {
      const n = counts[k]!;
      const inverseDeviation = n > 1 ? Math.sqrt((n - 1) / moments[of + 1]!) : Number.POSITIVE_INFINITY;
      for (let i = 0, at = k; i < thresholds.length; i++, at += numClasses) {
        const threshold = thresholds[i]!;
        if (n === 0 || threshold < moments[of + 2]!) shares[at] = Number.NEGATIVE_INFINITY;
        else if (threshold >= moments[of + 3]!) shares[at] = Number.POSITIVE_INFINITY;
        else {
          // Between two different values there is a deviation, unless it is lost in rounding.
          const z = (threshold - moments[of]!) * inverseDeviation;
          shares[at] = Number.isNaN(z) ? 0 : z;
        }
      }
    }
    replaceByNormalBelow(shares, thresholds.length * numClasses);
  }

  #offerFeature(best: BestSplit, position: number): void {
    const { totals, impurities } = this.#parts;
    const thresholds = this.#thresholds;
    const numPoints = thresholds.length;
    const total = this.#whole.totals[0]!;
    const impurity = this.#whole.impurities[0]!;
    const least = this.#search.minBranchFraction * total;
    const split = this.#split;
    split.position = -1;
    for (let i = 0, j = numPoints; i < numPoints; i++, j++) {
      const threshold = thresholds[i]!;
      if (Number.isNaN(threshold) || totals[i]! <= least || totals[j]! <= least) continue;
      const parts = totals[i]! * impurities[i]! + totals[j]! * impurities[j]!;
      const gain = impurity - parts / total;
      if (split.position >= 0 && gain <= split.gain) continue;
      split.position = position;
      split.threshold = threshold;
      split.gain = gain;
    }
    if (split.position >= 0) best.offer(split);
  }
}
