import type { Examples } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { dot, sumOf } from '../numeric/linear.ts';
import { newStepped, type OptimizerName, type Step, type Stepped, stepOf } from '../numeric/optimizer.ts';
import { descendByRows } from '../numeric/row-descent.ts';
import { ROW_LOSSES, type RowLossName, toRowLosses } from '../numeric/row-loss.ts';
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
  readonly #step: Step;
  protected readonly loss: RowLossName;

  constructor(options: SGDOptions, loss: RowLossName) {
    super(options);
    this.#options = checkedSGDOptions(new.target.name, options);
    this.#step = stepOf(this.#options.optimizer, this.#options.stepSize);
    this.loss = loss;
    this.state = newStepped(this.#options.optimizer, this.inputs);
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, fitIntercept: this.fitIntercept, ...this.#options, loss: this.loss };
  }

  protected override learnRows(state: Stepped, examples: Examples): number {
    if (this.#options.optimizer !== 'sgd') return super.learnRows(state, examples);
    const { features, weights } = examples;
    const labels = examples.labels!;
    const margins = new Float64Array(features.rows);
    const { stepSize, regParam: l2 } = this.#options;
    descendByRows({ columns: features.columns, labels, weights }, state.weights, margins, {
      loss: this.loss,
      stepSize,
      l2,
    });
    state.steps[0]! += weights === undefined ? margins.length : weights.filter((weight) => weight > 0).length;
    toRowLosses(this.loss, margins, labels);
    return weights === undefined ? sumOf(margins) : dot(weights, margins);
  }

  protected learnRow(state: Stepped, x: Float64Array, label: number, weight: number): number {
    const margin = this.marginOf(state, x);
    state.steps[0]!++;
    const { slope, value } = ROW_LOSSES[this.loss];
    this.#step(state, 0, x, weight * slope(margin, label), this.#options.regParam, this.width);
    return value(margin, label);
  }
}
