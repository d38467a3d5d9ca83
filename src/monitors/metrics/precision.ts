import { AveragedClassMetric, type ClassAverageOptions } from './averaged-class-metric.ts';

/**
 * Tells which share of the rows that were said to be of a class are of it.
 *
 *     precision = right / said to be        (0 where none was said to be)
 *
 * Of several classes: the mean of their figures (`macro`), or the figure of all decisions together (`micro`). Reads `labels` and
 * `predictions`, both classes. Throws `UsageError` (`bad-option`) on options out of range.
 */
export class Precision extends AveragedClassMetric {
  readonly name: string;

  constructor(options: ClassAverageOptions = {}) {
    super('Precision', options);
    this.name = this.nameOf('precision');
  }

  fresh(): Precision {
    return new Precision(this.options);
  }

  protected figure(right: number, _actual: number, predicted: number): number {
    return predicted === 0 ? 0 : right / predicted;
  }
}
