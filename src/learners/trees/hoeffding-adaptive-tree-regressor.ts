import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { type AdaptiveOptions, AdaptiveTree, adaptiveOptions, WATCH_BYTES } from './adaptive-tree.ts';
import { DistanceMeter } from './error-meter.ts';
import { FeatureChoice } from './feature-choice.ts';
import { GrowingTree } from './growing-tree.ts';
import { type RegressionLeaf, RegressionLeaves } from './regression-leaf.ts';
import { type RegressionTreeOptions, regressionLeafOptions, regressionTreeOptions } from './regression-tree-options.ts';
import { TreeLearner } from './tree-learner.ts';

export interface HoeffdingAdaptiveTreeRegressorOptions extends RegressionTreeOptions, AdaptiveOptions {}

/**
 * A `HoeffdingTreeRegressor` for streams that drift: nodes that begin to err are replaced, with all below them, by new trees
 * grown beside them.
 *
 *     |ē_node − ē_alternate| > √(2 · v_node · ln(2/α) · (1/n_node + 1/n_alternate)), and the better one stays
 *
 * with mean, variance and length of the windows in which `Adwin` sees no change. The error of a row is |y − prediction|, before it was
 * learned, in units of three standard deviations of the labels so far, at most 1. Each row is learned as if it came a random number
 * of times, Poisson of mean 1 and once where that is 0, so that trees differ by their `seed`.
 *
 * Options, loss and refusals otherwise as `HoeffdingTreeRegressor`; two don't merge.
 * Cost: as there, and O(log n) now and then for each node on a row's way; memory 4 kB a node more.
 * Source: Bifet and Gavaldà, Adaptive Learning from Evolving Data Streams, 2009; for regression as in River.
 */
export class HoeffdingAdaptiveTreeRegressor extends TreeLearner<AdaptiveTree<RegressionLeaf>> {
  readonly kind = 'HoeffdingAdaptiveTreeRegressor';
  readonly #options: Required<HoeffdingAdaptiveTreeRegressorOptions>;

  constructor(options: HoeffdingAdaptiveTreeRegressorOptions) {
    super(options);
    this.#options = { ...regressionTreeOptions(this.kind, options), ...adaptiveOptions(this.kind, options) };
    this.model = this.newModel();
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  protected newModel(): AdaptiveTree<RegressionLeaf> {
    const choice = new FeatureChoice(this.numValues);
    const leaves = new RegressionLeaves(regressionLeafOptions(this.kind, this.#options, choice));
    return new AdaptiveTree(new GrowingTree(leaves, this.#options, WATCH_BYTES), this.#options, new DistanceMeter());
  }
}
