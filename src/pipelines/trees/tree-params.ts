/** Parameters that trees and ensembles of trees share. */
import { booleanParam, choiceParam, doubleParam, intParam, restricted, stringParam } from '../params/param-kinds.ts';
import { featuresCol, labelCol, predictionCol, seed, weightCol } from '../params/shared-params.ts';

export const TREE_PARAMS = {
  ...featuresCol,
  ...labelCol,
  ...predictionCol,
  ...weightCol,
  ...seed,
  /** The column that says which leaf each row comes to; empty, the default: none. */
  leafCol: stringParam(''),
  /** How many splits there are from the root to a leaf at most, 0 to 30. Default 5. */
  maxDepth: intParam({ atLeast: 0, atMost: 30, default: 5 }),
  /** Into how many bins a feature is put at most; no less than any feature has categories. At least 2, default 32. */
  maxBins: intParam({ atLeast: 2, default: 32 }),
  /** Least rows of a child. Default 1. */
  minInstancesPerNode: intParam({ atLeast: 1, default: 1 }),
  /** Least weight of a child, as a share of all, in [0, 0.5). Default 0. */
  minWeightFractionPerNode: doubleParam({ atLeast: 0, below: 0.5, default: 0 }),
  /** Least fall of the impurity. Default 0. */
  minInfoGain: doubleParam({ atLeast: 0, default: 0 }),
  /** How Spark goes about it; here it changes nothing. */
  maxMemoryInMB: intParam({ atLeast: 0, default: 256 }),
  cacheNodeIds: booleanParam(false),
  checkpointInterval: intParam({ atLeast: -1, default: 10 }),
};

export const classImpurityParam = { impurity: choiceParam(['gini', 'entropy'], 'gini', { anyCase: true }) };
export const varianceParam = { impurity: choiceParam(['variance'], 'variance', { anyCase: true }) };

const STRATEGIES = ['auto', 'all', 'onethird', 'sqrt', 'log2'];

/** Of ensembles. */
export const ensembleParams = (strategy: string) => ({
  /** Share of the rows that each tree learns from, in (0, 1]. Default 1. */
  subsamplingRate: doubleParam({ above: 0, atMost: 1, default: 1 }),
  /** How many features each split is chosen from: `auto`, `all`, `onethird`, `sqrt`, `log2`, a number or a share. */
  featureSubsetStrategy: restricted(
    stringParam(strategy),
    `${STRATEGIES.join(', ')}, a number of features, or a share in (0, 1]`,
    (value) => STRATEGIES.includes(value.toLowerCase()) || /^[1-9]\d*$/.test(value) || isShare(value),
  ),
});

export const forestParams = {
  ...ensembleParams('auto'),
  /** How many trees. Default 20. */
  numTrees: intParam({ atLeast: 1, default: 20 }),
  /** Whether rows are drawn with replacement. Default true. */
  bootstrap: booleanParam(true),
};

/** How many of d features each split is chosen from. */
export function featuresPerNode(strategy: string, d: number, auto: 'all' | 'sqrt' | 'onethird'): number {
  const word = strategy.toLowerCase();
  switch (word === 'auto' ? auto : word) {
    case 'all':
      return d;
    case 'sqrt':
      return Math.ceil(Math.sqrt(d));
    case 'log2':
      return Math.max(1, Math.ceil(Math.log2(d)));
    case 'onethird':
      return Math.ceil(d / 3);
    default:
      return /^[1-9]\d*$/.test(word) ? Math.min(Number(word), d) : Math.ceil(Number(word) * d);
  }
}

function isShare(value: string): boolean {
  return /^(0?\.\d+|1\.0*|0)$/.test(value) && Number(value) > 0 && Number(value) <= 1;
}
