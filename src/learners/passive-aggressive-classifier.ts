import { PassiveAggressive } from './passive-aggressive.ts';

/**
 * Learns to tell two classes, labels 0 and 1, with no step size to choose: a row that is well on its side changes nothing
 * (passive), any other moves the weights just as far as it takes (aggressive), or less, by the variant. For probabilities, see
 * `SGDClassifier`.
 *
 * For each row, with s = −1 for label 0 and 1 for label 1, and l = max(0, 1 − s·w·x): w ← w + τ·s·x, where
 *
 *     PA: τ = l / ‖x‖²        PA-I: τ = min(C, l / ‖x‖²)        PA-II: τ = l / (‖x‖² + 1/(2C))
 *
 * With an intercept, x has a further coordinate 1. A weight on a row multiplies C. The loss is l; a row is of class 1 if
 * w·x > 0. Each row is tested before it is learned, and how the stream is cut into batches makes no difference
 * (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) where a sum overflows.
 * Cost: O(d) a row. Source: Crammer et al., Online Passive-Aggressive Algorithms, 2006.
 */
export class PassiveAggressiveClassifier extends PassiveAggressive {
  readonly kind = 'PassiveAggressiveClassifier';
  override readonly numClasses = 2;
}
