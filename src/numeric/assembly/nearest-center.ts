// AssemblyScript, compiled to WebAssembly; `../nearest-center.ts` calls it and says what it computes.
// x: d columns of f64, `stride` bytes apart. Eight rows are worked on at once, so each column has room for n rounded up to 8.

/** For each row the nearest of k centres (f64[k·d]): i32 into `labels`, the squared distance to it into `nearest`. */
export function assign(
  n: i32,
  d: i32,
  k: i32,
  x: usize,
  stride: usize,
  centers: usize,
  labels: usize,
  nearest: usize,
): void {
  for (let i: usize = 0; i < <usize>n; i += 8) {
    const rows = x + (i << 3);
    let near0 = f64x2.splat(Infinity);
    let near1 = near0;
    let near2 = near0;
    let near3 = near0;
    let label0 = i64x2.splat(0); // a row at an infinite distance from every centre belongs to the first
    let label1 = label0;
    let label2 = label0;
    let label3 = label0;
    let center = centers;
    for (let j: i32 = 0; j < k; j++) {
      let sum0 = f64x2.splat(0);
      let sum1 = sum0;
      let sum2 = sum0;
      let sum3 = sum0;
      let column = rows;
      for (const end = center + ((<usize>d) << 3); center < end; center += 8) {
        const c = v128.load64_splat(center);
        const t0 = f64x2.sub(v128.load(column), c);
        const t1 = f64x2.sub(v128.load(column, 16), c);
        const t2 = f64x2.sub(v128.load(column, 32), c);
        const t3 = f64x2.sub(v128.load(column, 48), c);
        sum0 = f64x2.add(sum0, f64x2.mul(t0, t0));
        sum1 = f64x2.add(sum1, f64x2.mul(t1, t1));
        sum2 = f64x2.add(sum2, f64x2.mul(t2, t2));
        sum3 = f64x2.add(sum3, f64x2.mul(t3, t3));
        column += stride;
      }
      const index = i64x2.splat(j);
      const nearer0 = f64x2.lt(sum0, near0);
      const nearer1 = f64x2.lt(sum1, near1);
      const nearer2 = f64x2.lt(sum2, near2);
      const nearer3 = f64x2.lt(sum3, near3);
      near0 = v128.bitselect(sum0, near0, nearer0);
      near1 = v128.bitselect(sum1, near1, nearer1);
      near2 = v128.bitselect(sum2, near2, nearer2);
      near3 = v128.bitselect(sum3, near3, nearer3);
      label0 = v128.bitselect(index, label0, nearer0);
      label1 = v128.bitselect(index, label1, nearer1);
      label2 = v128.bitselect(index, label2, nearer2);
      label3 = v128.bitselect(index, label3, nearer3);
    }
    const distances = nearest + (i << 3);
    v128.store(distances, near0);
    v128.store(distances, near1, 16);
    v128.store(distances, near2, 32);
    v128.store(distances, near3, 48);
    const indices = labels + (i << 2);
    v128.store(indices, v128.shuffle<i32>(label0, label1, 0, 2, 4, 6));
    v128.store(indices, v128.shuffle<i32>(label2, label3, 0, 2, 4, 6), 16);
  }
}

/** Adds each row to the sums (f64[k·d]) and counts (f64[k]) of its label, times its weight where `weights` is not 0. */
export function addRows(
  n: i32,
  d: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  sums: usize,
  counts: usize,
): void {
  const width = (<usize>d) << 3;
  for (let i: usize = 0; i < <usize>n; i++) {
    const label = <usize>load<i32>(labels + (i << 2));
    const weight = weights === 0 ? 1 : load<f64>(weights + (i << 3));
    const count = counts + (label << 3);
    store<f64>(count, load<f64>(count) + weight);
    let column = x + (i << 3);
    let sum = sums + label * width;
    if (weights === 0) {
      for (const end = sum + width; sum < end; sum += 8) {
        store<f64>(sum, load<f64>(sum) + load<f64>(column));
        column += stride;
      }
    } else {
      for (const end = sum + width; sum < end; sum += 8) {
        store<f64>(sum, load<f64>(sum) + weight * load<f64>(column));
        column += stride;
      }
    }
  }
}

/** `from` + Σ_i values[i], from the first to the last; each times its weight where `weights` is not 0. */
export function addUp(n: i32, values: usize, weights: usize, from: f64): f64 {
  let sum = from;
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const value = load<f64>(values + at);
    sum += weights === 0 ? value : load<f64>(weights + at) * value;
  }
  return sum;
}
