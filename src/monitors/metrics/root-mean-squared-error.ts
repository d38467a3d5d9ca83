import type { Outcomes } from '../../contracts/monitor.ts';
import { MeanMetric } from './mean-metric.ts';
import { numbersOf } from './outcome-columns.ts';

/**
 * Tells how far predictions are from labels, in the unit of the labels, where one error of 2 is as bad as four of 1.
 *
 *     rmse = √( Σ w · (y − ŷ)² / Σ w )
 *
 * Reads `labels` and `predictions`. Cost: O(n) a batch.
 */
export class RootMeanSquaredError extends MeanMetric {
  readonly name = 'rmse';
  readonly task = 'regression';

  fresh(): RootMeanSquaredError {
    return new RootMeanSquaredError();
  }

  protected lossesOf(outcomes: Outcomes): Float64Array {
    const labels = numbersOf(outcomes, 'labels', this.name);
    const predictions = numbersOf(outcomes, 'predictions', this.name);
    return labels.map((label, i) => (label - predictions[i]!) ** 2);
  }

  protected override finish(mean: number): number {
    return Math.sqrt(mean);
  }
}
