// AssemblyScript, compiled to WebAssembly; `../proximal-descent.ts` calls it and says what it computes.
// Rows and their inputs as in `row.ts`. z, squares, w, l1, l2: f64[m].
import { bytesOf, dot, gather, sigmoid, weightAt } from './row.ts';

/** One step for each row, in order, against the slope of the logistic loss. A row of weight 0 is passed over. */
export function followProximally(
  n: i32,
  d: i32,
  m: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  alpha: f64,
  beta: f64,
  l1: usize,
  l2: usize,
  w: usize,
  z: usize,
  squares: usize,
  row: usize,
  margins: usize,
): void {
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weightAt(weights, at);
    if (weight === 0) continue;
    gather(x + at, d, stride, m, row);
    const margin = dot(w, row, m);
    store<f64>(margins + at, margin);
    stepProximally(m, row, weight * (sigmoid(margin) - load<f64>(labels + at)), alpha, beta, l1, l2, w, z, squares);
  }
}

/** One step along g = slope · row; an input without a gradient stays as it is. */
export function stepProximally(
  m: i32,
  row: usize,
  slope: f64,
  alpha: f64,
  beta: f64,
  l1: usize,
  l2: usize,
  w: usize,
  z: usize,
  squares: usize,
): void {
  const end = bytesOf(m);
  for (let j: usize = 0; j < end; j += 16) {
    const g = f64x2.mul(f64x2.splat(slope), v128.load(row + j));
    const none = f64x2.eq(g, f64x2.splat(0));
    const before = v128.load(squares + j);
    const after = f64x2.add(before, f64x2.mul(g, g));
    const root = f64x2.sqrt(after);
    const pull = f64x2.mul(f64x2.div(f64x2.sub(root, f64x2.sqrt(before)), f64x2.splat(alpha)), v128.load(w + j));
    const moved = f64x2.sub(f64x2.add(v128.load(z + j), g), pull);
    const least = v128.load(l1 + j);
    const signed = v128.or(least, v128.and(moved, f64x2.splat(-0)));
    const scale = f64x2.add(f64x2.div(f64x2.add(f64x2.splat(beta), root), f64x2.splat(alpha)), v128.load(l2 + j));
    const weight = f64x2.div(f64x2.neg(f64x2.sub(moved, signed)), scale);
    const kept = v128.andnot(weight, f64x2.le(f64x2.abs(moved), least));
    v128.store(z + j, v128.bitselect(v128.load(z + j), moved, none));
    v128.store(squares + j, after);
    v128.store(w + j, v128.bitselect(v128.load(w + j), kept, none));
  }
}
