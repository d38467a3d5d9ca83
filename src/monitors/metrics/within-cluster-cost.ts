import type { Outcomes } from '../../contracts/monitor.ts';
import { MeanMetric } from './mean-metric.ts';
import { squaredDistancesOf } from './outcome-columns.ts';

/**
 * Tells how far rows are from their centres: what k-means makes small.
 *
 *     withinClusterCost = Σ w · ‖x − nearest centre‖² / Σ w
 *
 * Spark's `computeCost` is the sum, this the mean a row. Reads `squaredDistances`, which `clusterOutcomes` makes. Cost: O(n) a batch.
 */
export class WithinClusterCost extends MeanMetric {
  readonly name = 'withinClusterCost';
  readonly task = 'clustering';

  fresh(): WithinClusterCost {
    return new WithinClusterCost();
  }

  protected lossesOf(outcomes: Outcomes): Float64Array {
    return squaredDistancesOf(outcomes, this.name)[0].slice();
  }
}
