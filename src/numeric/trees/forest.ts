import type { Design } from '../design.ts';
import type { TreeNode } from './tree-node.ts';

/** Trees as arrays, made to be walked fast: nodes of all trees one after another. */
export interface Forest {
  /** The features that some node asks for; `features` below are places in this list. */
  readonly used: Int32Array;
  readonly features: Int32Array;
  /** Of a leaf NaN. */
  readonly thresholds: Float64Array;
  /** Left and right child of node i at 2i and 2i + 1; of a leaf, itself. */
  readonly children: Int32Array;
  /** Where categories decide: for each, whether it goes left. */
  readonly categories: ReadonlyMap<number, Uint8Array>;
  /** By tree. */
  readonly roots: Int32Array;
  readonly depths: Int32Array;
}

/** The arrays of trees without problems (`treeProblem`). Cost: O(nodes). */
export function forestOf(trees: readonly (readonly TreeNode[])[]): Forest {
  const size = trees.reduce((sum, nodes) => sum + nodes.length, 0);
  const asked = trees.flatMap((nodes) => nodes.flatMap((node) => (isLeaf(node) ? [] : [node.split.featureIndex])));
  const used = Int32Array.from(new Set(asked)).sort();
  const places = new Map(Array.from(used, (feature, place) => [feature, place]));
  const features = new Int32Array(size);
  const thresholds = new Float64Array(size).fill(Number.NaN);
  const children = new Int32Array(2 * size);
  const categories = new Map<number, Uint8Array>();
  const roots = new Int32Array(trees.length);
  const depths = new Int32Array(trees.length);
  const levels = new Int32Array(size);
  let root = 0;
  trees.forEach((nodes, tree) => {
    roots[tree] = root;
    for (const node of nodes) {
      const { id, leftChild, rightChild, split } = node;
      const at = root + id;
      children[2 * at] = isLeaf(node) ? at : root + leftChild;
      children[2 * at + 1] = isLeaf(node) ? at : root + rightChild;
      depths[tree] = Math.max(depths[tree]!, levels[at]!);
      if (isLeaf(node)) continue;
      levels[root + leftChild] = levels[at]! + 1;
      levels[root + rightChild] = levels[at]! + 1;
      features[at] = places.get(split.featureIndex)!;
      if (split.numCategories === -1) thresholds[at] = split.leftCategoriesOrThreshold[0]!;
      else {
        const goesLeft = new Uint8Array(split.numCategories);
        for (const category of split.leftCategoriesOrThreshold) goesLeft[category] = 1;
        categories.set(at, goesLeft);
      }
    }
    root += nodes.length;
  });
  return { used, features, thresholds, children, categories, roots, depths };
}

/** A saved leaf may have anything for a split. */
function isLeaf({ leftChild }: TreeNode): boolean {
  return leftChild === -1;
}

/** Rows that are walked down together, so that what they need stays in the nearest cache. */
const BLOCK_ROWS = 256;

/** Told of `n` rows from row `start` on: the node, among all, of the leaf that each comes to in a tree. */
export type LeafVisitor = (tree: number, leaves: Int32Array, start: number, n: number) => void;

/** Walks all rows down all trees. Cost: O(rows · trees · depth). */
export function walkForest(forest: Forest, design: Design, visit: LeafVisitor): void {
  const { used, roots } = forest;
  const width = Math.max(1, used.length);
  const block = new Float64Array(BLOCK_ROWS * width);
  const leaves = new Int32Array(BLOCK_ROWS);
  const walk = forest.categories.size === 0 ? walkNumbers : walkAny;
  const fill = filler(design, used, block, width);
  for (let start = 0; start < design.rows; start += BLOCK_ROWS) {
    const n = Math.min(BLOCK_ROWS, design.rows - start);
    fill(start, n);
    for (let tree = 0; tree < roots.length; tree++) {
      walk(forest, tree, block, width, leaves, n);
      visit(tree, leaves, start, n);
    }
  }
}

/** Every row takes as many steps as the tree is deep, in its leaf on the spot, four rows side by side. `Number(…)`: no branch to guess wrong. */
function walkNumbers(
  { features, thresholds, children, roots, depths }: Forest,
  tree: number,
  block: Float64Array,
  width: number,
  leaves: Int32Array,
  n: number,
): void {
  const root = roots[tree]!;
  const depth = depths[tree]!;
  for (let i = 0; i < n; i += 4) {
    let [a, b, c, d] = [root, root, root, root];
    const x = i * width;
    const y = x + width;
    const z = y + width;
    const w = z + width;
    for (let step = 0; step < depth; step++) {
      a = children[2 * a + Number(!(block[x + features[a]!]! <= thresholds[a]!))]!;
      b = children[2 * b + Number(!(block[y + features[b]!]! <= thresholds[b]!))]!;
      c = children[2 * c + Number(!(block[z + features[c]!]! <= thresholds[c]!))]!;
      d = children[2 * d + Number(!(block[w + features[d]!]! <= thresholds[d]!))]!;
    }
    leaves[i] = a;
    leaves[i + 1] = b;
    leaves[i + 2] = c;
    leaves[i + 3] = d;
  }
}

function walkAny(
  { features, thresholds, children, categories, roots }: Forest,
  tree: number,
  block: Float64Array,
  width: number,
  leaves: Int32Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    let node = roots[tree]!;
    while (children[2 * node] !== node) {
      const value = block[i * width + features[node]!]!;
      const goesLeft = categories.get(node);
      const isLeft = goesLeft === undefined ? value <= thresholds[node]! : goesLeft[value] === 1;
      node = children[2 * node + (isLeft ? 0 : 1)]!;
    }
    leaves[i] = node;
  }
}

/** Copies rows, only the features that are used, row after row into the block. */
function filler(
  design: Design,
  used: Int32Array,
  block: Float64Array,
  width: number,
): (start: number, n: number) => void {
  if (!('starts' in design)) {
    const columns = Array.from(used, (feature) => design.columns[feature]!);
    return (start, n) => {
      columns.forEach((column, place) => {
        for (let i = 0, at = place; i < n; i++, at += width) block[at] = column[start + i]!;
      });
    };
  }
  const { starts, indices, values } = design;
  const places = new Map(Array.from(used, (feature, place) => [feature, place]));
  return (start, n) => {
    block.fill(0, 0, n * width);
    for (let i = 0; i < n; i++) {
      for (let p = starts[start + i]!; p < starts[start + i + 1]!; p++) {
        const place = places.get(indices[p]!);
        if (place !== undefined) block[i * width + place] = values[p]!;
      }
    }
  };
}
