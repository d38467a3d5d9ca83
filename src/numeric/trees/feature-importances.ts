import type { TreeNode } from './tree-node.ts';

/**
 * How much each feature lowers the impurity, as shares that add up to 1: Σ gain · weight of the node over the nodes that it splits; each
 * tree's counting the same where `perTree`. `totalOf`: the weight that a node's statistics stand for.
 * Gives Float64Array[d]. Source: Apache Spark, TreeEnsembleModel.featureImportances.
 */
export function featureImportances(
  trees: readonly (readonly TreeNode[])[],
  numFeatures: number,
  totalOf: (stats: readonly number[]) => number,
  { perTree }: { readonly perTree: boolean },
): Float64Array {
  const sums = new Float64Array(numFeatures);
  for (const nodes of trees) {
    const own = new Float64Array(numFeatures);
    for (const { split, gain, impurityStats } of nodes) {
      if (split.featureIndex >= 0) own[split.featureIndex]! += gain * totalOf(impurityStats);
    }
    const scale = perTree ? sum(own) : 1;
    for (let j = 0; scale > 0 && j < numFeatures; j++) sums[j]! += own[j]! / scale;
  }
  const total = sum(sums);
  return total > 0 ? sums.map((each) => each / total) : sums;
}

function sum(values: Float64Array): number {
  return values.reduce((total, each) => total + each, 0);
}
