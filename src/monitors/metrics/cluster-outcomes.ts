import type { Features } from '../../batch/examples.ts';
import type { Outcomes } from '../../contracts/monitor.ts';
import { UsageError } from '../../errors.ts';

/**
 * Measures rows against the centres of a clustering, for `Silhouette` and `WithinClusterCost`.
 *
 * `features`: n × d; `centers`: k arrays of d numbers, k ≥ 1; neither is changed or kept. With one centre, the second distance is
 * Infinity. Returns `squaredDistances`, and the nearest centre's index as `predictions`, the first of equals. Throws `UsageError`
 * (`wrong-width`) where centres are not d numbers, (`bad-option`) where there are none. Cost: O(n · k · d).
 */
export function clusterOutcomes(features: Features, centers: readonly ArrayLike<number>[]): Outcomes {
  const { rows, columns } = features;
  const d = columns.length;
  const misfit = centers.find((center) => center.length !== d);
  if (misfit !== undefined) {
    throw new UsageError('wrong-width', `clusterOutcomes: expected centres of ${d} numbers, got ${misfit.length}`);
  }
  if (centers.length === 0) throw new UsageError('bad-option', 'clusterOutcomes: expected a centre, got none');
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const second = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const predictions = new Float64Array(rows);
  const distances = new Float64Array(rows);
  for (const [k, center] of centers.entries()) {
    distances.fill(0);
    for (let j = 0; j < d; j++) addSquares(columns[j]!, center[j]!, distances);
    for (let i = 0; i < rows; i++) {
      const distance = distances[i]!;
      if (distance < nearest[i]!) {
        second[i] = nearest[i]!;
        nearest[i] = distance;
        predictions[i] = k;
      } else if (distance < second[i]!) second[i] = distance;
    }
  }
  return { rows, predictions, squaredDistances: [nearest, second] };
}

/** sums[i] += (column[i] − value)². */
function addSquares(column: Float64Array, value: number, sums: Float64Array): void {
  for (let i = 0; i < sums.length; i++) {
    const apart = column[i]! - value;
    sums[i] = sums[i]! + apart * apart;
  }
}
