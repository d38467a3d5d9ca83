import type { Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { DescentRows } from '../numeric/descent-rows.ts';
import { type LabeledRows, linearPredictions, sumOf } from '../numeric/linear.ts';
import { followByRows, followOnce, type ProximalState } from '../numeric/proximal-descent.ts';
import { sumOfRowLosses } from '../numeric/row-loss.ts';
import { rowsThatWeigh } from '../numeric/rows-where.ts';
import { checkOption } from './check-option.ts';
import { LinearRowLearner } from './linear-row-learner.ts';
import type { RowByRowOptions } from './row-by-row-learner.ts';

export interface FTRLProximalOptions extends RowByRowOptions {
  /** Scale α > 0 of the steps. Default 0.1. */
  readonly alpha?: number;
  /** Smoothing β ≥ 0 of the first steps. Default 1. */
  readonly beta?: number;
  /** L1 penalty ≥ 0: how strong a feature must be to have a weight. Default 0. */
  readonly l1?: number;
  /** L2 penalty ≥ 0. Default 0. */
  readonly l2?: number;
  /** A step for each row, or one for each batch along its mean gradient, as in Flink ML. Default `perRow`. */
  readonly steps?: 'perRow' | 'perBatch';
}

/**
 * Learns to tell two classes, labels 0 and 1, with weights that are exactly zero for features that say little. Use it for many
 * features, of which few matter; each has its own step size, so they need no common scale.
 *
 * For each row, with p = σ(w·x), for each coordinate:
 *
 *     g = (p − y) · x        s = (√(n + g²) − √n) / α        z ← z + g − s·w        n ← n + g²
 *     w ← 0 if |z| ≤ l1, else −(z − sign(z)·l1) / ((β + √n) / α + l2)
 *
 * The intercept is a coordinate with x = 1 and no penalty. A coordinate without a gradient stays as it is. A weight multiplies
 * g. The loss is −ln of the probability of the label; each row is tested before it is learned. With steps `perRow`, how the
 * stream is cut into batches makes no difference (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) where a sum overflows.
 * Cost: O(d) a row. Source: McMahan et al., Ad Click Prediction: a View from the Trenches, 2013.
 */
export class FTRLProximal extends LinearRowLearner<ProximalState> {
  readonly kind = 'FTRLProximal';
  override readonly numClasses = 2;
  readonly #options: Required<Omit<FTRLProximalOptions, keyof RowByRowOptions>>;

  constructor(options: FTRLProximalOptions) {
    super(options);
    const { alpha = 0.1, beta = 1, l1 = 0, l2 = 0, steps = 'perRow' } = options;
    checkOption(this.kind, alpha > 0 && Number.isFinite(alpha), alpha, 'Alpha must be positive');
    checkOption(this.kind, beta >= 0 && Number.isFinite(beta), beta, 'Beta must be nonnegative');
    checkOption(this.kind, l1 >= 0, l1, 'L1 penalty must be nonnegative');
    checkOption(this.kind, l2 >= 0, l2, 'L2 penalty must be nonnegative');
    checkOption(this.kind, ['perRow', 'perBatch'].includes(steps), steps, "Steps must be 'perRow' or 'perBatch'");
    this.#options = { alpha, beta, l1, l2, steps };
    this.state = {
      weights: new Float64Array(this.inputs),
      z: new Float64Array(this.inputs),
      n: new Float64Array(this.inputs),
    };
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, fitIntercept: this.fitIntercept, ...this.#options };
  }

  /** The probabilities of class 0 and of class 1. */
  predictProbabilities(features: Features): readonly [Float64Array, Float64Array] {
    return this.logisticProbabilities(features);
  }

  protected learnRows(state: ProximalState, rows: LabeledRows): number {
    const margins = new Float64Array(rows.labels.length);
    if (this.#options.steps === 'perRow') followByRows(rows, state, margins, this.#options);
    else this.#followBatch(state, rows, margins);
    return sumOfRowLosses('logistic', margins, rows.labels, rows.weights);
  }

  /** One step along the mean gradient. */
  #followBatch(state: ProximalState, rows: LabeledRows, margins: Float64Array): void {
    const weights = state.weights.slice(0, this.width);
    const intercept = this.fitIntercept ? state.weights[this.width]! : 0;
    linearPredictions(rows.columns, weights, 0, margins, intercept);
    const gradient = new DescentRows(rowsThatWeigh(rows))
      .gradientSums(weights, intercept, 'logistic')
      .subarray(0, this.inputs);
    const total = rows.weights === undefined ? margins.length : sumOf(rows.weights);
    followOnce(gradient, 1 / total, state, this.width, this.#options);
  }
}
