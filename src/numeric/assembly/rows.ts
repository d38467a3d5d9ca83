// AssemblyScript, compiled to WebAssembly; `../row-descent.ts` and `../standardise.ts` call it and say what it computes.
// x: d columns of f64, `stride` bytes apart.

/** JavaScript's own, so that the numbers are the same as those of a plain loop. */
declare function exp(x: f64): f64;

/**
 * One step of w (f64[d], and the intercept where `intercept`) for each row, in order, against the slope of its loss: 0 squared,
 * 1 absolute, 2 logistic, 3 hinge. A row of weight 0 is passed over. Each row's margin before its step goes into `margins`.
 */
export function descend(
  n: i32,
  d: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  loss: i32,
  stepSize: f64,
  l2: f64,
  intercept: bool,
  w: usize,
  margins: usize,
): void {
  const last = w + ((<usize>d) << 3);
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weights === 0 ? 1 : load<f64>(weights + at);
    if (weight === 0) continue;
    let m: f64 = 0;
    let column = x + at;
    for (let each = w; each < last; each += 8) {
      m += load<f64>(each) * load<f64>(column);
      column += stride;
    }
    if (intercept) m += load<f64>(last);
    store<f64>(margins + at, m);
    const slope = weight * slopeOf(loss, m, load<f64>(labels + at));
    column = x + at;
    for (let each = w; each < last; each += 8) {
      const before = load<f64>(each);
      store<f64>(each, before - stepSize * (slope * load<f64>(column) + l2 * before));
      column += stride;
    }
    if (intercept) store<f64>(last, load<f64>(last) - stepSize * slope);
  }
}

function slopeOf(loss: i32, m: f64, y: f64): f64 {
  if (loss === 0) return 2 * (m - y);
  if (loss === 1) return m > y ? 1 : m < y ? -1 : m - y;
  if (loss === 2) return sigmoid(m) - y;
  const sign: f64 = y === 1 ? 1 : -1;
  return sign * m < 1 ? -sign : 0;
}

function sigmoid(m: f64): f64 {
  if (m >= 0) return 1 / (1 + exp(-m));
  const e = exp(m);
  return e / (1 + e);
}

/**
 * Learns counts, means and variances (f64[d] each) of each row in order, a row of weight 0 excepted, and puts each row as it is
 * once it was learned in the place of the row. Two columns are worked on at once: of an odd number, the last has room beside it.
 */
export function standardise(
  n: i32,
  d: i32,
  x: usize,
  stride: usize,
  weights: usize,
  counts: usize,
  means: usize,
  variances: usize,
  withMean: bool,
  withStd: bool,
): void {
  const zero = f64x2.splat(0);
  const columns = (<usize>((d + 1) & ~1)) << 3;
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weights === 0 ? 1 : load<f64>(weights + at);
    const w = f64x2.splat(weight);
    let column = x + at;
    for (let j: usize = 0; j < columns; j += 16) {
      const value = f64x2.replace_lane(f64x2.splat(load<f64>(column)), 1, load<f64>(column + stride));
      let mean = v128.load(means + j);
      let variance = v128.load(variances + j);
      if (weight > 0) {
        const count = f64x2.add(v128.load(counts + j), w);
        const difference = f64x2.sub(value, mean);
        mean = f64x2.add(mean, f64x2.div(f64x2.mul(w, difference), count));
        const spread = f64x2.sub(f64x2.mul(difference, f64x2.sub(value, mean)), variance);
        variance = f64x2.add(variance, f64x2.div(f64x2.mul(w, spread), count));
        v128.store(counts + j, count);
        v128.store(means + j, mean);
        v128.store(variances + j, variance);
      }
      let given = withMean ? f64x2.sub(value, mean) : value;
      if (withStd) given = v128.and(f64x2.div(given, f64x2.sqrt(variance)), f64x2.gt(variance, zero));
      store<f64>(column, f64x2.extract_lane(given, 0));
      store<f64>(column + stride, f64x2.extract_lane(given, 1));
      column += stride << 1;
    }
  }
}
