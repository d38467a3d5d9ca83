import { Curvature } from './curvature.ts';
import { dot } from './linear.ts';

/** A smooth function: gives its value at `x`, and writes its gradient there. Both Float64Array[p]; `x` is not changed. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  readonly maxIter: number;
  /** How small the gradient has to become, as a share of the value; and how little the value has to fall, as a share of the first. */
  readonly tol: number;
  /** Float64Array[p]: λ of each |x|, added to the objective (OWL-QN). Absent: none (L-BFGS). */
  readonly l1?: Float64Array | undefined;
}

export interface Minimum {
  readonly x: Float64Array;
  /** The objective there, with the sum of λ·|x|. */
  readonly value: number;
  readonly iterations: number;
}

/** Over how many steps the value has to stay for the search to end. */
const STILL_STEPS = 20;
const MOST_TRIALS = 40;
/** Share of the promised fall that a step has to bring, and share of the slope that may be left (weak Wolfe conditions). */
const SUFFICIENT = 1e-4;
const CURVATURE = 0.9;

/**
 * Finds a minimum by L-BFGS; with `l1`, by OWL-QN, which keeps each step in one orthant.
 *
 * Ends where |gradient| ≤ max(tol · |value|, 1e-8), where the value fell by less than tol · |first value| in 20 steps, where no step leads
 * further down, or after `maxIter`. `start`: Float64Array[p], not changed. Cost: O(p) a step besides the objective's.
 * Source: Nocedal, Updating Quasi-Newton Matrices with Limited Storage, 1980; Andrew and Gao, Scalable Training of L1-Regularized
 * Log-Linear Models, 2007; the rules for ending are those of Breeze, which Spark uses.
 */
export function minimise(objective: Objective, start: Float64Array, { maxIter, tol, l1 }: MinimiseOptions): Minimum {
  const history = new Curvature();
  let at = pointAt(objective, start.slice(), l1);
  const first = at.value;
  const values = [first];
  let iterations = 0;
  while (iterations < maxIter && !isFlat(at, tol)) {
    const direction = downhill(history, at, l1);
    const step = iterations === 0 ? 1 / Math.max(1, norm(at.slope)) : 1;
    const next = l1 ? stepInOrthant(objective, at, direction, step, l1) : stepOnLine(objective, at, direction, step);
    if (next === undefined) {
      if (history.isEmpty) break;
      history.clear(); // what was remembered may mislead: once more along the gradient
      continue;
    }
    history.add(at, next);
    at = next;
    iterations++;
    values.push(at.value);
    if (values.length > STILL_STEPS) values.shift();
    if (Math.max(...values) - at.value <= tol * Math.abs(first)) break;
  }
  return { x: at.x, value: at.value, iterations };
}

interface Point {
  readonly x: Float64Array;
  readonly value: number;
  /** Of the smooth part. */
  readonly gradient: Float64Array;
  /** The gradient with that of the λ·|x|; where x is 0, of its steepest side. */
  readonly slope: Float64Array;
}

function pointAt(objective: Objective, x: Float64Array, l1: Float64Array | undefined): Point {
  const gradient = new Float64Array(x.length);
  const smooth = objective(x, gradient);
  if (l1 === undefined) return { x, value: smooth, gradient, slope: gradient };
  let value = smooth;
  const slope = gradient.map((g, j) => {
    const penalty = l1[j]!;
    value += penalty * Math.abs(x[j]!);
    if (x[j] !== 0) return g + penalty * Math.sign(x[j]!);
    return g + penalty < 0 ? g + penalty : g - penalty > 0 ? g - penalty : 0;
  });
  return { x, value, gradient, slope };
}

function isFlat({ value, slope }: Point, tol: number): boolean {
  return norm(slope) <= Math.max(tol * Math.abs(value), 1e-8);
}

function downhill(history: Curvature, { slope }: Point, l1: Float64Array | undefined): Float64Array {
  const direction = history.times(slope).map((each) => -each);
  if (l1 === undefined) return direction;
  return direction.map((each, j) => (each * slope[j]! < 0 ? each : 0));
}

/** A point along the direction that meets the weak Wolfe conditions, by bisection; undefined where there is none. */
function stepOnLine(objective: Objective, from: Point, direction: Float64Array, first: number): Point | undefined {
  const fall = dot(from.slope, direction);
  if (!(fall < 0)) return undefined;
  let [near, far, step] = [0, Number.POSITIVE_INFINITY, first];
  let lower: Point | undefined;
  for (let trial = 0; trial < MOST_TRIALS; trial++) {
    const point = pointAt(
      objective,
      from.x.map((each, j) => each + step * direction[j]!),
      undefined,
    );
    if (!(point.value <= from.value + SUFFICIENT * step * fall)) far = step;
    else if (dot(point.gradient, direction) < CURVATURE * fall) {
      near = step;
      lower = point;
    } else return point;
    step = far === Number.POSITIVE_INFINITY ? 2 * near : (near + far) / 2;
  }
  return lower;
}

/** A lower point along the direction, of which what would change its sign becomes 0; undefined where there is none. */
function stepInOrthant(
  objective: Objective,
  from: Point,
  direction: Float64Array,
  first: number,
  l1: Float64Array,
): Point | undefined {
  const orthant = from.x.map((each, j) => Math.sign(each !== 0 ? each : -from.slope[j]!));
  for (let trial = 0, step = first; trial < MOST_TRIALS; trial++, step /= 2) {
    const x = from.x.map((each, j) => {
      const moved = each + step * direction[j]!;
      return l1[j] === 0 || moved * orthant[j]! > 0 ? moved : 0;
    });
    const point = pointAt(objective, x, l1);
    let fall = 0;
    for (let j = 0; j < x.length; j++) fall += from.slope[j]! * (x[j]! - from.x[j]!);
    if (fall < 0 && point.value <= from.value + SUFFICIENT * fall) return point;
  }
  return undefined;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
