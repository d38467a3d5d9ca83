/**
 * What is known of a few features in each of K classes: Float64Array[K·m·4], class after class, and for each feature its mean, its
 * squares Σ (x − mean)², its least and its greatest value. The weight of each class is kept beside it.
 */
export const MOMENTS_A_FEATURE = 4;

const TWO_PI = 2 * Math.PI;
/** A product of variances is brought to its logarithm before it leaves these bounds. */
const LARGE = 1e100;
const SMALL = 1e-100;

/** A row of a class, and how many rows it counts as. */
export interface ClassRow {
  readonly x: Float64Array;
  readonly label: number;
  readonly weight: number;
}

/** Takes in a row; `counts` has its weight already. Cost: O(m), no allocation. */
export function addToMoments(
  moments: Float64Array,
  features: Int32Array,
  counts: Float64Array,
  { x, label, weight }: ClassRow,
): void {
  const m = features.length;
  const n = counts[label]!;
  const share = weight / n;
  const first = n === weight;
  for (let j = 0, at = label * m * MOMENTS_A_FEATURE; j < m; j++, at += MOMENTS_A_FEATURE) {
    const value = x[features[j]!]!;
    const mean = moments[at]!;
    const apart = value - mean;
    const moved = mean + share * apart;
    moments[at] = moved;
    moments[at + 1] = moments[at + 1]! + weight * apart * (value - moved);
    if (first || value < moments[at + 2]!) moments[at + 2] = value;
    if (first || value > moments[at + 3]!) moments[at + 3] = value;
  }
}

/**
 * Adds Σ_j ln N(x_j; mean_kj, squares_kj / (n − 1)) to what is in `logs`, Float64Array[K], of each class whose weight n is above 1. A feature
 * that was always the same counts as certain: 0 for that value, −∞ for any other. Cost: O(K · m), hardly any logarithm, no allocation.
 */
export function addLogLikelihoods(
  moments: Float64Array,
  features: Int32Array,
  counts: Float64Array,
  x: Float64Array,
  logs: Float64Array,
): void {
  const m = features.length;
  for (let k = 0; k < counts.length; k++) {
    if (!(counts[k]! > 1)) continue;
    const inverse = 1 / (counts[k]! - 1);
    let sum = 0;
    let ofProducts = 0;
    let product = 1;
    for (let j = 0, at = k * m * MOMENTS_A_FEATURE; j < m; j++, at += MOMENTS_A_FEATURE) {
      const apart = x[features[j]!]! - moments[at]!;
      const variance = moments[at + 1]! * inverse;
      if (variance === 0) {
        if (apart === 0) continue;
        sum = Number.POSITIVE_INFINITY;
        break;
      }
      sum += (apart * apart) / variance;
      product *= TWO_PI * variance;
      if (product > LARGE || product < SMALL) {
        ofProducts += Math.log(product);
        product = 1;
      }
    }
    logs[k] = logs[k]! - (sum + ofProducts + Math.log(product)) / 2;
  }
}
