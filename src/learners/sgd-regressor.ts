import { checkOption } from './check-option.ts';
import { LinearSGD, type SGDOptions } from './linear-sgd.ts';

const LOSSES = ['squared', 'absolute'] as const;

export interface SGDRegressorOptions extends SGDOptions {
  /** Default `squared`. */
  readonly loss?: (typeof LOSSES)[number];
}

/**
 * Fits a line to a stream row by row, by stochastic gradient descent. Features should be of one scale: put a `StandardScaler`
 * before it (`OnlinePipeline`). For a step of a whole batch, as Spark's, see `StreamingLinearRegressionWithSGD`.
 *
 * For each row, with p = w·x + b: g = ∂loss/∂p · x + λ·w, and the optimizer's step against g; `sgd`: w ← w − η·g. The loss is
 * (p − y)² (`squared`) or |p − y| (`absolute`); a weight multiplies its slope. Each row is tested before it is learned, and
 * how the stream is cut into batches makes no difference (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) when the steps are too large.
 * Cost: O(d) a row. Source: Robbins and Monro, A Stochastic Approximation Method, 1951; for the optimizers, `stepOf`.
 */
export class SGDRegressor extends LinearSGD {
  readonly kind = 'SGDRegressor';

  constructor(options: SGDRegressorOptions) {
    const { loss = 'squared' } = options;
    checkOption('SGDRegressor', LOSSES.includes(loss), loss, "Loss must be 'squared' or 'absolute'");
    super(options, loss);
  }
}
