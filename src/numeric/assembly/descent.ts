// AssemblyScript, compiled to WebAssembly; `../row-descent.ts` calls it and says what it computes.
// Rows and their inputs as in `row.ts`. `penalties`: f64[m], the l2 of each input. Optimizers: 0 sgd, 1 adaGrad, 2 adam.
import { bytesOf, dot, exp, gather, log, pow, sigmoid, weightAt } from './row.ts';

/** Adam's forgetting of means and of squares. */
const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
/** From so many steps on, 1 less a power of them is 1, rounded. */
const SETTLED_1: f64 = 400;
const SETTLED_2: f64 = 40_000;

/**
 * One step of w (f64[m]) for each row, in order, against the slope of its loss: 0 squared, 1 absolute, 2 logistic, 3 hinge. A row of
 * weight 0 is passed over. Each row's margin before its step goes into `margins`.
 */
export function descend(
  n: i32,
  d: i32,
  m: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  loss: i32,
  optimizer: i32,
  stepSize: f64,
  penalties: usize,
  w: usize,
  squares: usize,
  means: usize,
  steps: usize,
  row: usize,
  margins: usize,
): void {
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weightAt(weights, at);
    if (weight === 0) continue;
    gather(x + at, d, stride, m, row);
    const margin = dot(w, row, m);
    store<f64>(margins + at, margin);
    const slope = weight * slopeOf(loss, margin, load<f64>(labels + at));
    const t = load<f64>(steps) + 1;
    store<f64>(steps, t);
    step(optimizer, m, row, slope, stepSize, penalties, w, squares, means, t);
  }
}

/**
 * As `descend`, of k classes, whose weights follow on each other: one step of each against the slope of −ln P(label). That loss goes into
 * `losses`; `classes`: f64[k], for the margins of a row.
 */
export function descendSoftmax(
  n: i32,
  d: i32,
  m: i32,
  k: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  optimizer: i32,
  stepSize: f64,
  penalties: usize,
  w: usize,
  squares: usize,
  means: usize,
  steps: usize,
  row: usize,
  classes: usize,
  losses: usize,
): void {
  const last = classes + ((<usize>k) << 3);
  const width = bytesOf(m);
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weightAt(weights, at);
    if (weight === 0) continue;
    gather(x + at, d, stride, m, row);
    let largest = -Infinity;
    let ofClass = w;
    for (let each = classes; each < last; each += 8) {
      const margin = dot(ofClass, row, m);
      store<f64>(each, margin);
      if (margin > largest) largest = margin;
      ofClass += width;
    }
    const label = classes + ((<usize>load<f64>(labels + at)) << 3);
    const right = load<f64>(label);
    let sum: f64 = 0;
    for (let each = classes; each < last; each += 8) {
      const e = exp(load<f64>(each) - largest);
      store<f64>(each, e);
      sum += e;
    }
    store<f64>(losses + at, largest + log(sum) - right);
    const t = load<f64>(steps) + 1;
    store<f64>(steps, t);
    let moved: usize = 0;
    for (let each = classes; each < last; each += 8) {
      const slope = weight * (load<f64>(each) / sum - (each === label ? 1 : 0));
      step(optimizer, m, row, slope, stepSize, penalties, w + moved, squares + moved, means + moved, t);
      moved += width;
    }
  }
}

/** Steps m weights against g = slope · row + penalty · w, the t-th step. */
function step(
  optimizer: i32,
  m: i32,
  row: usize,
  slope: f64,
  stepSize: f64,
  penalties: usize,
  w: usize,
  squares: usize,
  means: usize,
  t: f64,
): void {
  const end = bytesOf(m);
  const slopes = f64x2.splat(slope);
  const size = f64x2.splat(stepSize);
  const epsilon = f64x2.splat(EPSILON);
  if (optimizer === 0) {
    for (let j: usize = 0; j < end; j += 16) {
      const g = gradient(slopes, row + j, penalties + j, w + j);
      v128.store(w + j, f64x2.sub(v128.load(w + j), f64x2.mul(size, g)));
    }
  } else if (optimizer === 1) {
    for (let j: usize = 0; j < end; j += 16) {
      const g = gradient(slopes, row + j, penalties + j, w + j);
      const s = f64x2.add(v128.load(squares + j), f64x2.mul(g, g));
      v128.store(squares + j, s);
      const by = f64x2.div(f64x2.mul(size, g), f64x2.add(f64x2.sqrt(s), epsilon));
      v128.store(w + j, f64x2.sub(v128.load(w + j), by));
    }
  } else {
    const toMean = f64x2.splat(t < SETTLED_1 ? 1 / (1 - pow(BETA_1, t)) : 1);
    const toSquare = f64x2.splat(t < SETTLED_2 ? 1 / (1 - pow(BETA_2, t)) : 1);
    for (let j: usize = 0; j < end; j += 16) {
      const g = gradient(slopes, row + j, penalties + j, w + j);
      const mean = f64x2.add(
        f64x2.mul(f64x2.splat(BETA_1), v128.load(means + j)),
        f64x2.mul(f64x2.splat(1 - BETA_1), g),
      );
      const s = f64x2.add(
        f64x2.mul(f64x2.splat(BETA_2), v128.load(squares + j)),
        f64x2.mul(f64x2.mul(f64x2.splat(1 - BETA_2), g), g),
      );
      v128.store(means + j, mean);
      v128.store(squares + j, s);
      const root = f64x2.sqrt(f64x2.mul(s, toSquare));
      const by = f64x2.div(f64x2.mul(f64x2.mul(size, mean), toMean), f64x2.add(root, epsilon));
      v128.store(w + j, f64x2.sub(v128.load(w + j), by));
    }
  }
}

function gradient(slopes: v128, row: usize, penalties: usize, w: usize): v128 {
  return f64x2.add(f64x2.mul(slopes, v128.load(row)), f64x2.mul(v128.load(penalties), v128.load(w)));
}

function slopeOf(loss: i32, m: f64, y: f64): f64 {
  if (loss === 0) return 2 * (m - y);
  if (loss === 1) return m > y ? 1 : m < y ? -1 : m - y;
  if (loss === 2) return sigmoid(m) - y;
  const sign: f64 = y === 1 ? 1 : -1;
  return sign * m < 1 ? -sign : 0;
}
