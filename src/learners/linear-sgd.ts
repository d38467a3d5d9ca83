import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { LabeledRows } from '../numeric/linear.ts';
import { newStepped, type OptimizerName, type Stepped } from '../numeric/optimizer.ts';
import { descendByRows } from '../numeric/row-descent.ts';
import { type RowLossName, sumOfRowLosses } from '../numeric/row-loss.ts';
import { checkOption } from './check-option.ts';
import { LinearRowLearner } from './linear-row-learner.ts';
import type { RowByRowOptions } from './row-by-row-learner.ts';

export interface SGDOptions extends RowByRowOptions {
  /** Default `sgd`. */
  readonly optimizer?: OptimizerName;
  /** η > 0. Default 0.01. */
  readonly stepSize?: number;
  /** L2 penalty λ ≥ 0 on the weights, never on the intercept. Default 0. */
  readonly regParam?: number;
}

/** The checked options of stochastic gradient descent, all of them there. */
export function checkedSGDOptions(kind: string, options: SGDOptions) {
  const { optimizer = 'sgd', stepSize = 0.01, regParam = 0 } = options;
  const known = ['sgd', 'adaGrad', 'adam'].includes(optimizer);
  return {
    optimizer: checkOption(kind, known, optimizer, "Optimizer must be 'sgd', 'adaGrad' or 'adam'"),
    stepSize: checkOption(kind, stepSize > 0 && Number.isFinite(stepSize), stepSize, 'Step size must be positive'),
    regParam: checkOption(kind, regParam >= 0, regParam, 'Regularization parameter must be nonnegative'),
  };
}

/** The one loop behind `SGDRegressor` and `SGDClassifier`: a step for each row against the slope of its loss. */
export abstract class LinearSGD extends LinearRowLearner<Stepped> {
  readonly #options: ReturnType<typeof checkedSGDOptions>;
  protected readonly loss: RowLossName;

  constructor(options: SGDOptions, loss: RowLossName) {
    super(options);
    this.#options = checkedSGDOptions(new.target.name, options);
    this.loss = loss;
    this.state = newStepped(this.#options.optimizer, this.inputs);
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, fitIntercept: this.fitIntercept, ...this.#options, loss: this.loss };
  }

  protected learnRows(state: Stepped, rows: LabeledRows): number {
    const margins = new Float64Array(rows.labels.length);
    const { optimizer, stepSize, regParam: l2 } = this.#options;
    descendByRows(rows, state, margins, this.loss, { optimizer, stepSize, l2 });
    return sumOfRowLosses(this.loss, margins, rows.labels, rows.weights);
  }
}
