// AssemblyScript, compiled to WebAssembly; `../least-squares-by-rows.ts` calls it and says what it computes.
// Rows and their inputs as in `row.ts`. covariance: m rows of f64[m], each with room for one more where m is odd.
import { addTimes, bytesOf, dot, gather, weightAt } from './row.ts';

/** Learns each row, in order, in w and spread (f64[m]) and in the covariance. Row weights of 0 are passed over; errors go into `errors`. */
export function leastSquares(
  n: i32,
  d: i32,
  m: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  factor: f64,
  mostTrace: f64,
  w: usize,
  covariance: usize,
  row: usize,
  spread: usize,
  errors: usize,
): void {
  const width = bytesOf(m);
  const values = (<usize>m) << 3;
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weightAt(weights, at);
    if (weight === 0) continue;
    gather(x + at, d, stride, m, row);
    memory.fill(spread, 0, width);
    for (let i: usize = 0; i < values; i += 8) addTimes(load<f64>(row + i), covariance + (i >> 3) * width, spread, m);
    const inverse = 1 / (factor / weight + dot(row, spread, m));
    const error = load<f64>(labels + at) - dot(w, row, m);
    store<f64>(errors + at, error);
    addTimes(inverse * error, spread, w, m);
    const trace = shrink(m, spread, inverse, 1 / factor, covariance);
    if (trace > mostTrace) scale(m, mostTrace / trace, covariance);
  }
}

/** P ← (P − spread · spreadᵀ · inverse) · stretch, exactly symmetric; gives its trace. */
function shrink(m: i32, spread: usize, inverse: f64, stretch: f64, covariance: usize): f64 {
  const width = bytesOf(m);
  const inverses = f64x2.splat(inverse);
  const stretches = f64x2.splat(stretch);
  let trace: f64 = 0;
  let to = covariance;
  for (let i: usize = 0; i < (<usize>m) << 3; i += 8) {
    const each = v128.load64_splat(spread + i);
    for (let j: usize = 0; j < width; j += 16) {
      const product = f64x2.mul(f64x2.mul(each, v128.load(spread + j)), inverses);
      v128.store(to + j, f64x2.mul(f64x2.sub(v128.load(to + j), product), stretches));
    }
    trace += load<f64>(to + i);
    to += width;
  }
  return trace;
}

function scale(m: i32, by: f64, covariance: usize): void {
  const end = covariance + <usize>m * bytesOf(m);
  for (let at = covariance; at < end; at += 16) v128.store(at, f64x2.mul(v128.load(at), f64x2.splat(by)));
}
