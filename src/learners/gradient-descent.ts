import { seededRandom } from '../host/random.ts';
import { DescentRows } from '../numeric/descent-rows.ts';
import { distanceBetween, dot, type Link, sumOf } from '../numeric/linear.ts';
import { rowsWhere } from '../numeric/rows-where.ts';

/** Weights and an intercept at one moment. */
export interface LinearWeights {
  /** Float64Array[d]. */
  readonly weights: Float64Array;
  readonly intercept: number;
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
  /** `identity` fits a line, by half the squared error; `logistic` a border, by the logistic loss. */
  readonly link: Link;
}

/** The first seed of the rows that a step draws; step i draws with this plus i. */
const SAMPLING_SEED = 42;

/**
 * Fits weights to rows by mini-batch gradient descent, as Spark's `GradientDescent.runMiniBatchSGD`.
 *
 * For i = stepsBefore + 1 …, over the rows S that the step draws, with η_i = η/√i and slope = link(w·x + b) − y:
 *
 *     g = Σ_S weight · slope · x / Σ_S weight
 *     v = (1 − η_i·λ₂)·w − η_i·g                  w ← sign(v) · max(0, |v| − η_i·λ₁)
 *
 * The intercept takes the same step, unpenalised. Ends early once two steps differ by less than convergenceTol · max(‖w‖, 1),
 * after the second at the soonest. A step that draws no weight changes nothing.
 *
 * Gives the weights at the end, and how many steps there have been in all. Cost: O(n · d) a step.
 * Source: Apache Spark, GradientDescent and Updater (1.0, 2014).
 */
export function gradientDescent(
  rows: DescentRows,
  start: LinearWeights,
  options: DescentOptions,
): { readonly end: LinearWeights; readonly steps: number } {
  const { stepsBefore, numIterations, miniBatchFraction } = options;
  let at = start;
  for (let i = stepsBefore + 1; i <= stepsBefore + numIterations; i++) {
    const drawn = sample(rows, miniBatchFraction, SAMPLING_SEED + i);
    const total = drawn.weights === undefined ? drawn.labels.length : sumOf(drawn.weights);
    if (total === 0) continue;
    const before = at;
    at = step(drawn, total, options.stepSize / Math.sqrt(i), before, options);
    if (before !== start && hasConverged(before, at, options)) return { end: at, steps: i };
  }
  return { end: at, steps: stepsBefore + numIterations };
}

function step(
  rows: DescentRows,
  total: number,
  eta: number,
  { weights, intercept }: LinearWeights,
  { l1, l2, fitIntercept, link }: DescentOptions,
): LinearWeights {
  const sums = rows.gradientSums(weights, intercept, link);
  const shrink = 1 - eta * l2;
  const moved = weights.map((w, f) => shrink * w - eta * (sums[f]! / total));
  if (l1 > 0) for (let f = 0; f < moved.length; f++) moved[f] = softThreshold(moved[f]!, eta * l1);
  return { weights: moved, intercept: fitIntercept ? intercept - eta * (sums[weights.length]! / total) : intercept };
}

function softThreshold(value: number, by: number): number {
  return Math.sign(value) * Math.max(0, Math.abs(value) - by);
}

function hasConverged(before: LinearWeights, after: LinearWeights, options: DescentOptions): boolean {
  const moved = Math.hypot(distanceBetween(before.weights, after.weights), before.intercept - after.intercept);
  const length = Math.hypot(Math.sqrt(dot(after.weights, after.weights)), options.fitIntercept ? after.intercept : 0);
  return moved < options.convergenceTol * Math.max(length, 1);
}

/** The rows that a step draws. */
function sample(rows: DescentRows, fraction: number, seed: number): DescentRows {
  if (fraction === 1) return rows;
  const random = seededRandom(seed);
  return new DescentRows(rowsWhere(rows, () => random.next() < fraction));
}
