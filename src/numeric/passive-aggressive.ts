import { learnByRows, stretchesOf } from './by-rows.ts';
import type { LabeledRows } from './linear.ts';

/** How far a row may pull the weights: all the way, at most so far, or the less the further. */
export const PASSIVE_AGGRESSIVE_VARIANTS = ['PA', 'PA-I', 'PA-II'] as const;

export type PassiveAggressiveVariant = (typeof PASSIVE_AGGRESSIVE_VARIANTS)[number];

export interface AggressiveStepOptions {
  readonly variant: PassiveAggressiveVariant;
  /** C. */
  readonly aggressiveness: number;
  /** ε, where labels are numbers to be foretold; absent where they are classes 0 and 1. */
  readonly epsilon?: number;
}

/**
 * Moves the weights as far as each row asks for, one after the other: w ← w + τ·s·x, where for classes s = −1 or 1 and the loss
 * l = max(0, 1 − s·w·x), and for numbers s = sign(y − w·x) and l = max(0, |y − w·x| − ε), and
 *
 *     PA: τ = l / ‖x‖²        PA-I: τ = min(weight · C, l / ‖x‖²)        PA-II: τ = l / (‖x‖² + 1/(2 · weight · C))
 *
 * A row of weight 0 is passed over. To the bit what a loop over rows gives (`test/oracle/row-kernels.test.ts`).
 *
 * `weights`: Float64Array[d], or [d + 1] where the last is an intercept; changed. `losses`: Float64Array[n], l before the step,
 * NaN where w·x is not finite; overwritten.
 * Cost: O(n · d).
 */
export function stepAggressivelyByRows(
  rows: LabeledRows,
  weights: Float64Array,
  losses: Float64Array,
  { variant, aggressiveness, epsilon = -1 }: AggressiveStepOptions,
): void {
  const [d, width] = [rows.columns.length, weights.length];
  const which = PASSIVE_AGGRESSIVE_VARIANTS.indexOf(variant);
  const stretches = stretchesOf(width, weights, new Float64Array(width));
  learnByRows(rows, stretches, losses, (kernels, block, at) => {
    const [w, row] = at;
    const { n, x, stride, labels, weights: weighing, out } = block;
    kernels.stepAggressively(n, d, width, x, stride, labels, weighing, which, aggressiveness, epsilon, w, row, out);
  });
}
