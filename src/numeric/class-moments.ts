/**
 * What is known of a few features in each of K classes: Float64Array[K·m·4], class after class, and for each feature its mean, its
 * squares Σ (x − mean)², its least and its greatest value. The weight of each class is kept beside it.
 */
export const MOMENTS_A_FEATURE = 4;

const TWO_PI = 2 * Math.PI;
/** A product of variances is brought to its logarithm before it leaves these bounds. */
const LARGE = 1e100;
const SMALL = 1e-100;

/** Takes in a row `x` of class `k`; `n` is the weight of the class, with the row's own `weight`. Cost: O(m). */
export function addToMoments(
  moments: Float64Array,
  features: Int32Array,
  k: number,
  x: Float64Array,
  n: number,
  weight: number,
): void {
  const m = features.length;
  const share = weight / n;
  const first = n === weight;
  for (let j = 0, at = k * m * MOMENTS_A_FEATURE; j < m; j++, at += MOMENTS_A_FEATURE) {
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
 * Σ_j ln N(x_j; mean_kj, squares_kj / (n − 1)) of class `k`, whose weight `n` is above 1. A feature that was always the same counts
 * as certain: 0 for that value, −∞ for any other. Cost: O(m), hardly any logarithm.
 */
export function logLikelihood(
  moments: Float64Array,
  features: Int32Array,
  k: number,
  x: Float64Array,
  n: number,
): number {
  const m = features.length;
  const inverse = 1 / (n - 1);
  let sum = 0;
  let logs = 0;
  let product = 1;
  for (let j = 0, at = k * m * MOMENTS_A_FEATURE; j < m; j++, at += MOMENTS_A_FEATURE) {
    const apart = x[features[j]!]! - moments[at]!;
    const variance = moments[at + 1]! * inverse;
    if (variance === 0) {
      if (apart !== 0) return Number.NEGATIVE_INFINITY;
      continue;
    }
    sum += (apart * apart) / variance;
    product *= TWO_PI * variance;
    if (product > LARGE || product < SMALL) {
      logs += Math.log(product);
      product = 1;
    }
  }
  return -(sum + logs + Math.log(product)) / 2;
}
