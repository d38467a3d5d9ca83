import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { FeatureChoice } from './feature-choice.ts';
import { GrowingTree } from './growing-tree.ts';
import { type RegressionLeaf, RegressionLeaves } from './regression-leaf.ts';
import { type RegressionTreeOptions, regressionLeafOptions, regressionTreeOptions } from './regression-tree-options.ts';
import { TreeLearner } from './tree-learner.ts';

/**
 * Learns a number by a tree that grows as rows come, with a linear model in each leaf: features need no scaling. Where the stream drifts,
 * see `HoeffdingAdaptiveTreeRegressor`; where accuracy counts more than time, `AdaptiveRandomForestRegressor`.
 *
 *     G = variance − Σ (n_part / n) · variance_part        ε = √(ln(1/δ) / (2n))
 *     a leaf splits where 1 − G_second / G_best > ε or ε < τ: G by feature, at its best threshold
 *
 * Of each feature a leaf keeps the labels in 32 bins. Its linear model takes implicit steps on features scaled to z = (x − mean) / deviation,
 * within ±6, by all rows of the tree; with an intercept, and the first label as its start:
 *
 *     w ← w + η · (y − w·z) · z / (1 + η·‖z‖²)        η = learningRate / (1 + learningRateDecay · n)
 *
 * Two new leaves start with the means that the split gives them, and with their parent's model. What a tree learns depends on
 * the order of the rows, so that two don't merge. The loss is the squared error; each row is tested before it is learned, and how
 * the stream is cut into batches makes no difference.
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) on numbers beyond 1e100, whose squares would not stay finite, and (`bad-record`) on
 * values that a nominal feature can't have.
 * Cost: O(depth + d) a row, O(d) an attempt to split; memory O(d) a leaf, at most `maxBytes`.
 * Source: Ikonomovska, Gama and Džeroski, Learning Model Trees from Evolving Data Streams, 2011; adaptive leaves as in River.
 */
export class HoeffdingTreeRegressor extends TreeLearner<GrowingTree<RegressionLeaf>> {
  readonly kind = 'HoeffdingTreeRegressor';
  readonly #options: Required<RegressionTreeOptions>;

  constructor(options: RegressionTreeOptions) {
    super(options);
    this.#options = regressionTreeOptions(this.kind, options);
    this.model = this.newModel();
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  protected newModel(): GrowingTree<RegressionLeaf> {
    const choice = new FeatureChoice(this.numValues);
    return new GrowingTree(
      new RegressionLeaves(regressionLeafOptions(this.kind, this.#options, choice)),
      this.#options,
    );
  }
}
