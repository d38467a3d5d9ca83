import type { SnapshotRecord } from '../batch/snapshot.ts';
import { checkOption } from './check-option.ts';
import { PassiveAggressive, type PassiveAggressiveOptions } from './passive-aggressive.ts';

export interface PassiveAggressiveRegressorOptions extends PassiveAggressiveOptions {
  /** Errors up to this size ε ≥ 0 cost nothing. Default 0.1. */
  readonly epsilon?: number;
}

/**
 * Fits a line to a stream with no step size to choose: a row that is predicted within ε changes nothing (passive), any other
 * moves the weights just as far as it takes (aggressive), or less, by the variant. For the least-squares fit, see
 * `RecursiveLeastSquares`.
 *
 * For each row, with p = w·x and l = max(0, |y − p| − ε): w ← w + τ·sign(y − p)·x, where
 *
 *     PA: τ = l / ‖x‖²        PA-I: τ = min(C, l / ‖x‖²)        PA-II: τ = l / (‖x‖² + 1/(2C))
 *
 * With an intercept, x has a further coordinate 1. A weight on a row multiplies C. The loss is l. Each row is tested before it
 * is learned, and how the stream is cut into batches makes no difference (`test/learners/row-by-row.test.ts`).
 * Throws `UsageError` (`bad-option`) on options out of range; `DataError` (`not-finite`) where a sum overflows.
 * Cost: O(d) a row. Source: Crammer et al., Online Passive-Aggressive Algorithms, 2006.
 */
export class PassiveAggressiveRegressor extends PassiveAggressive {
  readonly kind = 'PassiveAggressiveRegressor';
  readonly #epsilon: number;

  constructor(options: PassiveAggressiveRegressorOptions) {
    super(options);
    const { epsilon = 0.1 } = options;
    this.#epsilon = checkOption(this.kind, epsilon >= 0, epsilon, 'Epsilon must be nonnegative');
  }

  override params(): SnapshotRecord {
    return { ...super.params(), epsilon: this.#epsilon };
  }

  protected override get tolerance() {
    return { epsilon: this.#epsilon };
  }
}
