import type { SnapshotRecord } from '../batch/snapshot.ts';
import { type LabeledRows, weightedSum } from '../numeric/linear.ts';
import {
  type AggressiveStepOptions,
  PASSIVE_AGGRESSIVE_VARIANTS,
  type PassiveAggressiveVariant,
  stepAggressivelyByRows,
} from '../numeric/passive-aggressive.ts';
import { checkOption } from './check-option.ts';
import { LinearRowLearner } from './linear-row-learner.ts';
import type { RowByRowOptions } from './row-by-row-learner.ts';

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
    const known = PASSIVE_AGGRESSIVE_VARIANTS.includes(variant);
    checkOption(kind, known, variant, "Variant must be 'PA', 'PA-I' or 'PA-II'");
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

  /** ε of labels that are numbers; none of classes. */
  protected get tolerance(): Pick<AggressiveStepOptions, 'epsilon'> {
    return {};
  }

  protected learnRows({ weights }: Weights, rows: LabeledRows): number {
    const losses = new Float64Array(rows.labels.length);
    const options = { variant: this.#variant, aggressiveness: this.#aggressiveness, ...this.tolerance };
    stepAggressivelyByRows(rows, weights, losses, options);
    return weightedSum(losses, rows.weights);
  }
}
