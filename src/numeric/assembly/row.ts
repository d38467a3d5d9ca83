// AssemblyScript, compiled to WebAssembly: what the kernels share that go row by row.
// x: d columns of f64, `stride` bytes apart. The inputs of a row lie side by side at `row`: its d features, and a 1 where m = d + 1.
// Two inputs are worked on at once: whatever has m values has room for one more where m is odd.

/** JavaScript's own, so that the numbers are the same as those of a plain loop. */
export declare function exp(x: f64): f64;
export declare function log(x: f64): f64;
export declare function pow(x: f64, y: f64): f64;

/** Puts the inputs of the row that begins at `x` side by side. */
export function gather(x: usize, d: i32, stride: usize, m: i32, row: usize): void {
  let to = row;
  for (const end = row + ((<usize>d) << 3); to < end; to += 8) {
    store<f64>(to, load<f64>(x));
    x += stride;
  }
  if (m > d) {
    store<f64>(to, 1);
    to += 8;
  }
  if ((m & 1) !== 0) store<f64>(to, 0);
}

/** Bytes that m values take, and the one beside them. */
export function bytesOf(m: i32): usize {
  return (<usize>((m + 1) & ~1)) << 3;
}

/** Σ_j a[j] · b[j], from the first to the last. */
export function dot(a: usize, b: usize, m: i32): f64 {
  let sum: f64 = 0;
  for (const end = a + ((<usize>m) << 3); a < end; a += 8) {
    sum += load<f64>(a) * load<f64>(b);
    b += 8;
  }
  return sum;
}

/** into[j] += factor · from[j]. */
export function addTimes(factor: f64, from: usize, into: usize, m: i32): void {
  const each = f64x2.splat(factor);
  const end = bytesOf(m);
  for (let j: usize = 0; j < end; j += 16) {
    v128.store(into + j, f64x2.add(v128.load(into + j), f64x2.mul(each, v128.load(from + j))));
  }
}

/** The weight of a row; 1 where `weights` is 0. */
export function weightAt(weights: usize, at: usize): f64 {
  return weights === 0 ? 1 : load<f64>(weights + at);
}

/** 1 / (1 + e^−m), without overflow. */
export function sigmoid(m: f64): f64 {
  if (m >= 0) return 1 / (1 + exp(-m));
  const e = exp(m);
  return e / (1 + e);
}
