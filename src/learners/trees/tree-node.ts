import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Adwin } from '../../monitors/drift/adwin.ts';
import type { SplitKind } from '../../numeric/feature-split.ts';
import type { RowAtHand } from '../row-at-hand.ts';

/** How a branch tells its rows apart. */
export interface BranchTest {
  readonly kind: SplitKind;
  readonly feature: number;
  /** Rows at or below it go to the first node; of the kind `value`, rows that have it. */
  readonly threshold: number;
}

/** A leaf that is to become a branch, and how sure that is. One object for all leaves of a tree: it is only lent. */
export interface LeafSplit extends BranchTest {
  kind: SplitKind;
  feature: number;
  threshold: number;
  /** By how much the split is better than the second best, the range that such a lead can have, and how much of it may be chance. */
  lead: number;
  range: number;
  bound: number;
}

/** What every leaf of a growing tree can do, whatever it predicts. */
export interface TreeLeaf<L> {
  /** Weight of the rows that it stands for, those too that it took over when its parent split. */
  readonly weight: number;
  /** What `weight` was when it was last asked for a split. */
  tried: number;
  /** Whether rows of so much weight have come since. */
  hasGrownBy(weight: number): boolean;
  /** Rows that a split might set right, by weight: leaves with fewer are the first to stop watching. */
  readonly promise: number;
  /** Whether it watches the features, so that it can split. */
  watching: boolean;
  /** Writes what it predicts of a row. */
  predict(row: RowAtHand): void;
  /** Learns a row, and writes what it would have predicted. */
  learn(row: RowAtHand): void;
  /** The best split that there is, if any. Cost: no allocation. */
  bestSplit(): LeafSplit | undefined;
  /** New leaves for the parts of the split that `bestSplit` has just given. */
  children(): readonly L[];
  snapshot(): SnapshotRecord;
}

/** How a node of an adaptive tree does, with all below it, and the tree that grows beside it since it does worse than it did. */
export interface SubtreeWatch<L> {
  /** The errors of the rows that came by, as long as they have been the same. */
  readonly errors: Adwin;
  alternate: TreeNode<L> | undefined;
}

/** A place in a tree: a leaf, or a branch with nodes below it. A leaf becomes a branch, and seldom a branch a leaf. */
export class TreeNode<L> {
  /** Branches above it. */
  readonly depth: number;
  leaf: L | undefined;
  kind: SplitKind = 'threshold';
  feature = 0;
  threshold = 0;
  /** Of a branch: two nodes, or one for each value of a nominal feature. */
  children: readonly TreeNode<L>[] = [];
  /** Of an adaptive tree, once a row came by. */
  watch: SubtreeWatch<L> | undefined = undefined;

  constructor(leaf: L | undefined, depth: number) {
    this.depth = depth;
    this.leaf = leaf;
  }

  /** `children` are nodes of the next depth. */
  branch({ kind, feature, threshold }: BranchTest, children: readonly TreeNode<L>[]): this {
    this.kind = kind;
    this.feature = feature;
    this.threshold = threshold;
    this.children = children;
    this.leaf = undefined;
    return this;
  }

  /** Takes the place of what it was: all that `other`, of the same depth, is. */
  become(other: TreeNode<L>): void {
    this.leaf = other.leaf;
    this.kind = other.kind;
    this.feature = other.feature;
    this.threshold = other.threshold;
    this.children = other.children;
    this.watch = other.watch;
  }

  /** The node of the leaf that a row belongs to. Cost: O(depth). */
  nodeFor(x: Float64Array): TreeNode<L> {
    let node: TreeNode<L> = this;
    while (node.leaf === undefined) node = node.below(x);
    return node;
  }

  /** Of a branch: the next node on a row's way. */
  below(x: Float64Array): TreeNode<L> {
    const value = x[this.feature]!;
    if (this.kind === 'values') return this.children[value]!;
    const isFirst = this.kind === 'threshold' ? value <= this.threshold : value === this.threshold;
    return this.children[isFirst ? 0 : 1]!;
  }

  /** This node and all below it, those of alternate trees too. */
  *all(): Iterable<TreeNode<L>> {
    yield this;
    if (this.watch?.alternate !== undefined) yield* this.watch.alternate.all();
    if (this.leaf !== undefined) return;
    for (const child of this.children) yield* child.all();
  }
}
