// AssemblyScript, compiled to WebAssembly; `../standardise.ts` calls it and says what it computes.
// x: d columns of f64, `stride` bytes apart.

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
