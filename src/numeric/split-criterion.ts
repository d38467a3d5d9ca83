/** How a split of rows into two parts is valued, by the weights of the classes in the parts. */
export interface SplitCriterion {
  /** Largest gain there can be with so many classes. */
  range(numClasses: number): number;
  /** How mixed weights with this total are: 0 for a single class. Weights are not changed. */
  impurity(weights: Float64Array, total: number): number;
}

/** What is left uncertain of the class, in bits: −Σ p·log₂ p. */
const infoGain: SplitCriterion = {
  range: (numClasses) => Math.log2(Math.max(2, numClasses)),
  impurity(weights, total) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!;
      if (weight > 0) sum += weight * Math.log2(weight / total);
    }
    return -sum / total;
  },
};

/** Chance that two rows are of different classes: 1 − Σ p². */
const gini: SplitCriterion = {
  range: () => 1,
  impurity(weights, total) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const share = weights[k]! / total;
      sum += share * share;
    }
    return 1 - sum;
  },
};

export const SPLIT_CRITERIA = { infoGain, gini };

export type SplitCriterionName = keyof typeof SPLIT_CRITERIA;
