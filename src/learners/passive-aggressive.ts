import type { SnapshotRecord } from '../batch/snapshot.ts';
import { dot } from '../numeric/linear.ts';
import { checkOption } from './check-option.ts';
import { LinearRowLearner } from './linear-row-learner.ts';
import type { RowByRowOptions } from './row-by-row-learner.ts';

/** How far a row may pull the weights: all the way, at most so far, or the less the further. */
export type PassiveAggressiveVariant = 'PA' | 'PA-I' | 'PA-II';

export interface PassiveAggressiveOptions extends RowByRowOptions {
  /** Default `PA-I`. */
  readonly variant?: PassiveAggressiveVariant;
  /** Aggressiveness C > 0, of `PA-I` and `PA-II`. Default 1. */
  readonly aggressiveness?: number;
}

type Weights = { readonly weights: Float64Array };

/**
 * The one step behind `PassiveAggressiveClassifier` and `PassiveAggressiveRegressor`: w ← w ± τ·x, where for the loss l
 *
 *     PA: τ = l / ‖x‖²        PA-I: τ = min(C, l / ‖x‖²)        PA-II: τ = l / (‖x‖² + 1/(2C))
 *
 * A weight on a row multiplies C.
 */
export abstract class PassiveAggressive extends LinearRowLearner<Weights> {
  readonly #variant: PassiveAggressiveVariant;
  readonly #aggressiveness: number;

  constructor(options: PassiveAggressiveOptions) {
    super(options);
    const { variant = 'PA-I', aggressiveness = 1 } = options;
    const kind = new.target.name;
    checkOption(kind, ['PA', 'PA-I', 'PA-II'].includes(variant), variant, "Variant must be 'PA', 'PA-I' or 'PA-II'");
    const valid = aggressiveness > 0 && Number.isFinite(aggressiveness);
    this.#variant = variant;
    this.#aggressiveness = checkOption(kind, valid, aggressiveness, 'Aggressiveness must be positive');
    this.state = { weights: new Float64Array(this.inputs) };
  }

  params(): SnapshotRecord {
    return {
      numFeatures: this.width,
      fitIntercept: this.fitIntercept,
      variant: this.#variant,
      aggressiveness: this.#aggressiveness,
    };
  }

  /** Steps towards `sign` · x as far as the loss asks for. */
  protected step({ weights }: Weights, x: Float64Array, loss: number, sign: number, weight: number): void {
    const square = dot(x, x);
    if (loss === 0 || square === 0) return;
    const tau = sign * this.#stretch(loss, square, weight * this.#aggressiveness);
    for (let j = 0; j < x.length; j++) weights[j] = weights[j]! + tau * x[j]!;
  }

  #stretch(loss: number, square: number, aggressiveness: number): number {
    switch (this.#variant) {
      case 'PA':
        return loss / square;
      case 'PA-I':
        return Math.min(aggressiveness, loss / square);
      case 'PA-II':
        return loss / (square + 1 / (2 * aggressiveness));
    }
  }
}
