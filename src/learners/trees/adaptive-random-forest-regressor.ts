import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Random } from '../../host/random.ts';
import { sumOf } from '../../numeric/linear.ts';
import { checkOption } from '../check-option.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import { DistanceMeter } from './error-meter.ts';
import { Forest, type ForestTree } from './forest.ts';
import { drawnFeatures, FOREST_GROWTH, type ForestOptions, forestOptions } from './forest-options.ts';
import { GrowingTree } from './growing-tree.ts';
import { type RegressionLeaf, RegressionLeaves } from './regression-leaf.ts';
import { type RegressionTreeOptions, regressionLeafOptions, regressionTreeOptions } from './regression-tree-options.ts';
import { TreeLearner } from './tree-learner.ts';

/** `gracePeriod` is 50 by default, and `delta` 0.01. `maxBytes` is for each tree. */
export interface AdaptiveRandomForestRegressorOptions extends RegressionTreeOptions, ForestOptions {
  /** What the forest makes of its trees' predictions. Default `median`. */
  readonly aggregationMethod?: 'mean' | 'median';
}

/**
 * Learns a number by many `HoeffdingTreeRegressor`s that differ, and lets each be replaced when the stream drifts.
 *
 * For each row and tree: it counts Poisson(λ) times; each leaf watches `maxFeatures` features of its own, drawn at random, though its linear
 * model has them all. The forest predicts the median of its trees. A tree whose errors rise by an `Adwin` of `warningDelta` gets a
 * successor, which learns beside it without a voice; when they rise by one of `driftDelta`, the successor takes its place. The error of a
 * row is |y − prediction| of the tree, before it was learned, in units of three standard deviations of the labels so far, at most 1.
 *
 * Options of the trees, loss and refusals as `HoeffdingTreeRegressor`; two don't merge.
 * Cost: nModels times a tree; memory at most 2 · nModels · `maxBytes`.
 * Source: Gomes et al., Adaptive Random Forests for Data Stream Regression, 2018; median and defaults as in River.
 */
export class AdaptiveRandomForestRegressor extends TreeLearner<Forest<RegressionLeaf>> {
  readonly kind = 'AdaptiveRandomForestRegressor';
  readonly #options: Required<AdaptiveRandomForestRegressorOptions>;
  /** Float64Array[nModels]: what the trees say of the row at hand. */
  readonly #predictions: Float64Array;

  constructor(options: AdaptiveRandomForestRegressorOptions) {
    super(options);
    const { aggregationMethod: method = 'median' } = options;
    this.#options = {
      ...regressionTreeOptions(this.kind, options, FOREST_GROWTH),
      ...forestOptions(this.kind, options, options.numFeatures),
      aggregationMethod: checkOption(
        this.kind,
        ['mean', 'median'].includes(method),
        method,
        "Aggregation must be 'mean' or 'median'",
      ),
    };
    this.#predictions = new Float64Array(this.#options.nModels);
    this.model = this.newModel();
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  protected newModel(): Forest<RegressionLeaf> {
    const { kind, numValues } = this;
    const options = this.#options;
    return new Forest<RegressionLeaf>(
      {
        kind,
        newTree: (random: Random) => {
          const choice = drawnFeatures(numValues, options.maxFeatures, random);
          return new GrowingTree(new RegressionLeaves(regressionLeafOptions(kind, options, choice)), options);
        },
        newMeter: () => new DistanceMeter(),
        vote: (standing, row) => this.#vote(standing, row),
      },
      options,
    );
  }

  #vote(standing: readonly ForestTree<RegressionLeaf>[], row: RowAtHand): void {
    const predictions = this.#predictions;
    const n = predictions.length;
    for (let i = 0; i < n; i++) {
      standing[i]!.tree.predictRow(row);
      predictions[i] = row.prediction;
    }
    if (this.#options.aggregationMethod === 'mean') {
      row.prediction = sumOf(predictions) / n;
      return;
    }
    predictions.sort();
    const middle = n >> 1;
    row.prediction = n % 2 === 1 ? predictions[middle]! : (predictions[middle - 1]! + predictions[middle]!) / 2;
  }
}
