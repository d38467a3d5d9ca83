import type { SnapshotRecord } from '../batch/snapshot.ts';
import { StateError } from '../errors.ts';
import { inverseOf } from '../numeric/inverse.ts';
import { fitByRows, type LeastSquaresFit } from '../numeric/least-squares-by-rows.ts';
import { dot, type LabeledRows } from '../numeric/linear.ts';
import { sumOfRowLosses } from '../numeric/row-loss.ts';
import { checkDecay, checkOption } from './check-option.ts';
import { columnsOfSnapshot } from './learned-columns.ts';
import { LinearRowLearner } from './linear-row-learner.ts';
import type { RowByRowOptions } from './row-by-row-learner.ts';

export interface RecursiveLeastSquaresOptions extends RowByRowOptions {
  /** Forgetting factor λ in (0, 1]: what a row counts for after each further one. Default 1, which forgets nothing. */
  readonly forgettingFactor?: number;
  /** Uncertainty δ > 0 of the weights at the start, which are zero. Default 100. */
  readonly initialUncertainty?: number;
}

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
 * scaled down as a whole. P stays symmetric. The loss is the squared error (y − w·x)²; each
 * row is tested before it is learned, and how the stream is cut into batches makes no difference
 * (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) where a sum overflows.
 * Cost: O(d²) a row, memory O(d²). Source: Haykin, Adaptive Filter Theory, 2002, chapter 9.
 */
export class RecursiveLeastSquares extends LinearRowLearner<LeastSquaresFit> {
  readonly kind = 'RecursiveLeastSquares';
  /**
   * There where nothing is forgotten: P⁻¹ ← P₁⁻¹ + P₂⁻¹ − I/δ, w ← P·(P₁⁻¹·w₁ + P₂⁻¹·w₂). For two that began with weights 0 and the
   * same δ, and never decayed. Throws `StateError` (`does-not-fit`). Cost: O(d³).
   */
  readonly merge?: (other: this) => void;
  readonly #forgettingFactor: number;
  readonly #initialUncertainty: number;

  constructor(options: RecursiveLeastSquaresOptions) {
    super(options);
    const { forgettingFactor: factor = 1, initialUncertainty: start = 100 } = options;
    const inRange = factor > 0 && factor <= 1;
    this.#forgettingFactor = checkOption(this.kind, inRange, factor, 'Forgetting factor must be in range (0, 1]');
    const positive = start > 0 && Number.isFinite(start);
    this.#initialUncertainty = checkOption(this.kind, positive, start, 'Initial uncertainty must be positive');
    this.state = { weights: new Float64Array(this.inputs), covariance: uncertain(this.inputs, start) };
    if (factor === 1) this.merge = (other) => this.#merge(other);
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

  /** All rows so far count `factor` times as much: P ← P / factor, within the trace that it had at the start; 0 is P = δ·I. */
  decay(factor: number): void {
    const kept = checkDecay(this.kind, factor);
    if (kept === 1) return;
    const { weights, covariance } = this.state;
    const d = this.inputs;
    const trace = covariance.reduce((sum, value, at) => (at % (d + 1) === 0 ? sum + value : sum), 0);
    const growth = Math.min(1 / kept, (d * this.#initialUncertainty) / trace);
    const grown = kept === 0 ? uncertain(d, this.#initialUncertainty) : covariance.map((value) => value * growth);
    this.state = { weights, covariance: grown };
  }

  #merge(other: this): void {
    const theirs = columnsOfSnapshot(other.snapshot(), this.state, this.kind);
    const merged = mergedFit(this.state, theirs, this.#initialUncertainty);
    if (merged === undefined) {
      throw new StateError(
        'does-not-fit',
        `${this.kind}: expected to merge with one that began as this one, from nothing`,
      );
    }
    this.state = merged;
    this.countMerged(other);
  }

  protected learnRows(fit: LeastSquaresFit, rows: LabeledRows): number {
    const errors = new Float64Array(rows.labels.length);
    const mostTrace = this.inputs * this.#initialUncertainty;
    fitByRows(rows, fit, errors, { forgettingFactor: this.#forgettingFactor, mostTrace });
    return sumOfRowLosses('squared', errors, new Float64Array(errors.length), rows.weights);
  }
}

/** δ·I, of d rows. */
function uncertain(d: number, delta: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? delta : 0));
}

/** The fit to the rows of both; undefined where they did not both begin with weights 0 and P = δ·I. */
function mergedFit(mine: LeastSquaresFit, theirs: LeastSquaresFit, delta: number): LeastSquaresFit | undefined {
  const d = mine.weights.length;
  const [one, other] = [inverseOf(mine.covariance, d), inverseOf(theirs.covariance, d)];
  if (one === undefined || other === undefined) return undefined;
  const begunOnce = uncertain(d, 1 / delta);
  const covariance = inverseOf(
    one.map((value, at) => value + other[at]! - begunOnce[at]!),
    d,
  );
  if (covariance === undefined) return undefined;
  const [own, added] = [product(one, mine.weights), product(other, theirs.weights)];
  const weights = product(
    covariance,
    own.map((value, j) => value + added[j]!),
  );
  return { weights, covariance };
}

/** The matrix times the vector. */
function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const d = vector.length;
  return vector.map((_, row) => dot(matrix.subarray(row * d, (row + 1) * d), vector));
}
