import type { DriftSignal } from '../../contracts/monitor.ts';
import { checkOption, ErrorDetector } from './sequential-detector.ts';

export interface DdmOptions {
  /** Rows before the first signal. Default 30. */
  readonly minValues?: number;
  /** Standard deviations above the lowest error rate that give warning. Default 2. */
  readonly warningLevel?: number;
  /** Standard deviations above the lowest error rate that are a drift. Default 3. */
  readonly driftLevel?: number;
}

/**
 * Finds sudden rises of an error rate: where it is several standard deviations above the lowest it ever was.
 *
 *     p: error rate of n rows        s = √(p · (1 − p) / n)        p_min, s_min: where p + s was lowest
 *     warning: p + s > p_min + 2 · s_min        drift: p + s > p_min + 3 · s_min
 *
 * Slow rises it finds late: use `Eddm` or `Adwin`. Values are 0 (right) or 1 (wrong). Starts afresh after a drift. Throws
 * `UsageError` (`bad-option`) on options out of range. Cost: O(1) a value. Source: Gama et al., Learning with Drift Detection, 2004.
 */
export class Ddm extends ErrorDetector<{ n: number; rate: number; lowestRate: number; lowestDeviation: number }> {
  readonly kind = 'Ddm';
  readonly #options: Required<DdmOptions>;

  constructor({ minValues = 30, warningLevel = 2, driftLevel = 3 }: DdmOptions = {}) {
    super({ n: 0, rate: 0, lowestRate: Number.POSITIVE_INFINITY, lowestDeviation: 0 });
    checkOption('Ddm', 'minValues', minValues >= 1, 'at least 1', minValues);
    checkOption('Ddm', 'warningLevel', warningLevel > 0, 'above 0', warningLevel);
    checkOption('Ddm', 'driftLevel', driftLevel >= warningLevel, 'at least the warning level', driftLevel);
    this.#options = { minValues, warningLevel, driftLevel };
  }

  protected take(values: Float64Array, at: number): DriftSignal {
    const value = values[at]!;
    const { minValues, warningLevel, driftLevel } = this.#options;
    const { state } = this;
    state.n++;
    state.rate += (value - state.rate) / state.n;
    if (state.n <= minValues) return 'stable';
    const deviation = Math.sqrt((state.rate * (1 - state.rate)) / state.n);
    const level = state.rate + deviation;
    if (level <= state.lowestRate + state.lowestDeviation) {
      state.lowestRate = state.rate;
      state.lowestDeviation = deviation;
    }
    if (level > state.lowestRate + driftLevel * state.lowestDeviation) return 'drift';
    return level > state.lowestRate + warningLevel * state.lowestDeviation ? 'warning' : 'stable';
  }
}
