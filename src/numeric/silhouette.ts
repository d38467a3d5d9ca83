/**
 * The weighted mean of the rows' silhouettes by squared Euclidean distance: (b − a) / max(a, b), with a the mean distance to the rows of
 * its own cluster and b that to those of the nearest other; 0 for a row alone in its cluster. undefined for fewer than two clusters.
 *
 * The mean distance of x to a cluster of weight N is x² − 2·x·Σw·y/N + Σw·y²/N, so that one pass over the rows does.
 * `columns`: d Float64Array[n]. Cost: O(n · d · clusters). Source: Apache Spark, ClusteringEvaluator; Rousseeuw, Silhouettes, 1987.
 */
export function silhouette(
  columns: readonly Float64Array[],
  clusters: Float64Array,
  weights: Float64Array | undefined,
): number | undefined {
  const places = new Map(Array.from(new Set(clusters)).map((cluster, place) => [cluster, place]));
  const k = places.size;
  if (k < 2) return undefined;
  const d = columns.length;
  const n = clusters.length;
  const sums = new Float64Array(k * d);
  const squares = new Float64Array(k);
  const totals = new Float64Array(k);
  const lengths = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const place = places.get(clusters[i]!)!;
    const weight = weights?.[i] ?? 1;
    for (let j = 0; j < d; j++) {
      const x = columns[j]![i]!;
      sums[place * d + j] = sums[place * d + j]! + weight * x;
      lengths[i] = lengths[i]! + x * x;
    }
    squares[place] = squares[place]! + weight * lengths[i]!;
    totals[place] = totals[place]! + weight;
  }
  let [sum, total] = [0, 0];
  for (let i = 0; i < n; i++) {
    const own = places.get(clusters[i]!)!;
    const weight = weights?.[i] ?? 1;
    total += weight;
    if (totals[own] === weight) continue;
    let [within, nearest] = [0, Number.POSITIVE_INFINITY];
    for (let place = 0; place < k; place++) {
      let product = 0;
      for (let j = 0; j < d; j++) product += columns[j]![i]! * sums[place * d + j]!;
      const mean = lengths[i]! + (squares[place]! - 2 * product) / totals[place]!;
      if (place === own) within = (mean * totals[own]!) / (totals[own]! - weight);
      else nearest = Math.min(nearest, mean);
    }
    if (within !== nearest) sum += (weight * (nearest - within)) / Math.max(within, nearest);
  }
  return sum / total;
}
