import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { type SeededRandom, seededRandom } from '../../host/random.ts';
import { Adwin } from '../../monitors/drift/adwin.ts';
import { poissonDraws } from '../../numeric/poisson.ts';
import { checkOption } from '../check-option.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import type { ErrorMeter } from './error-meter.ts';
import type { GrowingTree } from './growing-tree.ts';
import type { RowModel } from './tree-learner.ts';
import { type SubtreeWatch, type TreeLeaf, TreeNode } from './tree-node.ts';
import { savedNumber } from './tree-snapshot.ts';

export interface AdaptiveOptions {
  /** Whether each row counts a random number of times: Poisson of mean 1, and once where that is 0. Default true. */
  readonly bootstrapSampling?: boolean;
  /** Rows over which a node and its alternate must have been watched before they are compared. Default 300. */
  readonly driftWindowThreshold?: number;
  /** Chance that the worse of a node and its alternate looks better, in (0, 1). Default 0.05. */
  readonly switchSignificance?: number;
  /** Chance that a check of an unchanged node finds a change: that of `Adwin`, in (0, 1). Default 0.002. */
  readonly driftDelta?: number;
  /** Seed of the random numbers, a whole number. Default 42. */
  readonly seed?: number;
}

/** The options with their defaults. Throws `UsageError` (`bad-option`) where one is out of range. */
export function adaptiveOptions(kind: string, options: AdaptiveOptions): Required<AdaptiveOptions> {
  const { bootstrapSampling = true, driftWindowThreshold: rows = 300, seed = 42 } = options;
  const { switchSignificance: significance = 0.05, driftDelta: delta = 0.002 } = options;
  const check = <V>(valid: boolean, value: V, rule: string) => checkOption(kind, valid, value, rule);
  return {
    bootstrapSampling,
    driftWindowThreshold: check(rows >= 1, rows, 'Drift window must be at least 1'),
    switchSignificance: check(
      significance > 0 && significance < 1,
      significance,
      'Switch significance must be in range (0, 1)',
    ),
    driftDelta: check(delta > 0 && delta < 1, delta, 'Drift delta must be in range (0, 1)'),
    seed: check(Number.isInteger(seed), seed, 'Seed must be a whole number'),
  };
}

/** Memory of a detector, bytes: its buckets, and what holds them. */
export const WATCH_BYTES = 4500;

const onceOnAverage = poissonDraws(1);

/**
 * A growing tree whose parts are replaced when they no longer fit. Every node watches the errors of its rows by `Adwin`. Where they rise,
 * another tree begins to grow beside it, and takes its place once it is surely better, or goes once it is surely worse:
 *
 *     |ē_node − ē_alternate| > √(2 · v_node · ln(2/α) · (1/n_node + 1/n_alternate))
 *
 * with the means, the variance and the lengths of the two windows, and α = `switchSignificance`. An alternate tree has none itself.
 * Only the tree answers, its alternates don't. Source: Bifet and Gavaldà, Adaptive Learning from Evolving Data Streams, 2009.
 */
export class AdaptiveTree<L extends TreeLeaf<L>> implements RowModel {
  readonly #tree: GrowingTree<L>;
  readonly #options: Required<AdaptiveOptions>;
  readonly #meter: ErrorMeter;
  readonly #random: SeededRandom;
  /** Of the row at hand, the error of the tree, and of an alternate one. */
  readonly #errors = new Float64Array(2);

  constructor(tree: GrowingTree<L>, options: Required<AdaptiveOptions>, meter: ErrorMeter) {
    this.#tree = tree;
    this.#options = options;
    this.#meter = meter;
    this.#random = seededRandom(options.seed);
  }

  snapshot(): SnapshotRecord {
    return { tree: this.#tree.snapshot(), random: this.#random.state, ...this.#meter.snapshot() };
  }

  restore(saved: SnapshotRecord): void {
    const { kind } = this.#tree.leaves;
    this.#tree.restore(saved['tree'], () => this.#newDetector());
    this.#random.state = savedNumber(saved, 'random', kind);
    this.#meter.restore(saved, kind);
  }

  roots(): readonly TreeNode<L>[] {
    return this.#tree.roots();
  }

  leafFor(x: Float64Array): L {
    return this.#tree.leafFor(x);
  }

  predictRow(row: RowAtHand): void {
    this.#tree.predictRow(row);
  }

  learnRow(row: RowAtHand): void {
    this.#meter.add(row);
    if (this.#options.bootstrapSampling) row.weight *= Math.max(1, onceOnAverage(this.#random));
    this.#learnBelow(this.#tree.root, row, true);
  }

  /** A tree learns, and the nodes on the row's way are told how wrong it was. Alternates grow beside the main tree only. */
  #learnBelow(root: TreeNode<L>, row: RowAtHand, main: boolean): void {
    const { x } = row;
    const last = root.nodeFor(x);
    last.leaf!.learn(row);
    this.#meter.measure(row);
    const at = main ? 0 : 1;
    this.#errors[at] = row.error;
    for (let node = root; ; node = node.below(x)) {
      node.watch ??= this.#newWatch();
      const worse = rises(node.watch.errors, this.#errors, at);
      if (main) {
        if (worse && node.watch.alternate === undefined) this.#beginAlternate(node);
        else if (this.#learnAlternate(node, row)) return;
      }
      if (node === last) break;
    }
    // What it erred as a leaf says nothing of what it is now.
    if (this.#tree.grow(last)) last.watch = { ...last.watch!, errors: this.#newDetector() };
  }

  /** Tells whether the alternate took the node's place. */
  #learnAlternate(node: TreeNode<L>, row: RowAtHand): boolean {
    const { errors, alternate } = node.watch!;
    if (alternate === undefined) return false;
    const { prediction } = row;
    this.#learnBelow(alternate, row, false);
    row.prediction = prediction;
    const verdict = this.#compare(errors, alternate.watch!.errors);
    if (verdict === 'undecided') return false;
    if (verdict === 'better') node.become(alternate);
    else node.watch!.alternate = undefined;
    this.#tree.keepWithinBytes();
    return verdict === 'better';
  }

  #compare(node: Adwin, alternate: Adwin): 'better' | 'worse' | 'undecided' {
    const { driftWindowThreshold, switchSignificance } = this.#options;
    if (node.width < driftWindowThreshold || alternate.width < driftWindowThreshold) return 'undecided';
    const variance = node.squares / node.width;
    const spread = variance * (1 / node.width + 1 / alternate.width);
    const bound = Math.sqrt(2 * spread * Math.log(2 / switchSignificance));
    const lead = node.mean - alternate.mean;
    if (lead > bound) return 'better';
    return lead < -bound ? 'worse' : 'undecided';
  }

  #beginAlternate(node: TreeNode<L>): void {
    node.watch!.alternate = new TreeNode(this.#tree.leaves.create(), node.depth);
    this.#tree.keepWithinBytes();
  }

  #newWatch(): SubtreeWatch<L> {
    return { errors: this.#newDetector(), alternate: undefined };
  }

  #newDetector(): Adwin {
    return new Adwin({ delta: this.#options.driftDelta });
  }
}

/** Tells a detector one more error, `values[at]`, and whether the errors have risen. */
export function rises(errors: Adwin, values: Float64Array, at: number): boolean {
  return errors.updateFrom(values, at) === 'drift' && errors.rose;
}
