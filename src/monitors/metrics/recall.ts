import { AveragedClassMetric, type ClassAverageOptions } from './averaged-class-metric.ts';

/**
 * Tells which share of the rows of a class was found.
 *
 *     recall = right / actual        (0 where there is none)
 *
 * Of several classes: the mean of their figures (`macro`), or the figure of all decisions together (`micro`). Reads `labels` and
 * `predictions`, both classes. Throws `UsageError` (`bad-option`) on options out of range.
 */
export class Recall extends AveragedClassMetric {
  readonly name: string;

  constructor(options: ClassAverageOptions = {}) {
    super('Recall', options);
    this.name = this.nameOf('recall');
  }

  fresh(): Recall {
    return new Recall(this.options);
  }

  protected figure(right: number, actual: number): number {
    return actual === 0 ? 0 : right / actual;
  }
}
