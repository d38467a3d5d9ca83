import { softplus } from './logistic.ts';

/**
 * How wrong a margin m = w·x is for a label y. `squared`: (m − y)². `absolute`: |m − y|, where outliers pull no more than any other row. For labels
 * 0 and 1, `logistic`: −ln P(y), where P(1) = σ(m), and `hinge`: max(0, 1 − s·m), where s = −1 or 1.
 */
export type RowLossName = 'squared' | 'absolute' | 'logistic' | 'hinge';

/**
 * Puts each row's loss in the place of its margin. In loops of their own, since a call for each row would allocate its numbers.
 * `margins`, `labels`: Float64Array[n]. Cost: O(n).
 */
export function toRowLosses(loss: RowLossName, margins: Float64Array, labels: Float64Array): void {
  const n = margins.length;
  switch (loss) {
    case 'squared':
      for (let i = 0; i < n; i++) margins[i] = (margins[i]! - labels[i]!) * (margins[i]! - labels[i]!);
      return;
    case 'absolute':
      for (let i = 0; i < n; i++) margins[i] = Math.abs(margins[i]! - labels[i]!);
      return;
    case 'logistic':
      for (let i = 0; i < n; i++) margins[i] = softplus(labels[i] === 1 ? -margins[i]! : margins[i]!);
      return;
    case 'hinge':
      for (let i = 0; i < n; i++) margins[i] = Math.max(0, labels[i] === 1 ? 1 - margins[i]! : 1 + margins[i]!);
  }
}
