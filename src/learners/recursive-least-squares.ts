import type { SnapshotRecord } from '../batch/snapshot.ts';
import { dot } from '../numeric/linear.ts';
import { checkOption } from './check-option.ts';
import { LinearRowLearner } from './linear-row-learner.ts';
import type { RowByRowOptions } from './row-by-row-learner.ts';

export interface RecursiveLeastSquaresOptions extends RowByRowOptions {
  /** Forgetting factor λ in (0, 1]: what a row counts for after each further one. Default 1, which forgets nothing. */
  readonly forgettingFactor?: number;
  /** Uncertainty δ > 0 of the weights at the start, which are zero. Default 100. */
  readonly initialUncertainty?: number;
}

/** `weights`: w. `covariance`: P, row after row, symmetric. */
type Fit = { readonly weights: Float64Array; readonly covariance: Float64Array };

/**
 * Fits a line to a stream exactly: after each row, the weights are those of the least-squares fit to all rows so far, older
 * ones discounted. Nothing needs scaling and no step size needs choosing; for hundreds of features, see `SGDRegressor`.
 *
 * For each row, with P = δ·I and w = 0 at the start:
 *
 *     k = P·x / (λ + xᵀ·P·x)        w ← w + k·(y − w·x)        P ← (P − k·xᵀ·P) / λ
 *
 * A weight on a row takes the place of 1 in (y − w·x)²: k = P·x / (λ/weight + xᵀ·P·x).
 *
 * Law (`test/reference/recursive-least-squares.test.ts`): w = argmin Σ λ^{n−i}·(y_i − w·x_i)² + λ^n/δ · ‖w‖².
 *
 * Where λ < 1 and the features hardly vary, P would grow without bound; it is kept within the trace that it had at the start,
 * scaled down as a whole. P stays symmetric, since only one half is computed. The loss is the squared error (y − w·x)²; each
 * row is tested before it is learned, and how the stream is cut into batches makes no difference
 * (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) where a sum overflows.
 * Cost: O(d²) a row, memory O(d²). Source: Haykin, Adaptive Filter Theory, 2002, chapter 9.
 */
export class RecursiveLeastSquares extends LinearRowLearner<Fit> {
  readonly kind = 'RecursiveLeastSquares';
  readonly #forgettingFactor: number;
  readonly #initialUncertainty: number;
  /** P·x of the row at hand. */
  readonly #spread: Float64Array;

  constructor(options: RecursiveLeastSquaresOptions) {
    super(options);
    const { forgettingFactor: factor = 1, initialUncertainty: start = 100 } = options;
    const inRange = factor > 0 && factor <= 1;
    this.#forgettingFactor = checkOption(this.kind, inRange, factor, 'Forgetting factor must be in range (0, 1]');
    const positive = start > 0 && Number.isFinite(start);
    this.#initialUncertainty = checkOption(this.kind, positive, start, 'Initial uncertainty must be positive');
    const d = this.inputs;
    this.#spread = new Float64Array(d);
    const covariance = new Float64Array(d * d);
    for (let j = 0; j < d; j++) covariance[j * d + j] = start;
    this.state = { weights: new Float64Array(d), covariance };
  }

  params(): SnapshotRecord {
    return {
      numFeatures: this.width,
      fitIntercept: this.fitIntercept,
      forgettingFactor: this.#forgettingFactor,
      initialUncertainty: this.#initialUncertainty,
    };
  }

  /** P, row after row: Float64Array[m·m], where m counts the features, and the intercept if there is one. A copy. */
  get covariance(): Float64Array {
    return this.state.covariance.slice();
  }

  protected learnRow({ weights, covariance }: Fit, x: Float64Array, label: number, weight: number): number {
    const d = x.length;
    const spread = this.#spread;
    for (let i = 0; i < d; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += covariance[i * d + j]! * x[j]!;
      spread[i] = sum;
    }
    const factor = this.#forgettingFactor;
    const scale = factor / weight + dot(x, spread);
    const error = label - dot(weights, x);
    let trace = 0;
    for (let i = 0; i < d; i++) {
      const gain = spread[i]! / scale;
      weights[i] = weights[i]! + gain * error;
      for (let j = i; j < d; j++) {
        const value = (covariance[i * d + j]! - gain * spread[j]!) / factor;
        covariance[i * d + j] = covariance[j * d + i] = value;
      }
      trace += covariance[i * d + i]!;
    }
    const most = d * this.#initialUncertainty;
    if (trace > most) for (let at = 0; at < d * d; at++) covariance[at] = covariance[at]! * (most / trace);
    return error * error;
  }
}
