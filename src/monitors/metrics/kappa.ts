import { dot, sumOf } from '../../numeric/linear.ts';
import { ClassMetric } from './class-counts.ts';

/**
 * Tells how much better the predictions agree with the labels than the same predictions dealt out at random would.
 *
 *     kappa = (p₀ − p_c) / (1 − p_c)        p₀ accuracy, p_c = Σ_k share of labels k · share of predictions k
 *
 * Undefined (NaN) while labels and predictions are all of one class. Reads `labels` and `predictions`, both classes.
 * Source: Cohen, A Coefficient of Agreement for Nominal Scales, 1960.
 */
export class Kappa extends ClassMetric {
  readonly name = 'kappa';

  get value(): number {
    const { right, actual, predicted } = this.sums;
    const n = sumOf(actual);
    const byChance = dot(actual, predicted) / (n * n);
    return (sumOf(right) / n - byChance) / (1 - byChance);
  }

  fresh(): Kappa {
    return new Kappa();
  }
}
