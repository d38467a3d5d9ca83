import type { Snapshot, SnapshotRecord } from '../../batch/snapshot.ts';
import { writeHoeffdingBound } from '../../numeric/hoeffding-bound.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import type { GrowthOptions } from './growth-options.ts';
import type { RowModel } from './tree-learner.ts';
import { type LeafSplit, type TreeLeaf, TreeNode } from './tree-node.ts';
import { nodeOfSnapshot, recordOf, snapshotOfNode, type TreeReader } from './tree-snapshot.ts';

/** What makes the leaves of one tree, and what they share. */
export interface LeafKind<L> {
  readonly kind: string;
  /** How many values each feature has, 0 of one that is not nominal: Int32Array[d]. */
  readonly numValues: Int32Array;
  /** Memory of what a leaf keeps to find a split, bytes. */
  readonly watchingBytes: number;
  /** Memory of a node, with a leaf that does not watch, bytes. */
  readonly nodeBytes: number;
  create(): L;
  /** The leaf of such a snapshot. */
  leafOf(snapshot: SnapshotRecord): L;
  /** What all leaves learn together. */
  shared(): SnapshotRecord;
  restoreShared(snapshot: SnapshotRecord): void;
}

/**
 * A tree that grows leaf by leaf. A leaf splits once Hoeffding's bound makes it likely that the split which looks best is best:
 *
 *     ε = √(R² · ln(1/δ) / (2n))        split where lead > ε, or where ε < τ
 *
 * Every `gracePeriod` of weight that a leaf has learned, it is asked. When the tree would outgrow `maxBytes`, the leaves with the
 * least to gain stop watching the features, and no longer split until there is room for them again.
 */
export class GrowingTree<L extends TreeLeaf<L>> implements RowModel {
  readonly leaves: LeafKind<L>;
  readonly #options: Required<GrowthOptions>;
  #root: TreeNode<L>;
  /** Memory of a node, of all nodes, and of what the leaves watch. */
  readonly #nodeBytes: number;
  #bytes = 0;

  /** `watchBytes`: memory of what is kept with each node besides. */
  constructor(leaves: LeafKind<L>, options: Required<GrowthOptions>, watchBytes = 0) {
    this.leaves = leaves;
    this.#options = options;
    this.#root = new TreeNode(leaves.create(), 0);
    this.#nodeBytes = leaves.nodeBytes + watchBytes;
    this.#bytes = this.#nodeBytes + leaves.watchingBytes;
  }

  get root(): TreeNode<L> {
    return this.#root;
  }

  roots(): readonly TreeNode<L>[] {
    return [this.#root];
  }

  snapshot(): SnapshotRecord {
    return { root: snapshotOfNode(this.#root), ...this.leaves.shared() };
  }

  /** `newDetector`: of a tree whose branches have one. */
  restore(saved: Snapshot | undefined, newDetector?: TreeReader<L>['newDetector']): void {
    const { leaves } = this;
    const record = recordOf(saved, 'tree', leaves.kind);
    const reader = {
      kind: leaves.kind,
      numValues: leaves.numValues,
      leafOf: (leaf: SnapshotRecord) => leaves.leafOf(leaf),
    };
    this.#root = nodeOfSnapshot(record['root'], newDetector === undefined ? reader : { ...reader, newDetector });
    leaves.restoreShared(record);
    this.#bytes = 0;
    for (const { leaf } of this.#root.all())
      this.#bytes += this.#nodeBytes + (leaf?.watching ? leaves.watchingBytes : 0);
  }

  leafFor(x: Float64Array): L {
    return this.#root.nodeFor(x).leaf!;
  }

  learnRow(row: RowAtHand): void {
    const node = this.#root.nodeFor(row.x);
    node.leaf!.learn(row);
    this.grow(node);
  }

  predictRow(row: RowAtHand): void {
    this.leafFor(row.x).predict(row);
  }

  /** Splits a leaf that has just learned, if it is time, and there is a split that is surely best. Tells whether it did. */
  grow(node: TreeNode<L>): boolean {
    const leaf = node.leaf!;
    const { gracePeriod, maxDepth } = this.#options; // but for tau, which may have to be allocated: this is done for each row
    if (!leaf.hasGrownBy(gracePeriod) || !leaf.watching || node.depth >= maxDepth) return false;
    leaf.tried = leaf.weight;
    const split = leaf.bestSplit();
    if (split === undefined) return false;
    writeHoeffdingBound(split, leaf, this.#options);
    if (split.lead <= split.bound && split.bound >= this.#options.tau) return false;
    this.#branch(node, split);
    return true;
  }

  #branch(node: TreeNode<L>, split: LeafSplit): void {
    const children = node.leaf!.children().map((leaf) => new TreeNode(leaf, node.depth + 1));
    node.branch(split, children);
    this.#bytes += children.length * this.#nodeBytes + (children.length - 1) * this.leaves.watchingBytes;
    if (this.#bytes > this.#options.maxBytes) this.keepWithinBytes();
  }

  /** Lets the leaves with the most to gain watch, as many as there is room for. Cost: O(nodes). */
  keepWithinBytes(): void {
    const leaves: L[] = [];
    let nodes = 0;
    for (const { leaf } of this.#root.all()) {
      nodes++;
      if (leaf !== undefined) leaves.push(leaf);
    }
    const { watchingBytes } = this.leaves;
    const room = Math.max(0, this.#options.maxBytes - nodes * this.#nodeBytes);
    const watching = Math.floor(room / watchingBytes);
    if (leaves.length > watching) leaves.sort((a, b) => b.promise - a.promise);
    for (const [rank, leaf] of leaves.entries()) if (leaf.watching !== rank < watching) leaf.watching = rank < watching;
    this.#bytes = nodes * this.#nodeBytes + Math.min(leaves.length, watching) * watchingBytes;
  }
}
