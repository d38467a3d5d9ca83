/** How mixed the rows of a node are, from their statistics: `size` numbers from `at` on. */
export interface Impurity {
  /** How many numbers stand for some rows. */
  readonly size: number;
  /** Adds a row of this weight. */
  add(stats: Float64Array, at: number, target: number, weight: number): void;
  /** Weight of the rows. */
  total(stats: Float64Array, at: number): number;
  /** 0 where there are no rows. */
  measure(stats: Float64Array, at: number): number;
  predict(stats: Float64Array, at: number): number;
  /** What orders categories, so that a split between neighbours is the best. */
  rank(stats: Float64Array, at: number): number;
}

/** 1 − Σ p², or −Σ p·log₂ p, of the shares p of `k` classes. Targets are classes. */
export function classImpurity(name: 'gini' | 'entropy', k: number): Impurity {
  const total = (stats: Float64Array, at: number) => {
    let sum = 0;
    for (let c = 0; c < k; c++) sum += stats[at + c]!;
    return sum;
  };
  const measure = (stats: Float64Array, at: number) => {
    const all = total(stats, at);
    if (all === 0) return 0;
    let sum = name === 'gini' ? 1 : 0;
    for (let c = 0; c < k; c++) {
      const share = stats[at + c]! / all;
      if (name === 'gini') sum -= share * share;
      else if (share > 0) sum -= share * Math.log2(share);
    }
    return sum;
  };
  return {
    size: k,
    add: (stats, at, target, weight) => {
      stats[at + target]! += weight;
    },
    total,
    measure,
    predict: (stats, at) => {
      let best = 0;
      for (let c = 1; c < k; c++) if (stats[at + c]! > stats[at + best]!) best = c;
      return best;
    },
    rank: (stats, at) => (k > 2 ? measure(stats, at) : stats[at + 1]!),
  };
}

/** Variance of the targets: mean of their squares less the square of their mean. Statistics: Σ w, Σ w·y, Σ w·y². */
export const variance: Impurity = {
  size: 3,
  add: (stats, at, target, weight) => {
    stats[at]! += weight;
    stats[at + 1]! += weight * target;
    stats[at + 2]! += weight * target * target;
  },
  total: (stats, at) => stats[at]!,
  measure: (stats, at) => {
    const count = stats[at]!;
    if (count === 0) return 0;
    return (stats[at + 2]! - (stats[at + 1]! * stats[at + 1]!) / count) / count;
  },
  predict: (stats, at) => (stats[at] === 0 ? 0 : stats[at + 1]! / stats[at]!),
  rank: (stats, at) => stats[at + 1]! / stats[at]!,
};
