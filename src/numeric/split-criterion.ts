import type { ClassParts } from './class-parts.ts';

/** How a split of rows into parts is valued, by the weights of the classes in the parts. */
export interface SplitCriterion {
  /** Largest gain there can be with so many classes. */
  range(numClasses: number): number;
  /** Writes how mixed each of the first `numParts` parts is: 0 for a single class. Cost: O(P · K), no allocation. */
  writeImpurities(parts: ClassParts, numParts: number): void;
}

/** What is left uncertain of the class, in bits: −Σ p·log₂ p. */
const infoGain: SplitCriterion = {
  range: (numClasses) => Math.log2(Math.max(2, numClasses)),
  writeImpurities({ numClasses, weights, totals, impurities }, numParts) {
    for (let part = 0, at = 0; part < numParts; part++) {
      const total = totals[part]!;
      let sum = 0;
      for (let k = 0; k < numClasses; k++, at++) {
        const weight = weights[at]!;
        if (weight > 0) sum += weight * Math.log2(weight / total);
      }
      impurities[part] = -sum / total;
    }
  },
};

/** Chance that two rows are of different classes: 1 − Σ p². */
const gini: SplitCriterion = {
  range: () => 1,
  writeImpurities({ numClasses, weights, totals, impurities }, numParts) {
    for (let part = 0, at = 0; part < numParts; part++) {
      let sum = 0;
      for (let k = 0; k < numClasses; k++, at++) {
        const share = weights[at]! / totals[part]!;
        sum += share * share;
      }
      impurities[part] = 1 - sum;
    }
  },
};

export const SPLIT_CRITERIA = { infoGain, gini };

export type SplitCriterionName = keyof typeof SPLIT_CRITERIA;
