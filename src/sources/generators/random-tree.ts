import type { Random } from '../../host/random.ts';
import { checkRange, nextInt, nextUniforms, rowGenerator } from './row-generator.ts';

type Node = { readonly label: number } | Branch;

interface Branch {
  readonly feature: number;
  readonly threshold: number;
  readonly below: Node;
  readonly above: Node;
}

interface Shape {
  readonly features: number;
  readonly classes: number;
  readonly depth: number;
  readonly firstLeafLevel: number;
  readonly leafShare: number;
}

/**
 * Classes that a random tree tells apart: what a tree learner should be good at, and a linear one bad.
 *
 *     x_j ~ U[0, 1)      label: of the leaf that x belongs to
 *     a node is a leaf at the level `depth`, and from `firstLeafLevel` on with chance `leafShare`; its label is uniform
 *     a branch: a feature, uniform; a threshold, uniform within what is left of that feature's range
 *
 * - `features`: number of features. Default 10.
 * - `classes`: number of labels, 0 … classes − 1. Default 2.
 * - `depth`: levels of branches, at most 20. Default 5.
 * - `firstLeafLevel`: the first level that has leaves. Default 3.
 * - `leafShare`: chance of a leaf from there on, in [0, 1]. Default 0.15.
 *
 * The seed draws the tree, and then the rows. For drift, join two with `conceptDriftStream`.
 * Source: Domingos and Hulten, Mining High-Speed Data Streams, 2000; defaults of MOA, for numeric features only.
 */
export const randomTree = rowGenerator(
  'randomTree',
  { seed: 1, features: 10, classes: 2, depth: 5, firstLeafLevel: 3, leafShare: 0.15 },
  function* (options, random) {
    const { features, classes, depth, leafShare } = options;
    checkRange('randomTree', 'features', Number.isInteger(features) && features >= 1, 'at least 1', features);
    checkRange('randomTree', 'classes', Number.isInteger(classes) && classes >= 1, 'at least 1', classes);
    checkRange('randomTree', 'depth', depth >= 0 && depth <= 20, 'from 0 to 20', depth);
    checkRange('randomTree', 'leafShare', leafShare >= 0 && leafShare <= 1, 'from 0 to 1', leafShare);
    const root = grown(random, options, 0, new Float64Array(features), new Float64Array(features).fill(1));
    for (;;) {
      const row = nextUniforms(random, features);
      yield { features: row, label: labelOf(root, row) };
    }
  },
);

function grown(random: Random, shape: Shape, level: number, least: Float64Array, greatest: Float64Array): Node {
  const { features, classes, depth, firstLeafLevel, leafShare } = shape;
  if (level >= depth || (level >= firstLeafLevel && random.next() < leafShare)) {
    return { label: nextInt(random, classes) };
  }
  const feature = nextInt(random, features);
  const threshold = least[feature]! + (greatest[feature]! - least[feature]!) * random.next();
  const below = grown(random, shape, level + 1, least, greatest.with(feature, threshold));
  const above = grown(random, shape, level + 1, least.with(feature, threshold), greatest);
  return { feature, threshold, below, above };
}

function labelOf(root: Node, row: readonly number[]): number {
  let node = root;
  while (!('label' in node)) node = row[node.feature]! < node.threshold ? node.below : node.above;
  return node.label;
}
