import type { Features } from '../batch/examples.ts';
import { checkOption } from './check-option.ts';
import { LinearSGD, type SGDOptions } from './linear-sgd.ts';

const LOSSES = ['logistic', 'hinge'] as const;

export interface SGDClassifierOptions extends SGDOptions {
  /** `logistic`: logistic regression; `hinge`: a linear support vector machine. Default `logistic`. */
  readonly loss?: (typeof LOSSES)[number];
}

/**
 * Learns to tell two classes, labels 0 and 1, row by row, by stochastic gradient descent. Features should be of one scale: put
 * a `StandardScaler` before it (`OnlinePipeline`). For more classes, see `SoftmaxRegression`; for many features of which few
 * matter, `FTRLProximal`.
 *
 * For each row, with m = w·x + b: g = ∂loss/∂m · x + λ·w, and the optimizer's step against g; `sgd`: w ← w − η·g. The loss is
 * −ln P(y) with P(1) = σ(m) (`logistic`), or max(0, 1 ∓ m) (`hinge`); a weight multiplies its slope. A row is of class 1 if
 * m > 0. Each row is tested before it is learned, and how the stream is cut into batches makes no difference
 * (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) when the steps are too large. Cost: O(d) a row.
 * Source: Bottou, Large-Scale Machine Learning with Stochastic Gradient Descent, 2010; for the optimizers, `stepOf`.
 */
export class SGDClassifier extends LinearSGD {
  readonly kind = 'SGDClassifier';
  override readonly numClasses = 2;

  /** The probabilities of class 0 and of class 1; the hinge loss gives none. */
  readonly predictProbabilities?: (features: Features) => readonly [Float64Array, Float64Array];

  constructor(options: SGDClassifierOptions) {
    const { loss = 'logistic' } = options;
    checkOption('SGDClassifier', LOSSES.includes(loss), loss, "Loss must be 'logistic' or 'hinge'");
    super(options, loss);
    if (loss === 'logistic') this.predictProbabilities = (features) => this.logisticProbabilities(features);
  }
}
