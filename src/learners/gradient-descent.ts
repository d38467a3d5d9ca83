import { seededRandom } from '../host/random.ts';
import { distanceBetween, dot, linearPredictions, sumOf } from '../numeric/linear.ts';

/** Weights and an intercept at one moment. */
export interface LinearWeights {
  /** Float64Array[d]. */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/** n rows to fit. */
export interface DescentRows {
  /** d columns, each a Float64Array[n]. */
  readonly columns: readonly Float64Array[];
  /** Float64Array[n]. */
  readonly labels: Float64Array;
  /** Float64Array[n], or undefined where every row weighs 1. */
  readonly weights: Float64Array | undefined;
}

export interface DescentOptions {
  /** η > 0. */
  readonly stepSize: number;
  /** How many steps at most. */
  readonly numIterations: number;
  /** How many steps went before; the first one now is this plus 1. */
  readonly stepsBefore: number;
  /** Share of the rows that a step draws, in (0, 1]. */
  readonly miniBatchFraction: number;
  /** λ₁ ≥ 0. */
  readonly l1: number;
  /** λ₂ ≥ 0. */
  readonly l2: number;
  readonly convergenceTol: number;
  readonly fitIntercept: boolean;
  /** Turns margins w·x + b into the derivative of each row's loss by its margin, in place. */
  readonly toSlopes: (margins: Float64Array, labels: Float64Array) => void;
}

/** The first seed of the rows that a step draws; step i draws with this plus i. */
const SAMPLING_SEED = 42;

/**
 * Fits weights to rows by mini-batch gradient descent, as Spark's `GradientDescent.runMiniBatchSGD`.
 *
 * For i = stepsBefore + 1 …, over the rows S that the step draws, with η_i = η/√i and slope = ∂loss/∂margin:
 *
 *     g = Σ_S weight · slope · x / Σ_S weight
 *     v = (1 − η_i·λ₂)·w − η_i·g                  w ← sign(v) · max(0, |v| − η_i·λ₁)
 *
 * The intercept takes the same step, unpenalised. Ends early once two steps differ by less than convergenceTol · max(‖w‖, 1),
 * after the second at the soonest. A step that draws no weight changes nothing.
 *
 * `margins`: Float64Array[n], those of `start`; overwritten. Gives the weights at the end, and how many steps there have been
 * in all. Cost: O(n · d) a step. Source: Apache Spark, GradientDescent and Updater (1.0, 2014).
 */
export function gradientDescent(
  rows: DescentRows,
  start: LinearWeights,
  margins: Float64Array,
  options: DescentOptions,
): { readonly end: LinearWeights; readonly steps: number } {
  const { columns, labels } = rows;
  const { stepsBefore, numIterations } = options;
  let at = start;
  for (let i = stepsBefore + 1; i <= stepsBefore + numIterations; i++) {
    if (i > stepsBefore + 1) linearPredictions(columns, at.weights, at.intercept, margins);
    options.toSlopes(margins, labels);
    const total = keepSample(margins, rows.weights, options.miniBatchFraction, SAMPLING_SEED + i);
    if (total === 0) continue;
    const before = at;
    at = step(columns, margins, total, options.stepSize / Math.sqrt(i), before, options);
    if (before !== start && hasConverged(before, at, options)) return { end: at, steps: i };
  }
  return { end: at, steps: stepsBefore + numIterations };
}

function step(
  columns: readonly Float64Array[],
  slopes: Float64Array,
  total: number,
  eta: number,
  { weights, intercept }: LinearWeights,
  { l1, l2, fitIntercept }: DescentOptions,
): LinearWeights {
  const shrink = 1 - eta * l2;
  const moved = weights.map((w, f) => shrink * w - eta * (dot(slopes, columns[f]!) / total));
  if (l1 > 0) for (let f = 0; f < moved.length; f++) moved[f] = softThreshold(moved[f]!, eta * l1);
  return { weights: moved, intercept: fitIntercept ? intercept - eta * (sumOf(slopes) / total) : intercept };
}

function softThreshold(value: number, by: number): number {
  return Math.sign(value) * Math.max(0, Math.abs(value) - by);
}

function hasConverged(before: LinearWeights, after: LinearWeights, options: DescentOptions): boolean {
  const moved = Math.hypot(distanceBetween(before.weights, after.weights), before.intercept - after.intercept);
  const length = Math.hypot(Math.sqrt(dot(after.weights, after.weights)), options.fitIntercept ? after.intercept : 0);
  return moved < options.convergenceTol * Math.max(length, 1);
}

/** Weighs the slopes, zeroes those of the rows that are not drawn, and gives the weight of those that are. */
function keepSample(slopes: Float64Array, weights: Float64Array | undefined, fraction: number, seed: number): number {
  if (fraction === 1 && weights === undefined) return slopes.length;
  const random = seededRandom(seed);
  let total = 0;
  for (let i = 0; i < slopes.length; i++) {
    const weight = weights?.[i] ?? 1;
    const drawn = weight > 0 && (fraction === 1 || random.next() < fraction) ? weight : 0;
    slopes[i] = slopes[i]! * drawn;
    total += drawn;
  }
  return total;
}
