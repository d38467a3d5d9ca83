import { sumOf } from './linear.ts';
import { crossProducts } from './normal-equations.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** A normal distribution of d numbers. */
export interface Gaussian {
  /** Float64Array[d]. */
  readonly mean: Float64Array;
  /** Float64Array[d·d], symmetric. */
  readonly covariance: Float64Array;
}

export interface Mixture {
  readonly weights: Float64Array;
  readonly gaussians: readonly Gaussian[];
}

/** Added to every density, so that a row far from all belongs to all alike. */
const EPSILON = 2 ** -52;

/**
 * Fits a mixture by expectation and maximisation, from `start`, until the log-likelihood changes by at most `tol`.
 * `columns`: d Float64Array[n]; `weights`: Float64Array[n], 1 each where absent. Cost: O(n · k · d²) a step.
 * Source: Dempster, Laird and Rubin, Maximum Likelihood from Incomplete Data via the EM Algorithm, 1977; Apache Spark, GaussianMixture.
 */
export function fitMixture(
  columns: readonly Float64Array[],
  rowWeights: Float64Array | undefined,
  start: Mixture,
  { maxIter, tol }: { readonly maxIter: number; readonly tol: number },
): Mixture {
  const rows = columns[0]?.length ?? 0;
  const none = new Float64Array(rows);
  let mixture = start;
  let before = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < maxIter; step++) {
    const { shares, logLikelihood } = sharesOfRows(columns, rows, mixture, rowWeights);
    const total = rowWeights === undefined ? rows : sumOf(rowWeights);
    const weights = Float64Array.from(shares, (share) => sumOf(share) / total);
    const gaussians = shares.map((share): Gaussian => {
      const weight = sumOf(share);
      const mean = Float64Array.from(
        columns,
        (column) => column.reduce((sum, x, i) => sum + share[i]! * x, 0) / weight,
      );
      const { gram } = crossProducts({ rows, columns }, none, share, mean, 0);
      return { mean, covariance: gram.map((each) => each / weight) };
    });
    mixture = { weights, gaussians };
    if (Math.abs(logLikelihood - before) <= tol) break;
    before = logLikelihood;
  }
  return mixture;
}

/** How likely each row is of each of k distributions: k Float64Array[n], which add up to 1. */
export function mixtureProbabilities(columns: readonly Float64Array[], rows: number, mixture: Mixture): Float64Array[] {
  return sharesOfRows(columns, rows, mixture, undefined).shares;
}

/** As `mixtureProbabilities`, times the row's weight. */
function sharesOfRows(
  columns: readonly Float64Array[],
  rows: number,
  { weights, gaussians }: Mixture,
  rowWeights: Float64Array | undefined,
): { shares: Float64Array[]; logLikelihood: number } {
  const shares = gaussians.map((gaussian, c) => {
    const density = densities(columns, rows, gaussian);
    for (let i = 0; i < rows; i++) density[i] = EPSILON + weights[c]! * density[i]!;
    return density;
  });
  let logLikelihood = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (const share of shares) sum += share[i]!;
    const weight = rowWeights?.[i] ?? 1;
    logLikelihood += weight * Math.log(sum);
    for (const share of shares) share[i] = (weight * share[i]!) / sum;
  }
  return { shares, logLikelihood };
}

/** The density at each row. Directions in which the distribution does not spread are left out, as by a pseudo-inverse. */
function densities(columns: readonly Float64Array[], rows: number, { mean, covariance }: Gaussian): Float64Array {
  const d = mean.length;
  const { values, vectors } = symmetricEigen(covariance, d, 'GaussianMixture');
  const least = EPSILON * Math.max(0, ...values) * d;
  const distances = new Float64Array(rows);
  let logDeterminant = 0;
  const along = new Float64Array(rows);
  for (let e = 0; e < d; e++) {
    if (!(values[e]! > least)) continue;
    logDeterminant += Math.log(values[e]!);
    along.fill(0);
    for (let j = 0; j < d; j++) {
      const [column, factor, center] = [columns[j]!, vectors[e]![j]!, mean[j]!];
      for (let i = 0; i < rows; i++) along[i] = along[i]! + factor * (column[i]! - center);
    }
    for (let i = 0; i < rows; i++) distances[i] = distances[i]! + (along[i]! * along[i]!) / values[e]!;
  }
  const constant = d * Math.log(2 * Math.PI) + logDeterminant;
  return distances.map((distance) => Math.exp(-0.5 * (constant + distance)));
}
