/** How a node sends its rows on. A `featureIndex` of −1: it does not, it is a leaf. */
export interface TreeSplit {
  readonly featureIndex: number;
  /** Of numbers: one threshold, rows up to it go left. Of categories: those that go left. */
  readonly leftCategoriesOrThreshold: readonly number[];
  /** −1 for numbers. */
  readonly numCategories: number;
}

/**
 * A node of a decision tree. Nodes of a tree stand in pre-order: the left child of node i is i + 1. Children of a leaf are −1, and so is
 * its gain.
 */
export interface TreeNode {
  readonly id: number;
  readonly prediction: number;
  readonly impurity: number;
  /** Of its rows: weight by class, or count, Σ y and Σ y². */
  readonly impurityStats: readonly number[];
  /** How many rows; −1 where that is not known. */
  readonly rawCount: number;
  readonly gain: number;
  readonly leftChild: number;
  readonly rightChild: number;
  readonly split: TreeSplit;
}

export const NO_SPLIT: TreeSplit = { featureIndex: -1, leftCategoriesOrThreshold: [], numCategories: -1 };

/** What is wrong with nodes that stand for a tree over so many features, if anything: the ids, a child, a feature, a split. */
export function treeProblem(nodes: readonly TreeNode[], numFeatures: number): string | undefined {
  if (nodes.length === 0) return 'it has no node';
  let parents = 0;
  const open: number[] = [];
  let expected = 0;
  for (const { id, leftChild, rightChild, split } of nodes) {
    if (id !== expected) return `node ${expected} is called ${id}`;
    expected++;
    // In pre-order, whoever waits for a right child gets it when its left side is done.
    if (leftChild === -1 && rightChild === -1) {
      const next = open.pop();
      if (next === undefined ? expected !== nodes.length : next !== expected)
        return `node ${id}: what follows is no child`;
      continue;
    }
    if (leftChild !== id + 1 || !(rightChild > leftChild && rightChild < nodes.length)) {
      return `node ${id}: children ${leftChild} and ${rightChild}`;
    }
    parents++;
    open.push(rightChild);
    const problem = splitProblem(split, numFeatures);
    if (problem !== undefined) return `node ${id}: ${problem}`;
  }
  return open.length === 0 && nodes.length === 2 * parents + 1 ? undefined : 'nodes are missing';
}

function splitProblem(split: TreeSplit, numFeatures: number): string | undefined {
  const { featureIndex, leftCategoriesOrThreshold: values, numCategories } = split;
  if (!(featureIndex >= 0 && featureIndex < numFeatures)) return `feature ${featureIndex} of ${numFeatures}`;
  if (numCategories === -1) return values.length === 1 ? undefined : `${values.length} thresholds`;
  const fit = values.every((each) => Number.isInteger(each) && each >= 0 && each < numCategories);
  return fit && numCategories <= MOST_CATEGORIES ? undefined : `categories ${values.slice(0, 5)} of ${numCategories}`;
}

/** A file may claim any number. */
const MOST_CATEGORIES = 1 << 20;
