import type { Snapshot, SnapshotRecord } from '../../batch/snapshot.ts';
import { StateError } from '../../errors.ts';
import { type Random, type SeededRandom, seededRandom } from '../../host/random.ts';
import { Adwin } from '../../monitors/drift/adwin.ts';
import { poissonDraws } from '../../numeric/poisson.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import { rises } from './adaptive-tree.ts';
import type { ErrorMeter } from './error-meter.ts';
import type { ForestOptions } from './forest-options.ts';
import type { GrowingTree } from './growing-tree.ts';
import type { RowModel } from './tree-learner.ts';
import type { TreeLeaf, TreeNode } from './tree-node.ts';
import { recordOf, savedNumber } from './tree-snapshot.ts';

/** What a forest is told of the trees that it is made of. */
export interface ForestTrees<L extends TreeLeaf<L>> {
  readonly kind: string;
  /** A tree that has learned nothing; its leaves draw their features from `random`. */
  newTree(random: Random): GrowingTree<L>;
  newMeter(): ErrorMeter;
  /** Writes what the forest predicts of a row. */
  vote(trees: readonly ForestTree<L>[], row: RowAtHand): void;
}

const [ERRORS, ROWS] = [0, 1] as const;

/** One tree of a forest, and how it has done since it was planted. */
export class ForestTree<L extends TreeLeaf<L>> {
  readonly tree: GrowingTree<L>;
  /** The sum of the errors so far, and of how many rows: in fields they would be allocated each time that they change. */
  readonly #past = new Float64Array(2);

  constructor(tree: GrowingTree<L>) {
    this.tree = tree;
  }

  /** 1 less the mean error of the rows so far; 1 before the first. */
  get accuracy(): number {
    const past = this.#past;
    return past[ROWS] === 0 ? 1 : 1 - past[ERRORS]! / past[ROWS]!;
  }

  /** Learns a row, unless its weight is 0, and writes what the tree would have predicted, and the error of that. */
  learnRow(row: RowAtHand, meter: ErrorMeter): void {
    if (row.weight > 0) this.tree.learnRow(row);
    else this.tree.predictRow(row);
    meter.measure(row);
    const past = this.#past;
    past[ERRORS] = past[ERRORS]! + row.error;
    past[ROWS] = past[ROWS]! + 1;
  }

  snapshot(): SnapshotRecord {
    return { tree: this.tree.snapshot(), errors: this.#past[ERRORS]!, rows: this.#past[ROWS]! };
  }

  restore(saved: SnapshotRecord): void {
    const { kind } = this.tree.leaves;
    this.tree.restore(saved['tree']);
    this.#past.set([savedNumber(saved, 'errors', kind), savedNumber(saved, 'rows', kind)]);
  }
}

/** A place in a forest: its tree, what watches it, and after a warning the tree that is being raised to follow it. */
class ForestPlace<L extends TreeLeaf<L>> {
  readonly #trees: ForestTrees<L>;
  readonly #options: Required<ForestOptions>;
  readonly #timesOf: (random: SeededRandom) => number;
  /** Draws the features of the leaves, and how often a row counts. */
  readonly #random: SeededRandom;
  /** Of the standing tree, on the row at hand: Float64Array[1]. */
  readonly #error = new Float64Array(1);
  #standing: ForestTree<L>;
  #successor: ForestTree<L> | undefined;
  #warning: Adwin;
  #drift: Adwin;

  constructor(trees: ForestTrees<L>, options: Required<ForestOptions>, seed: number) {
    this.#trees = trees;
    this.#options = options;
    this.#timesOf = poissonDraws(options.lambdaValue);
    this.#random = seededRandom(seed);
    this.#standing = this.#newTree();
    this.#warning = new Adwin({ delta: options.warningDelta });
    this.#drift = new Adwin({ delta: options.driftDelta });
  }

  get standing(): ForestTree<L> {
    return this.#standing;
  }

  roots(): readonly TreeNode<L>[] {
    return [this.#standing, this.#successor].flatMap((each) => each?.tree.roots() ?? []);
  }

  learnRow(row: RowAtHand, meter: ErrorMeter): void {
    row.weight *= this.#timesOf(this.#random);
    this.#standing.learnRow(row, meter);
    this.#error[0] = row.error;
    this.#successor?.learnRow(row, meter);
    const warned = rises(this.#warning, this.#error, 0);
    if (rises(this.#drift, this.#error, 0)) this.#replace();
    else if (warned) {
      this.#successor = this.#newTree();
      this.#warning = new Adwin({ delta: this.#options.warningDelta });
    }
  }

  snapshot(): SnapshotRecord {
    const successor = this.#successor === undefined ? {} : { successor: this.#successor.snapshot() };
    return {
      random: this.#random.state,
      standing: this.#standing.snapshot(),
      ...successor,
      warning: this.#warning.snapshot(),
      drift: this.#drift.snapshot(),
    };
  }

  restore(saved: SnapshotRecord): void {
    const { kind } = this.#trees;
    this.#standing.restore(recordOf(saved['standing'], 'tree', kind));
    this.#warning.restore(recordOf(saved['warning'], 'detector', kind));
    this.#drift.restore(recordOf(saved['drift'], 'detector', kind));
    if (saved['successor'] !== undefined) {
      this.#successor = this.#newTree();
      this.#successor.restore(recordOf(saved['successor'], 'tree', kind));
    }
    this.#random.state = savedNumber(saved, 'random', kind);
  }

  #replace(): void {
    this.#standing = this.#successor ?? this.#newTree();
    this.#successor = undefined;
    this.#warning = new Adwin({ delta: this.#options.warningDelta });
    this.#drift = new Adwin({ delta: this.#options.driftDelta });
  }

  #newTree(): ForestTree<L> {
    return new ForestTree(this.#trees.newTree(this.#random));
  }
}

/**
 * Trees that learn the same rows, each a random number of times (Poisson), and each leaf from features of its own. Where a tree's errors rise,
 * by one `Adwin`, another tree is begun; where they surely rise, by a second one that is harder to convince, it takes the first one's place.
 * Source: Gomes et al., Adaptive Random Forests for Evolving Data Stream Classification, 2017.
 */
export class Forest<L extends TreeLeaf<L>> implements RowModel {
  readonly #trees: ForestTrees<L>;
  readonly #places: readonly ForestPlace<L>[];
  /** The tree of each place, that answers. */
  readonly #standing: ForestTree<L>[];
  readonly #meter: ErrorMeter;

  constructor(trees: ForestTrees<L>, options: Required<ForestOptions>) {
    const random = seededRandom(options.seed);
    const place = () => new ForestPlace(trees, options, Math.floor(random.next() * 2 ** 32));
    this.#trees = trees;
    this.#places = Array.from({ length: options.nModels }, place);
    this.#standing = this.#places.map(({ standing }) => standing);
    this.#meter = trees.newMeter();
  }

  /** The trees that answer; the list is only lent. */
  get standing(): readonly ForestTree<L>[] {
    return this.#standing;
  }

  roots(): readonly TreeNode<L>[] {
    return this.#places.flatMap((place) => place.roots());
  }

  learnRow(row: RowAtHand): void {
    this.predictRow(row);
    this.#meter.add(row);
    const { prediction, weight } = row;
    for (let i = 0; i < this.#places.length; i++) {
      const place = this.#places[i]!;
      row.weight = weight;
      place.learnRow(row, this.#meter);
      this.#standing[i] = place.standing;
    }
    row.prediction = prediction;
  }

  predictRow(row: RowAtHand): void {
    this.#trees.vote(this.#standing, row);
  }

  snapshot(): SnapshotRecord {
    return { places: this.#places.map((place) => place.snapshot()), ...this.#meter.snapshot() };
  }

  restore(saved: SnapshotRecord): void {
    const { kind } = this.#trees;
    const places = saved['places'] as readonly Snapshot[] | undefined;
    if (!Array.isArray(places) || places.length !== this.#places.length) {
      throw new StateError('does-not-fit', `${kind}: expected ${this.#places.length} saved trees`);
    }
    for (const [i, place] of this.#places.entries()) place.restore(recordOf(places[i], 'tree', kind));
    this.#meter.restore(saved, kind);
  }
}
