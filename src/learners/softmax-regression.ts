import type { Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { newStepped, type Step, type Stepped, stepOf } from '../numeric/optimizer.ts';
import { indexOfLargest, toProbabilities } from '../numeric/probabilities.ts';
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
  readonly #step: Step;
  /** Float64Array[K]: the margins of the row at hand, and then its probabilities. */
  readonly #classes: Float64Array;

  constructor(options: SoftmaxRegressionOptions) {
    super(options);
    const { numClasses } = options;
    const valid = Number.isInteger(numClasses) && numClasses >= 2;
    this.numClasses = checkOption(this.kind, valid, numClasses, 'Number of classes must be at least 2');
    this.#options = checkedSGDOptions(this.kind, options);
    this.#step = stepOf(this.#options.optimizer, this.#options.stepSize);
    this.#classes = new Float64Array(numClasses);
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
    const columns = Array.from({ length: this.numClasses }, () => new Float64Array(features.rows));
    let row = 0;
    this.eachRow(features, (x) => {
      this.#classify(this.state, x);
      for (let k = 0; k < columns.length; k++) columns[k]![row] = this.#classes[k]!;
      return row++;
    });
    return columns;
  }

  protected learnRow(state: Stepped, x: Float64Array, label: number, weight: number): number {
    const logSum = this.#classify(state, x);
    let margin = 0;
    for (let j = 0; j < x.length; j++) margin += state.weights[label * x.length + j]! * x[j]!;
    state.steps[0]!++;
    for (let k = 0; k < this.numClasses; k++) {
      const slope = weight * (this.#classes[k]! - (k === label ? 1 : 0));
      this.#step(state, k * x.length, x, slope, this.#options.regParam, this.width);
    }
    return logSum - margin;
  }

  protected score(features: Features): Float64Array {
    return this.eachRow(features, (x) => {
      this.#classify(this.state, x);
      return indexOfLargest(this.#classes);
    });
  }

  /** Puts the probabilities of a row into `#classes`, and gives ln Σ_k e^margin, without overflow. */
  #classify({ weights }: Stepped, x: Float64Array): number {
    const classes = this.#classes;
    for (let k = 0; k < classes.length; k++) {
      let margin = 0;
      for (let j = 0; j < x.length; j++) margin += weights[k * x.length + j]! * x[j]!;
      classes[k] = margin;
    }
    return toProbabilities(classes);
  }
}
