import { sigmoid, softplus } from './logistic.ts';

/** How wrong a margin w·x is for a label, and which way it should go. */
interface RowLoss {
  /** ≥ 0. */
  value(margin: number, label: number): number;
  /** ∂value/∂margin. */
  slope(margin: number, label: number): number;
}

/** (m − y)². */
const squaredLoss: RowLoss = {
  value: (margin, label) => (margin - label) * (margin - label),
  slope: (margin, label) => 2 * (margin - label),
};

/** |m − y|: outliers pull no more than any other row. */
const absoluteLoss: RowLoss = {
  value: (margin, label) => Math.abs(margin - label),
  slope: (margin, label) => Math.sign(margin - label),
};

/** −ln P(y), where P(1) = σ(m); labels 0 and 1. */
const logisticLoss: RowLoss = {
  value: (margin, label) => softplus(label === 1 ? -margin : margin),
  slope: (margin, label) => sigmoid(margin) - label,
};

/** max(0, 1 − s·m), where s = −1 for label 0 and 1 for label 1. */
const hingeLoss: RowLoss = {
  value: (margin, label) => Math.max(0, label === 1 ? 1 - margin : 1 + margin),
  slope(margin, label) {
    const sign = label === 1 ? 1 : -1;
    return sign * margin < 1 ? -sign : 0;
  },
};

/** The losses by name. */
export const ROW_LOSSES = {
  squared: squaredLoss,
  absolute: absoluteLoss,
  logistic: logisticLoss,
  hinge: hingeLoss,
} as const satisfies Readonly<Record<string, RowLoss>>;

export type RowLossName = keyof typeof ROW_LOSSES;

/**
 * Puts each row's loss in the place of its margin. In loops of their own, since a call for each row would allocate its numbers.
 * `margins`, `labels`: Float64Array[n]. Cost: O(n).
 */
export function toRowLosses(loss: RowLossName, margins: Float64Array, labels: Float64Array): void {
  const n = margins.length;
  switch (loss) {
    case 'squared':
      for (let i = 0; i < n; i++) margins[i] = squaredLoss.value(margins[i]!, labels[i]!);
      return;
    case 'absolute':
      for (let i = 0; i < n; i++) margins[i] = absoluteLoss.value(margins[i]!, labels[i]!);
      return;
    case 'logistic':
      for (let i = 0; i < n; i++) margins[i] = logisticLoss.value(margins[i]!, labels[i]!);
      return;
    case 'hinge':
      for (let i = 0; i < n; i++) margins[i] = hingeLoss.value(margins[i]!, labels[i]!);
  }
}
