import type { DriftSignal } from '../../contracts/monitor.ts';
import { checkedConfidences, type HddmAOptions } from './hddm-a.ts';
import { checkOption, SequentialDetector } from './sequential-detector.ts';

export interface HddmWOptions extends HddmAOptions {
  /** Weight of the newest value in the moving means, λ in (0, 1]. Default 0.05. */
  readonly lambda?: number;
}

/**
 * As `HddmA`, with moving means that weigh newer values more: finds slow changes sooner, and sudden small ones later.
 *
 *     x̂ ← λ · x + (1 − λ) · x̂        v ← λ² + (1 − λ)² · v        ε(v) = √( v · ln(1/δ) / 2 )
 *     cut: where x̂ + ε(v) was lowest; x̂₁, v₁ as they were there, x̂₂, v₂ of the values since
 *     drift: x̂₂ − x̂₁ > ε(v₁ + v₂)        the same with δ of a warning; falls mirrored
 *
 * The first value is its own mean, v starts from 1. Starts afresh after a drift. Throws `UsageError` (`bad-option`) on options out of
 * range, `DataError` on values outside [0, 1]. Cost: O(1) a value. Source: Frías-Blanco et al., Online and Non-Parametric
 * Drift Detection Methods Based on Hoeffding's Bounds, 2015.
 */
export class HddmW extends SequentialDetector<{
  n: number;
  mean: number;
  spread: number;
  /** For a rise: the lowest x̂ + ε so far, the mean and v there, and how many values since, with their mean and v. */
  lowest: number;
  lowMean: number;
  lowSpread: number;
  sinceLow: number;
  sinceLowMean: number;
  sinceLowSpread: number;
  /** The same for a fall. */
  highest: number;
  highMean: number;
  highSpread: number;
  sinceHigh: number;
  sinceHighMean: number;
  sinceHighSpread: number;
}> {
  readonly kind = 'HddmW';
  readonly #options: Required<HddmWOptions>;

  constructor({ lambda = 0.05, ...confidences }: HddmWOptions = {}) {
    super({
      ...{ n: 0, mean: 0, spread: 1 },
      ...{ lowest: Number.POSITIVE_INFINITY, lowMean: 0, lowSpread: 1 },
      ...{ sinceLow: 0, sinceLowMean: 0, sinceLowSpread: 1 },
      ...{ highest: Number.NEGATIVE_INFINITY, highMean: 0, highSpread: 1 },
      ...{ sinceHigh: 0, sinceHighMean: 0, sinceHighSpread: 1 },
    });
    checkOption('HddmW', 'lambda', lambda > 0 && lambda <= 1, 'in (0, 1]', lambda);
    this.#options = { ...checkedConfidences('HddmW', confidences), lambda };
  }

  protected override problemWith(value: number): string | undefined {
    return value >= 0 && value <= 1 ? undefined : 'a value in [0, 1]';
  }

  protected take(values: Float64Array, at: number): DriftSignal {
    const value = values[at]!;
    const { driftConfidence, warningConfidence } = this.#options;
    const { state } = this;
    state.mean = this.#moved(state.mean, value, state.n);
    state.spread = this.#widened(state.spread);
    state.n++;
    this.#moveLow(value, this.#bound(state.spread, driftConfidence));
    this.#moveHigh(value, this.#bound(state.spread, driftConfidence));
    if (this.#hasChanged(driftConfidence)) return 'drift';
    return this.#hasChanged(warningConfidence) ? 'warning' : 'stable';
  }

  #moveLow(value: number, bound: number): void {
    const { state } = this;
    if (state.mean + bound < state.lowest) {
      state.lowest = state.mean + bound;
      state.lowMean = state.mean;
      state.lowSpread = state.spread;
      state.sinceLow = 0;
      state.sinceLowSpread = 1;
    } else {
      state.sinceLowMean = this.#moved(state.sinceLowMean, value, state.sinceLow);
      state.sinceLowSpread = this.#widened(state.sinceLowSpread);
      state.sinceLow++;
    }
  }

  #moveHigh(value: number, bound: number): void {
    const { state } = this;
    if (state.mean - bound > state.highest) {
      state.highest = state.mean - bound;
      state.highMean = state.mean;
      state.highSpread = state.spread;
      state.sinceHigh = 0;
      state.sinceHighSpread = 1;
    } else {
      state.sinceHighMean = this.#moved(state.sinceHighMean, value, state.sinceHigh);
      state.sinceHighSpread = this.#widened(state.sinceHighSpread);
      state.sinceHigh++;
    }
  }

  #hasChanged(confidence: number): boolean {
    const { state } = this;
    const rise = state.sinceLowMean - state.lowMean;
    if (state.sinceLow > 0 && rise > this.#bound(state.lowSpread + state.sinceLowSpread, confidence)) return true;
    if (this.#options.direction === 'rise' || state.sinceHigh === 0) return false;
    const fall = state.highMean - state.sinceHighMean;
    return fall > this.#bound(state.highSpread + state.sinceHighSpread, confidence);
  }

  #moved(mean: number, value: number, n: number): number {
    const { lambda } = this.#options;
    return n === 0 ? value : lambda * value + (1 - lambda) * mean;
  }

  #widened(spread: number): number {
    const { lambda } = this.#options;
    return lambda * lambda + (1 - lambda) * (1 - lambda) * spread;
  }

  #bound(spread: number, confidence: number): number {
    return Math.sqrt((spread * Math.log(1 / confidence)) / 2);
  }
}
