import { blocksOf, copyRows, reserve } from './kernels.ts';
import { softplus } from './logistic.ts';

/**
 * How wrong a margin m = w·x is for a label y. `squared`: (m − y)². `absolute`: |m − y|, where outliers pull no more than any other row. For labels
 * 0 and 1, `logistic`: −ln P(y), where P(1) = σ(m), and `hinge`: max(0, 1 − s·m), where s = −1 or 1.
 */
export type RowLossName = 'squared' | 'absolute' | 'logistic' | 'hinge';

/**
 * Σ_i weight · loss over all rows. Loops of their own for each loss, since a call for each row would allocate its numbers.
 * `margins`, `labels`: Float64Array[n]; `weights` too, 1 each where absent. None is changed. Cost: O(n), no allocation.
 */
export function sumOfRowLosses(
  loss: RowLossName,
  margins: Float64Array,
  labels: Float64Array,
  weights: Float64Array | undefined,
): number {
  const n = margins.length;
  if (loss === 'logistic' && weights === undefined) return sumOfLogisticLosses(margins, labels);
  let sum = 0;
  switch (loss) {
    case 'squared':
      for (let i = 0; i < n; i++) {
        const error = margins[i]! - labels[i]!;
        sum += (weights === undefined ? 1 : weights[i]!) * error * error;
      }
      break;
    case 'absolute':
      for (let i = 0; i < n; i++) sum += (weights === undefined ? 1 : weights[i]!) * Math.abs(margins[i]! - labels[i]!);
      break;
    case 'logistic':
      for (let i = 0; i < n; i++) sum += weights![i]! * softplus(labels[i] === 1 ? -margins[i]! : margins[i]!);
      break;
    case 'hinge':
      for (let i = 0; i < n; i++) {
        const room = labels[i] === 1 ? 1 - margins[i]! : 1 + margins[i]!;
        if (!(room <= 0)) sum += (weights === undefined ? 1 : weights[i]!) * room;
      }
  }
  return sum;
}

/** Within a relative 1e-12 of the sum over rows (`test/oracle/row-losses.test.ts`). */
function sumOfLogisticLosses(margins: Float64Array, labels: Float64Array): number {
  const { rows } = blocksOf(1);
  const { kernels, numbers, at } = reserve(rows, rows);
  const [m, y] = at;
  const fours = margins.length & ~3;
  let sum = 0;
  for (let start = 0; start < fours; start += rows) {
    const n = Math.min(rows, fours - start);
    copyRows(margins, start, n, numbers, m);
    copyRows(labels, start, n, numbers, y);
    sum += kernels.logisticLosses(n, m, y);
  }
  for (let i = fours; i < margins.length; i++) sum += softplus(labels[i] === 1 ? -margins[i]! : margins[i]!);
  return sum;
}
