import type { Outcomes } from '../../contracts/monitor.ts';
import { MeanMetric } from './mean-metric.ts';
import { squaredDistancesOf } from './outcome-columns.ts';

/**
 * Tells how clearly each row belongs to its cluster: 1 it lies on its centre, 0 it lies halfway between two.
 *
 *     silhouette = Σ w · (b − a) / max(a, b) / Σ w        a, b: distance to the nearest centre, and to the second nearest
 *
 * This is the simplified silhouette, which measures against centres where the full one measures against all rows: it needs one
 * pass and no memory of rows. A row on both centres counts 0; with a single centre, so does every row. Reads `squaredDistances`, which
 * `clusterOutcomes` makes. Cost: O(n) a batch. Source: Hruschka, de Castro and Campello, Evolutionary Algorithms for
 * Clustering Gene-Expression Data, 2004.
 */
export class Silhouette extends MeanMetric {
  readonly name = 'silhouette';
  readonly task = 'clustering';

  fresh(): Silhouette {
    return new Silhouette();
  }

  protected lossesOf(outcomes: Outcomes): Float64Array {
    const [nearest, second] = squaredDistancesOf(outcomes, this.name);
    return nearest.map((a2, i) => {
      const b2 = second[i]!;
      return b2 > 0 && b2 < Number.POSITIVE_INFINITY ? 1 - Math.sqrt(a2 / b2) : 0;
    });
  }
}
