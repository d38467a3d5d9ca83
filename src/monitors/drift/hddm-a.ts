import type { DriftSignal } from '../../contracts/monitor.ts';
import { checkOption, SequentialDetector } from './sequential-detector.ts';

export interface HddmAOptions {
  /** Chance of a false drift at a value, in (0, 1). Default 0.001. */
  readonly driftConfidence?: number;
  /** Chance of a false warning at a value, at least that of a drift. Default 0.005. */
  readonly warningConfidence?: number;
  /** Which changes of the mean count: `rise` alone, or also falls. Default `rise`. */
  readonly direction?: 'rise' | 'both';
}

/**
 * Finds sudden changes of the mean of values in [0, 1], with a bound on false alarms that holds whatever their distribution.
 * Slow changes: `HddmW`.
 *
 *     ε(n) = √( ln(1/δ) / 2n )        cut: the n₀ values, with mean x̄₀, for which x̄₀ + ε(n₀) was lowest
 *     drift: x̄ − x̄₀ ≥ √( (1/n₀ − 1/n) / 2 · ln(2/δ) )        the same with δ of a warning; falls mirrored
 *
 * Starts afresh after a drift. Throws `UsageError` (`bad-option`) on options out of range, `DataError` on values outside [0, 1].
 * Cost: O(1) a value. Source: Frías-Blanco et al., Online and Non-Parametric Drift Detection Methods Based on Hoeffding's
 * Bounds, 2015.
 */
export class HddmA extends SequentialDetector<{
  n: number;
  mean: number;
  lowN: number;
  lowMean: number;
  highN: number;
  highMean: number;
}> {
  readonly kind = 'HddmA';
  readonly #options: Required<HddmAOptions>;

  constructor(options: HddmAOptions = {}) {
    super({ n: 0, mean: 0, lowN: 0, lowMean: 0, highN: 0, highMean: 0 });
    this.#options = checkedConfidences('HddmA', options);
  }

  protected override problemWith(value: number): string | undefined {
    return value >= 0 && value <= 1 ? undefined : 'a value in [0, 1]';
  }

  protected take(values: Float64Array, at: number): DriftSignal {
    const value = values[at]!;
    const { driftConfidence, warningConfidence, direction } = this.#options;
    const { state } = this;
    state.n++;
    state.mean += (value - state.mean) / state.n;
    this.#moveCuts(driftConfidence);
    const { mean, lowN, lowMean, highN, highMean } = state;
    const rise = mean - lowMean;
    const fall = direction === 'both' ? highMean - mean : 0;
    if (this.#isChange(rise, lowN, driftConfidence) || this.#isChange(fall, highN, driftConfidence)) return 'drift';
    const warned = this.#isChange(rise, lowN, warningConfidence) || this.#isChange(fall, highN, warningConfidence);
    return warned ? 'warning' : 'stable';
  }

  /** Moves a cut to here where the mean, with its uncertainty, is as extreme as it was there, or more so. */
  #moveCuts(confidence: number): void {
    const { state } = this;
    const here = hoeffding(state.n, confidence);
    if (state.lowN === 0 || state.lowMean + hoeffding(state.lowN, confidence) >= state.mean + here) {
      state.lowN = state.n;
      state.lowMean = state.mean;
    }
    if (state.highN === 0 || state.highMean - hoeffding(state.highN, confidence) <= state.mean - here) {
      state.highN = state.n;
      state.highMean = state.mean;
    }
  }

  #isChange(apart: number, n0: number, confidence: number): boolean {
    const { n } = this.state;
    return n0 < n && apart >= Math.sqrt(((n - n0) / n0 / n / 2) * Math.log(2 / confidence));
  }
}

function hoeffding(n: number, confidence: number): number {
  return Math.sqrt(Math.log(1 / confidence) / (2 * n));
}

/** The options that both HDDM detectors have, with their defaults. */
export function checkedConfidences(
  kind: string,
  { driftConfidence = 0.001, warningConfidence = 0.005, direction = 'rise' }: HddmAOptions,
): Required<HddmAOptions> {
  const warns = warningConfidence >= driftConfidence && warningConfidence < 1;
  checkOption(kind, 'driftConfidence', driftConfidence > 0 && driftConfidence < 1, 'in (0, 1)', driftConfidence);
  checkOption(kind, 'warningConfidence', warns, 'in [driftConfidence, 1)', warningConfidence);
  checkOption(kind, 'direction', direction === 'rise' || direction === 'both', 'rise or both', direction);
  return { driftConfidence, warningConfidence, direction };
}
