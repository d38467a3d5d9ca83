import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import type { Stage } from '../stage.ts';
import type { WeightedTree } from './tree-data.ts';
import type { GrowTreeOptions, TreeGrower } from './tree-growing.ts';
import { featuresPerNode, type forestParams } from './tree-params.ts';

/** Trees of the same weight, each grown on rows that are drawn for it. `auto`: which features a split is chosen from, where there is more than one tree. */
export function grownForest(
  stage: Stage<typeof forestParams>,
  grower: TreeGrower,
  auto: 'sqrt' | 'onethird',
  grow: (options: GrowTreeOptions) => TreeNode[],
): WeightedTree[] {
  const numTrees = stage.get('numTrees');
  const strategy = stage.get('featureSubsetStrategy');
  const perNode = featuresPerNode(strategy, grower.features.columns.length, numTrees === 1 ? 'all' : auto);
  return Array.from({ length: numTrees }, () => {
    const counts = grower.drawn(stage.get('subsamplingRate'), stage.get('bootstrap'));
    return { nodes: grow({ counts, perNode }), weight: 1 };
  });
}
