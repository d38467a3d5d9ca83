import type { Outcomes } from '../../contracts/monitor.ts';
import { MeanMetric } from './mean-metric.ts';
import { numbersOf } from './outcome-columns.ts';

/**
 * Tells how far predictions are from labels on average, in the unit of the labels. Where single large errors are what hurts,
 * use `RootMeanSquaredError`.
 *
 *     mae = Σ w · |y − ŷ| / Σ w
 *
 * Reads `labels` and `predictions`. Cost: O(n) a batch.
 */
export class MeanAbsoluteError extends MeanMetric {
  readonly name = 'mae';
  readonly task = 'regression';

  fresh(): MeanAbsoluteError {
    return new MeanAbsoluteError();
  }

  protected lossesOf(outcomes: Outcomes): Float64Array {
    const labels = numbersOf(outcomes, 'labels', this.name);
    const predictions = numbersOf(outcomes, 'predictions', this.name);
    return labels.map((label, i) => Math.abs(label - predictions[i]!));
  }
}
