import type { Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { type LabeledRows, linearScores, weightedSum } from '../numeric/linear.ts';
import { newStepped, type Stepped } from '../numeric/optimizer.ts';
import { indicesOfLargest, toProbabilityColumns } from '../numeric/probabilities.ts';
import { descendSoftmaxByRows } from '../numeric/row-descent.ts';
import { checkOption } from './check-option.ts';
import { checkedSGDOptions, type SGDOptions } from './linear-sgd.ts';
import { RowByRowLearner } from './row-by-row-learner.ts';

export interface SoftmaxRegressionOptions extends SGDOptions {
  /** Number of classes, K ≥ 2. */
  readonly numClasses: number;
}

/**
 * Learns to tell K classes, labels 0 to K − 1, row by row: logistic regression for more than two. Features should be of one
 * scale: put a `StandardScaler` before it (`OnlinePipeline`). For two classes, `SGDClassifier` needs half the weights.
 *
 * For each row, with P(k) = e^{w_k·x + b_k} / Σ_j e^{w_j·x + b_j}: g_k = (P(k) − [y = k]) · x + λ·w_k, and the optimizer's
 * step of w_k against g_k; a weight multiplies the slope. The loss is −ln P(y). Predicts the likeliest class, of equally
 * likely ones the lowest. Each row is tested before it is learned, and how the stream is cut into batches makes no difference
 * (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) when the steps are too large.
 * Cost: O(K · d) a row. Source: Bishop, Pattern Recognition and Machine Learning, 2006, 4.3.4.
 */
export class SoftmaxRegression extends RowByRowLearner<Stepped> {
  readonly kind = 'SoftmaxRegression';
  override readonly numClasses: number;
  readonly #options: ReturnType<typeof checkedSGDOptions>;

  constructor(options: SoftmaxRegressionOptions) {
    super(options);
    const { numClasses } = options;
    const valid = Number.isInteger(numClasses) && numClasses >= 2;
    this.numClasses = checkOption(this.kind, valid, numClasses, 'Number of classes must be at least 2');
    this.#options = checkedSGDOptions(this.kind, options);
    this.state = newStepped(this.#options.optimizer, numClasses * this.inputs);
  }

  params(): SnapshotRecord {
    const { numClasses, fitIntercept } = this;
    return { numFeatures: this.width, numClasses, fitIntercept, ...this.#options };
  }

  /** The weights of class 0 and its intercept, if there is one, then those of class 1 … */
  learnedValues(): Float64Array {
    return this.state.weights.slice();
  }

  /** The probability of each class. */
  predictProbabilities(features: Features): readonly Float64Array[] {
    this.checkWidth(features);
    const columns = this.#margins(features);
    toProbabilityColumns(columns);
    return columns;
  }

  protected learnRows(state: Stepped, rows: LabeledRows): number {
    const losses = new Float64Array(rows.labels.length);
    const { optimizer, stepSize, regParam: l2 } = this.#options;
    descendSoftmaxByRows(rows, state, this.numClasses, losses, { optimizer, stepSize, l2 });
    return weightedSum(losses, rows.weights);
  }

  protected score(features: Features): Float64Array {
    return indicesOfLargest(this.#margins(features));
  }

  /** w_k·x + b_k of each class and row: K Float64Array[n]. */
  #margins({ rows, columns }: Features): Float64Array[] {
    const width = this.inputs;
    const models = Array.from({ length: this.numClasses }, (_, k) => {
      const weights = this.state.weights.subarray(k * width, (k + 1) * width);
      return { weights, first: 0, last: this.fitIntercept ? weights[this.width]! : 0 };
    });
    return linearScores(columns, rows, models);
  }
}
