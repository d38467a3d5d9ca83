import { learnByRows, stretchesOf } from './by-rows.ts';
import type { LabeledRows } from './linear.ts';
import type { OptimizerName, Stepped } from './optimizer.ts';
import type { RowLossName } from './row-loss.ts';

/** Losses and optimizers by the numbers that the kernels know them by. */
const LOSSES: readonly RowLossName[] = ['squared', 'absolute', 'logistic', 'hinge'];
const OPTIMIZERS: readonly OptimizerName[] = ['sgd', 'adaGrad', 'adam'];

export interface RowDescentOptions {
  readonly optimizer: OptimizerName;
  /** η. */
  readonly stepSize: number;
  /** λ, on all weights but the intercept. */
  readonly l2: number;
}

/**
 * Stochastic gradient descent, one row after the other. For each row, with m = w·x: the optimizer's step against
 * weight · ∂loss/∂m · x + λ·w. A row of weight 0 is passed over. To the bit what a loop over rows gives
 * (`test/oracle/row-kernels.test.ts`).
 *
 * `stepped`: d weights, or d + 1 where the last is an intercept, whose x is 1; changed. `margins`: Float64Array[n], each row's before its step;
 * overwritten. Cost: O(n · d).
 */
export function descendByRows(
  rows: LabeledRows,
  { weights, squares, means, steps }: Stepped,
  margins: Float64Array,
  loss: RowLossName,
  { optimizer, stepSize, l2 }: RowDescentOptions,
): void {
  const [d, width] = [rows.columns.length, weights.length];
  const [penalties, row] = [penaltiesOf(l2, d, width), new Float64Array(width)];
  const learned = stretchesOf(width, weights, squares, means, penalties, row);
  const [which, how] = [LOSSES.indexOf(loss), OPTIMIZERS.indexOf(optimizer)];
  learnByRows(rows, [...learned, ...stretchesOf(1, steps)], margins, (kernels, block, at) => {
    const [w, s, m, l, x, t] = at;
    const { n, stride, labels, weights: weighing, out } = block;
    kernels.descend(n, d, width, block.x, stride, labels, weighing, which, how, stepSize, l, w, s, m, t, x, out);
  });
}

/**
 * As `descendByRows`, of K classes: with m_k = w_k·x, a step of each w_k against weight · (e^{m_k} / Σ_j e^{m_j} − [y = k]) · x + λ·w_k. `stepped`:
 * the weights of one class after the other. `losses`: Float64Array[n], −ln P(y) before the step; overwritten. Cost: O(n · K · d).
 */
export function descendSoftmaxByRows(
  rows: LabeledRows,
  { weights, squares, means, steps }: Stepped,
  numClasses: number,
  losses: Float64Array,
  { optimizer, stepSize, l2 }: RowDescentOptions,
): void {
  const [d, width] = [rows.columns.length, weights.length / numClasses];
  const [penalties, row] = [penaltiesOf(l2, d, width), new Float64Array(width)];
  const learned = stretchesOf(width, weights, squares, means, penalties, row);
  const others = [...stretchesOf(1, steps), ...stretchesOf(numClasses, new Float64Array(numClasses))] as const;
  const how = OPTIMIZERS.indexOf(optimizer);
  learnByRows(rows, [...learned, ...others], losses, (kernels, block, at) => {
    const [w, s, m, l, x, t, p] = at;
    const { n, stride, labels, weights: weighing, out } = block;
    kernels.descendSoftmax(
      n,
      d,
      width,
      numClasses,
      block.x,
      stride,
      labels,
      weighing,
      how,
      stepSize,
      l,
      w,
      s,
      m,
      t,
      x,
      p,
      out,
    );
  });
}

/** l2 for each feature, and 0 for an intercept. */
function penaltiesOf(l2: number, d: number, width: number): Float64Array {
  return new Float64Array(width).fill(l2, 0, d);
}
