import type { Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { sigmoid, softplus } from '../numeric/logistic.ts';
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

/** Float64Array[d], or [d + 1] with an intercept. */
type Coordinates = { readonly weights: Float64Array; readonly z: Float64Array; readonly n: Float64Array };

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
export class FTRLProximal extends LinearRowLearner<Coordinates> {
  readonly kind = 'FTRLProximal';
  override readonly numClasses = 2;
  readonly #options: Required<Omit<FTRLProximalOptions, keyof RowByRowOptions>>;
  /** `perBatch`: Σ weight · g of the batch at hand. */
  readonly #gradient: Float64Array;

  constructor(options: FTRLProximalOptions) {
    super(options);
    const { alpha = 0.1, beta = 1, l1 = 0, l2 = 0, steps = 'perRow' } = options;
    checkOption(this.kind, alpha > 0 && Number.isFinite(alpha), alpha, 'Alpha must be positive');
    checkOption(this.kind, beta >= 0 && Number.isFinite(beta), beta, 'Beta must be nonnegative');
    checkOption(this.kind, l1 >= 0, l1, 'L1 penalty must be nonnegative');
    checkOption(this.kind, l2 >= 0, l2, 'L2 penalty must be nonnegative');
    checkOption(this.kind, ['perRow', 'perBatch'].includes(steps), steps, "Steps must be 'perRow' or 'perBatch'");
    this.#options = { alpha, beta, l1, l2, steps };
    this.#gradient = new Float64Array(this.inputs);
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

  protected learnRow(state: Coordinates, x: Float64Array, label: number, weight: number): number {
    const margin = this.marginOf(state, x);
    const slope = weight * (sigmoid(margin) - label);
    if (this.#options.steps === 'perRow') this.#step(state, x, slope);
    else for (let j = 0; j < x.length; j++) this.#gradient[j]! += slope * x[j]!;
    return softplus(label === 1 ? -margin : margin);
  }

  protected override afterRows(state: Coordinates, total: number): void {
    if (this.#options.steps === 'perRow') return;
    this.#step(state, this.#gradient, 1 / total);
    this.#gradient.fill(0);
  }

  /** One step along g = slope · x. */
  #step({ weights, z, n }: Coordinates, x: Float64Array, slope: number): void {
    const { alpha, beta } = this.#options;
    for (let j = 0; j < x.length; j++) {
      const g = slope * x[j]!;
      if (g === 0) continue;
      const root = Math.sqrt(n[j]! + g * g);
      const moved = z[j]! + g - ((root - Math.sqrt(n[j]!)) / alpha) * weights[j]!;
      const l1 = j < this.width ? this.#options.l1 : 0;
      const l2 = j < this.width ? this.#options.l2 : 0;
      z[j] = moved;
      n[j] = n[j]! + g * g;
      weights[j] = Math.abs(moved) <= l1 ? 0 : -(moved - Math.sign(moved) * l1) / ((beta + root) / alpha + l2);
    }
  }
}
