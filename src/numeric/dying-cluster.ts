/** A cluster lighter than this share of the heaviest one is dying, and takes over half of the heaviest. */
const DYING_SHARE = 1e-8;

/** Half the distance between the two halves of a split cluster, relative to its coordinates. */
const SPLIT_DISTANCE = 1e-14;

/**
 * Lets the lightest cluster take over half of the heaviest where it is dying, one at most: both weigh the mean of their weights, and stand a
 * little to either side of the heaviest. `centers`: Float64Array[k·d], `weights`: Float64Array[k]; both changed. Cost: O(k + d).
 * Source: Apache Spark, StreamingKMeans (1.2, 2014).
 */
export function splitHeaviestForDying(centers: Float64Array, weights: Float64Array, d: number): void {
  let heaviest = 0;
  let lightest = 0;
  for (let j = 1; j < weights.length; j++) {
    if (weights[j]! > weights[heaviest]!) heaviest = j;
    if (weights[j]! < weights[lightest]!) lightest = j;
  }
  const most = weights[heaviest]!;
  const least = weights[lightest]!;
  if (!(least < DYING_SHARE * most)) return;
  weights[heaviest] = weights[lightest] = (most + least) / 2;
  for (let f = 0; f < d; f++) {
    const x = centers[heaviest * d + f]!;
    const apart = SPLIT_DISTANCE * Math.max(Math.abs(x), 1);
    centers[heaviest * d + f] = x + apart;
    centers[lightest * d + f] = x - apart;
  }
}
