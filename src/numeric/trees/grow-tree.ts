import { bestSplit, type FoundSplit } from './best-split.ts';
import type { BinnedFeature } from './binned-features.ts';
import type { Impurity } from './impurity.ts';
import { NO_SPLIT, type TreeNode } from './tree-node.ts';

export interface GrowOptions {
  readonly features: readonly BinnedFeature[];
  /** Float64Array[n]: classes, or values. */
  readonly targets: Float64Array;
  /** Float64Array[n], 1 each where absent. */
  readonly weights: Float64Array | undefined;
  /** Uint16Array[n]: how many times each row is in the sample; once where absent. */
  readonly counts: Uint16Array | undefined;
  readonly impurity: Impurity;
  /** More than two classes, or fewer, decide how categories are split. 0 for values. */
  readonly numClasses: number;
  readonly maxBins: number;
  readonly maxDepth: number;
  readonly minInstancesPerNode: number;
  /** Least weight of a child. */
  readonly minWeight: number;
  readonly minInfoGain: number;
  /** The features that a node may be split by. */
  featuresForNode(): readonly number[] | undefined;
}

/** An impurity this small is none. */
const PURE = 2 ** -52;

/**
 * Grows a decision tree, node by node, each split the one that lowers the impurity most. Two leaves that predict the same become one.
 * Gives the nodes in pre-order. Cost: O(n · d · depth). Source: Apache Spark, RandomForest (spark.ml).
 */
export function growTree(options: GrowOptions): TreeNode[] {
  const { targets, counts } = options;
  const n = targets.length;
  const rows = new Uint32Array(n);
  let size = 0;
  for (let i = 0; i < n; i++) if (counts === undefined || counts[i]! > 0) rows[size++] = i;
  const nodes: Growing[] = [];
  const spare = new Uint32Array(size);
  grow(options, rows.subarray(0, size), spare, 0, undefined, nodes);
  return nodes.map(({ left, right, ...node }) => ({ ...node, leftChild: left, rightChild: right }));
}

type Growing = Omit<TreeNode, 'leftChild' | 'rightChild'> & { left: number; right: number };

/** Adds the node of these rows and all below it; gives whether it is a leaf. `known`: what its parent's split says of it. */
function grow(
  options: GrowOptions,
  rows: Uint32Array,
  spare: Uint32Array,
  depth: number,
  known: { readonly stats: Float64Array; readonly rawCount: number } | undefined,
  nodes: Growing[],
): boolean {
  const { impurity, maxDepth } = options;
  const { stats, rawCount } = known ?? statsOf(options, rows);
  const measure = impurity.measure(stats, 0);
  const id = nodes.length;
  const leaf: Growing = {
    id,
    prediction: impurity.predict(stats, 0),
    impurity: measure,
    impurityStats: Array.from(stats),
    rawCount,
    gain: -1,
    left: -1,
    right: -1,
    split: NO_SPLIT,
  };
  nodes.push(leaf);
  if (depth >= maxDepth || (known !== undefined && Math.abs(measure) < PURE)) return true;
  const found = bestSplit(options, rows, { stats, rawCount, measure });
  if (found === undefined) return true;
  const leftSize = partition(options, rows, spare, found);
  const leftIsLeaf = grow(options, rows.subarray(0, leftSize), spare, depth + 1, found.left, nodes);
  const right = nodes.length;
  const rightIsLeaf = grow(options, rows.subarray(leftSize), spare, depth + 1, found.right, nodes);
  if (leftIsLeaf && rightIsLeaf && nodes[id + 1]!.prediction === nodes[right]!.prediction) {
    nodes.length = id + 1;
    return true;
  }
  nodes[id] = { ...leaf, gain: found.gain, left: id + 1, right, split: found.split };
  return false;
}

function statsOf({ impurity, targets, weights, counts }: GrowOptions, rows: Uint32Array) {
  const stats = new Float64Array(impurity.size);
  let rawCount = 0;
  for (let at = 0; at < rows.length; at++) {
    const i = rows[at]!;
    const times = counts === undefined ? 1 : counts[i]!;
    impurity.add(stats, 0, targets[i]!, times * (weights === undefined ? 1 : weights[i]!));
    rawCount += times;
  }
  return { stats, rawCount };
}

/** Brings the rows that go left to the front, in their order; gives how many. */
function partition(
  { features }: GrowOptions,
  rows: Uint32Array,
  spare: Uint32Array,
  { split, goesLeft }: FoundSplit,
): number {
  const { bins } = features[split.featureIndex]!;
  let [left, right] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (goesLeft[bins[row]!] === 1) rows[left++] = row;
    else spare[right++] = row;
  }
  rows.set(spare.subarray(0, right), left);
  return left;
}
