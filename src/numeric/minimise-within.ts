import { Curvature } from './curvature.ts';
import { dot } from './linear.ts';
import type { Minimum, Objective } from './minimise.ts';

/** Each Float64Array[p], lower ≤ upper; infinite where there is no bound. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** The gradient, 0 where it pushes against a bound that x has come to. */
  readonly slope: Float64Array;
}

const STILL_STEPS = 20;
const MOST_TRIALS = 40;
/** Share of the promised fall that a step has to bring. */
const SUFFICIENT = 1e-4;

/**
 * Finds a minimum of a smooth function where lower ≤ x ≤ upper: by steps of L-BFGS along what is free to move, each cut off at the bounds.
 * Ends as `minimise` does, the gradient without what pushes against a bound.
 *
 * `start`: Float64Array[p], not changed. Cost: O(p) a step besides the objective's. Source: Bertsekas, Projected Newton Methods for
 * Optimization Problems with Simple Constraints, 1982.
 */
export function minimiseWithin(
  objective: Objective,
  start: Float64Array,
  bounds: Bounds,
  { maxIter, tol }: { readonly maxIter: number; readonly tol: number },
): Minimum {
  const history = new Curvature();
  let at = pointAt(objective, start, bounds);
  const values = [at.value];
  const first = Math.abs(at.value);
  let iterations = 0;
  while (iterations < maxIter && norm(at.slope) > Math.max(tol * Math.abs(at.value), 1e-8)) {
    const next = stepFrom(objective, at, history, bounds, iterations === 0);
    if (next === undefined) {
      if (history.isEmpty) break;
      history.clear(); // what was remembered may mislead: once more along the slope
      continue;
    }
    const moved = { x: next.x, gradient: next.gradient.map((each, j) => (at.slope[j] === 0 ? at.gradient[j]! : each)) };
    history.add(at, moved);
    at = next;
    iterations++;
    values.push(at.value);
    if (values.length > STILL_STEPS) values.shift();
    if (Math.max(...values) - at.value <= tol * first) break;
  }
  return { x: at.x, value: at.value, iterations };
}

/** The nearest place inside the bounds. */
export function clipped(x: Float64Array, { lower, upper }: Bounds): Float64Array {
  return x.map((each, j) => Math.min(Math.max(each, lower[j]!), upper[j]!));
}

function pointAt(objective: Objective, wanted: Float64Array, bounds: Bounds): Point {
  const { lower, upper } = bounds;
  const x = clipped(wanted, bounds);
  const gradient = new Float64Array(x.length);
  const value = objective(x, gradient);
  const isHeld = (g: number, j: number) => (x[j]! <= lower[j]! && g > 0) || (x[j]! >= upper[j]! && g < 0);
  return { x, value, gradient, slope: gradient.map((g, j) => (isHeld(g, j) ? 0 : g)) };
}

/** A point that is low enough, on the way downhill; undefined where there is none. */
function stepFrom(
  objective: Objective,
  from: Point,
  history: Curvature,
  bounds: Bounds,
  isFirst: boolean,
): Point | undefined {
  const { slope } = from;
  const direction = history.times(slope).map((each, j) => (slope[j] === 0 ? 0 : -each));
  if (!(dot(direction, slope) < 0)) return undefined;
  let step = isFirst ? 1 / Math.max(1, norm(slope)) : 1;
  for (let trial = 0; trial < MOST_TRIALS; trial++, step /= 2) {
    const point = pointAt(
      objective,
      from.x.map((each, j) => each + step * direction[j]!),
      bounds,
    );
    let fall = 0;
    for (let j = 0; j < slope.length; j++) fall += from.gradient[j]! * (point.x[j]! - from.x[j]!);
    if (fall < 0 && point.value <= from.value + SUFFICIENT * fall) return point;
  }
  return undefined;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
