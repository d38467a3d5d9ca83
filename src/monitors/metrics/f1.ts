import { AveragedClassMetric, type ClassAverageOptions } from './averaged-class-metric.ts';

/**
 * Tells how well rows of a class are found without calling others so: the harmonic mean of `Precision` and `Recall`.
 *
 *     f1 = 2 · right / (actual + said to be)        (0 where that divides by 0)
 *
 * Of several classes: the mean of their figures (`macro`), or the figure of all decisions together (`micro`). Reads `labels` and
 * `predictions`, both classes. Throws `UsageError` (`bad-option`) on options out of range.
 */
export class F1 extends AveragedClassMetric {
  readonly name: string;

  constructor(options: ClassAverageOptions = {}) {
    super('F1', options);
    this.name = this.nameOf('f1');
  }

  fresh(): F1 {
    return new F1(this.options);
  }

  protected figure(right: number, actual: number, predicted: number): number {
    return actual + predicted === 0 ? 0 : (2 * right) / (actual + predicted);
  }
}
