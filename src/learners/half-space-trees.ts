import type { SnapshotRecord } from '../batch/snapshot.ts';
import { excerpt, StateError } from '../errors.ts';
import { seededRandom } from '../host/random.ts';
import { AnomalyDetector } from './anomaly-detector.ts';
import { checkOption } from './check-option.ts';
import { columnOf, countOf } from './online-learner.ts';
import type { RowAtHand } from './row-at-hand.ts';

export interface HalfSpaceTreesOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Number of trees ≥ 1. Default 10. */
  readonly nTrees?: number;
  /** Branches on the way to a leaf, from 1 to 20. Default 8. */
  readonly height?: number;
  /** Weight of a window, whose rows are what the next is compared with. Default 250. */
  readonly windowSize?: number;
  /** Least and greatest usual value of every feature. Default 0 and 1, as `MinMaxScaler` makes them. */
  readonly limits?: readonly [least: number, greatest: number];
  /** Seed of the trees, a whole number. Default 42. */
  readonly seed?: number;
}

/** A split is this share of the range, at least, away from its ends. */
const PADDING = 0.15;
/** A node with less than this share of the window is not looked into. */
const SMALL = 0.1;

/**
 * Says how strange a row is, all features together: strange is what is where few rows are. For a single feature, or to know what is strange, see `RobustZScore`.
 *
 * Each tree halves the space `height` times, at a random threshold of a random feature, without looking at any row. A node counts the rows of the last window,
 * its mass. With the first node on a row's way that has less than a tenth of the window, or the leaf:
 *
 *     density = mean over the trees of mass · 2^depth / windowSize        score = 1 / (1 + density)
 *
 * A density of 1 is that of rows spread evenly: a score above a half is sparser than that, up to 1, where there never was a row. The score is
 * another scale for the paper's Σ mass · 2^depth, the order is the same. Before the first window is full, all scores are 0. Features should be
 * within `limits`, so put a `MinMaxScaler` before it; what is outside counts to the nearest part.
 *
 * Each row is scored before it is learned, and how the stream is cut into batches makes no difference. Two don't merge, since windows depend on the order
 * of the rows. Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) on numbers beyond 1e100.
 * Cost: O(nTrees · height) a row, O(nTrees · 2^height) a window; memory O(nTrees · 2^height).
 * Source: Tan, Ting and Liu, Fast Anomaly Detection for Streaming Data, 2011; padding and defaults as in River.
 */
export class HalfSpaceTrees extends AnomalyDetector {
  readonly kind = 'HalfSpaceTrees';
  readonly #options: Required<HalfSpaceTreesOptions>;
  /** Nodes of a tree, level after level: the branches, then the leaves. Those below node i are 2i + 1 and 2i + 2. */
  readonly #nodes: number;
  /** By tree and branch. */
  #features: Int32Array;
  #thresholds: Float64Array;
  /** By tree and node: the masses of the last window, and those of the one under way. */
  #reference: Float64Array;
  #latest: Float64Array;
  /** Weight of the window under way, and how many were full. */
  #weight = 0;
  #windows = 0;

  constructor(options: HalfSpaceTreesOptions) {
    super(options.numFeatures);
    this.#options = checkedOptions(this.kind, options);
    const { nTrees, height } = this.#options;
    const branches = 2 ** height - 1;
    this.#nodes = 2 * branches + 1;
    this.#features = new Int32Array(nTrees * branches);
    this.#thresholds = new Float64Array(nTrees * branches);
    this.#reference = new Float64Array(nTrees * this.#nodes);
    this.#latest = new Float64Array(nTrees * this.#nodes);
    this.#drawTrees(branches);
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  /** The masses of the last window, tree after tree: Float64Array[nTrees · (2^(height + 1) − 1)]. */
  learnedValues(): Float64Array {
    return this.#reference.slice();
  }

  protected scoreRow(row: RowAtHand): void {
    row.prediction = 0;
    if (this.#windows === 0) return;
    const { nTrees, height, windowSize } = this.#options;
    let sum = 0;
    for (let tree = 0; tree < nTrees; tree++) {
      const base = tree * this.#nodes;
      let node = 0;
      let depth = 0;
      while (depth < height && this.#reference[base + node]! >= SMALL * windowSize) {
        node = this.#below(tree, node, row.x);
        depth++;
      }
      sum += this.#reference[base + node]! * 2 ** depth;
    }
    row.prediction = 1 / (1 + sum / (nTrees * windowSize));
  }

  protected learnRow({ x, weight }: RowAtHand): void {
    const { nTrees, height, windowSize } = this.#options;
    for (let tree = 0; tree < nTrees; tree++) {
      const base = tree * this.#nodes;
      for (let node = 0, depth = 0; ; node = this.#below(tree, node, x), depth++) {
        this.#latest[base + node] = this.#latest[base + node]! + weight;
        if (depth === height) break;
      }
    }
    this.#weight += weight;
    if (this.#weight < windowSize) return;
    [this.#reference, this.#latest] = [this.#latest, this.#reference];
    this.#latest.fill(0);
    this.#weight = 0;
    this.#windows++;
  }

  protected learned(): SnapshotRecord {
    const [reference, latest] = [this.#reference.slice(), this.#latest.slice()];
    return {
      numFeatures: this.width,
      features: Float64Array.from(this.#features),
      thresholds: this.#thresholds.slice(),
      reference,
      latest,
      weight: this.#weight,
      windows: this.#windows,
    };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const column = (name: string, length: number) => columnOf(snapshot, name, length, this.kind);
    const { length } = this.#reference;
    const [reference, latest] = [column('reference', length), column('latest', length)];
    const thresholds = column('thresholds', this.#thresholds.length);
    const features = Int32Array.from(column('features', this.#features.length));
    const [weight, windows] = [countOf(snapshot, 'weight', this.kind), countOf(snapshot, 'windows', this.kind)];
    if (snapshot['numFeatures'] !== this.width || features.some((feature) => feature < 0 || feature >= this.width)) {
      const got = excerpt(snapshot['numFeatures']);
      throw new StateError('does-not-fit', `${this.kind}: expected saved trees of ${this.width} features, got ${got}`);
    }
    [this.#features, this.#thresholds, this.#reference, this.#latest] = [features, thresholds, reference, latest];
    [this.#weight, this.#windows] = [weight, windows];
  }

  /** The node below a branch that a row belongs to. */
  #below(tree: number, branch: number, x: Float64Array): number {
    const at = tree * (this.#nodes >> 1) + branch;
    return x[this.#features[at]!]! < this.#thresholds[at]! ? 2 * branch + 1 : 2 * branch + 2;
  }

  #drawTrees(branches: number): void {
    const { numFeatures: d, nTrees, limits, seed } = this.#options;
    const random = seededRandom(seed);
    for (let tree = 0; tree < nTrees; tree++) {
      // By branch: what is left of each feature's range.
      const spaces = [Array.from({ length: d }, () => limits)];
      for (let branch = 0; branch < branches; branch++) {
        const space = spaces[branch]!;
        const feature = Math.floor(random.next() * d);
        const [least, greatest] = space[feature]!;
        const threshold = least + (greatest - least) * (PADDING + (1 - 2 * PADDING) * random.next());
        this.#features[tree * branches + branch] = feature;
        this.#thresholds[tree * branches + branch] = threshold;
        spaces[2 * branch + 1] = space.with(feature, [least, threshold]);
        spaces[2 * branch + 2] = space.with(feature, [threshold, greatest]);
      }
    }
  }
}

function checkedOptions(kind: string, options: HalfSpaceTreesOptions): Required<HalfSpaceTreesOptions> {
  const { numFeatures, nTrees = 10, height = 8, windowSize = 250, limits = [0, 1], seed = 42 } = options;
  const check = <V>(valid: boolean, value: V, rule: string) => checkOption(kind, valid, value, rule);
  const isRange = limits.length === 2 && limits.every(Number.isFinite) && limits[0] < limits[1];
  return {
    numFeatures,
    nTrees: check(Number.isInteger(nTrees) && nTrees > 0, nTrees, 'Number of trees must be positive'),
    height: check(Number.isInteger(height) && height >= 1 && height <= 20, height, 'Height must be in range [1, 20]'),
    windowSize: check(windowSize > 0 && Number.isFinite(windowSize), windowSize, 'Window size must be positive'),
    limits: check(isRange, limits, 'Limits must be two rising numbers'),
    seed: check(Number.isInteger(seed), seed, 'Seed must be a whole number'),
  };
}
