import type { DriftSignal } from '../../contracts/monitor.ts';
import { checkOption, SequentialDetector } from './sequential-detector.ts';

export interface PageHinkleyOptions {
  /** How much of a rise is let pass with each value, in units of the values, ≥ 0. Default 0.005. */
  readonly delta?: number;
  /** Size of the sum that is called a drift, λ > 0. Default 50. */
  readonly lambda?: number;
  /** What is left of the sum with each value, α in (0, 1]. Default 0.9999. */
  readonly alpha?: number;
  /** Values before the first drift. Default 30. */
  readonly minValues?: number;
}

/**
 * Finds rises of a series' mean by adding up what is above it. It needs no more than three numbers, and it is the one whose false
 * alarms are set most directly, by λ; for falls, give it the values negated.
 *
 *     S ← max(0, α · S + x − x̄ − δ)        drift where S ≥ λ
 *
 * With α = 1 this is Page's m_t − min m_t. Starts afresh after a drift. Throws `UsageError` (`bad-option`) on options out of range.
 * Cost: O(1) a value. Source: Page, Continuous Inspection Schemes, 1954.
 */
export class PageHinkley extends SequentialDetector<{ n: number; mean: number; sum: number }> {
  readonly kind = 'PageHinkley';
  readonly #options: Required<PageHinkleyOptions>;

  constructor({ delta = 0.005, lambda = 50, alpha = 0.9999, minValues = 30 }: PageHinkleyOptions = {}) {
    super({ n: 0, mean: 0, sum: 0 });
    checkOption('PageHinkley', 'delta', delta >= 0, '0 or more', delta);
    checkOption('PageHinkley', 'lambda', lambda > 0, 'above 0', lambda);
    checkOption('PageHinkley', 'alpha', alpha > 0 && alpha <= 1, 'in (0, 1]', alpha);
    checkOption('PageHinkley', 'minValues', minValues >= 1, 'at least 1', minValues);
    this.#options = { delta, lambda, alpha, minValues };
  }

  protected take(values: Float64Array, at: number): DriftSignal {
    const value = values[at]!;
    const { delta, lambda, alpha, minValues } = this.#options;
    const { state } = this;
    state.n++;
    state.mean += (value - state.mean) / state.n;
    state.sum = Math.max(0, alpha * state.sum + value - state.mean - delta);
    return state.n >= minValues && state.sum >= lambda ? 'drift' : 'stable';
  }
}
