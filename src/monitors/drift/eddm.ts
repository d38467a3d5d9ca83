import type { DriftSignal } from '../../contracts/monitor.ts';
import { checkOption, ErrorDetector } from './sequential-detector.ts';

export interface EddmOptions {
  /** Rows, and errors, before the first signal. Default 30. */
  readonly minValues?: number;
  /** Share of the widest spacing of errors below which it gives warning. Default 0.95. */
  readonly warningLevel?: number;
  /** Share of the widest spacing of errors below which it is a drift. Default 0.9. */
  readonly driftLevel?: number;
  /** As `MOA`: population variance, and judged from row minValues on; as `River`: sample variance, one row later. Default `MOA`. */
  readonly variant?: 'MOA' | 'River';
}

/**
 * Finds slow rises of an error rate, since errors then come closer together. It is quick and noisy: on a stream that does not change
 * at all, expect a false alarm every few hundred rows.
 *
 *     m, s: mean and standard deviation of the distances between errors        q = m + 2 · s
 *     warning: q / q_max < 0.95        drift: q / q_max < 0.9
 *
 * Values are 0 (right) or 1 (wrong). Starts afresh after a drift. Throws `UsageError` (`bad-option`) on options out of range.
 * Cost: O(1) a value. Source: Baena-García et al., Early Drift Detection Method, 2006.
 */
export class Eddm extends ErrorDetector<{
  n: number;
  errors: number;
  lastError: number;
  mean: number;
  squares: number;
  widest: number;
}> {
  readonly kind = 'Eddm';
  readonly #options: Required<EddmOptions>;

  constructor({ minValues = 30, warningLevel = 0.95, driftLevel = 0.9, variant = 'MOA' }: EddmOptions = {}) {
    super({ n: 0, errors: 0, lastError: 0, mean: 0, squares: 0, widest: 0 });
    checkOption('Eddm', 'minValues', minValues >= 1, 'at least 1', minValues);
    checkOption('Eddm', 'warningLevel', warningLevel > 0 && warningLevel <= 1, 'in (0, 1]', warningLevel);
    checkOption('Eddm', 'driftLevel', driftLevel > 0 && driftLevel <= warningLevel, 'in (0, warningLevel]', driftLevel);
    checkOption('Eddm', 'variant', ['MOA', 'River'].includes(variant), 'MOA or River', variant);
    this.#options = { minValues, warningLevel, driftLevel, variant };
  }

  protected take(values: Float64Array, at: number): DriftSignal {
    const value = values[at]!;
    const { state } = this;
    state.n++;
    if (value === 0) return 'stable';
    state.errors++;
    const distance = state.n - state.lastError;
    state.lastError = state.n;
    const apart = distance - state.mean;
    state.mean += apart / state.errors;
    state.squares += apart * (distance - state.mean);
    const { minValues, variant } = this.#options;
    return state.n > minValues - (variant === 'MOA' ? 1 : 0) ? this.#judge() : 'stable';
  }

  #judge(): DriftSignal {
    const { minValues, warningLevel, driftLevel, variant } = this.#options;
    const { state } = this;
    const divisor = variant === 'MOA' ? state.errors : Math.max(1, state.errors - 1);
    const spacing = state.mean + 2 * Math.sqrt(state.squares / divisor);
    if (spacing > state.widest) state.widest = spacing;
    else if (state.errors > minValues) {
      if (spacing < driftLevel * state.widest) return 'drift';
      if (spacing < warningLevel * state.widest) return 'warning';
    }
    return 'stable';
  }
}
