// AssemblyScript, compiled to WebAssembly; `../linear.ts` calls it and says what it computes.
// x: d columns of f64, `stride` bytes apart, each with room for n rounded up to 8; so have the columns of one value a row.
import { exponentials } from './exponentials.ts';
import { log } from './row.ts';

/** So many columns at once that the processor sees each one come. */
const COLUMNS = 8;

/** out[i] ← out[i] + Σ_f w[f] · x[f][i] + last, in this order; with −0 as `last` nothing is added. `d` is above 0. */
export function addColumns(n: i32, d: i32, x: usize, stride: usize, w: usize, out: usize, last: f64): void {
  for (; d > 0; d -= COLUMNS) {
    const end = f64x2.splat(d > COLUMNS ? -0.0 : last);
    const past = w + ((<usize>min<i32>(d, COLUMNS)) << 3);
    for (let at: usize = 0; at < (<usize>n) << 3; at += 64) {
      let sum0 = v128.load(out + at);
      let sum1 = v128.load(out + at, 16);
      let sum2 = v128.load(out + at, 32);
      let sum3 = v128.load(out + at, 48);
      let column = x + at;
      for (let weight = w; weight < past; weight += 8) {
        const each = v128.load64_splat(weight);
        sum0 = f64x2.add(sum0, f64x2.mul(each, v128.load(column)));
        sum1 = f64x2.add(sum1, f64x2.mul(each, v128.load(column, 16)));
        sum2 = f64x2.add(sum2, f64x2.mul(each, v128.load(column, 32)));
        sum3 = f64x2.add(sum3, f64x2.mul(each, v128.load(column, 48)));
        column += stride;
      }
      v128.store(out + at, f64x2.add(sum0, end));
      v128.store(out + at, f64x2.add(sum1, end), 16);
      v128.store(out + at, f64x2.add(sum2, end), 32);
      v128.store(out + at, f64x2.add(sum3, end), 48);
    }
    x += COLUMNS * stride;
    w = past;
  }
}

/**
 * Turns margins into slopes, in place: σ(m) − y where `logistic`, else m − y; times the weight where `weights` is not 0. From
 * the n-th on, up to the next multiple of 8, they become 0. Gives their sum.
 */
export function toSlopes(n: i32, margins: usize, labels: usize, weights: usize, logistic: bool): f64 {
  if (logistic) toSigmoids(n, margins);
  let sum = f64x2.splat(0);
  const end = (<usize>n) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    let slope = f64x2.sub(v128.load(margins + at), v128.load(labels + at));
    if (weights !== 0) slope = f64x2.mul(slope, v128.load(weights + at));
    if (at + 16 > end) slope = f64x2.replace_lane(slope, 1, 0);
    v128.store(margins + at, slope);
    sum = f64x2.add(sum, slope);
  }
  for (let at = ((end + 15) >> 4) << 4; at < ((end + 63) >> 6) << 6; at += 8) store<f64>(margins + at, 0);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** 1 / (1 + e^−m) in the place of each margin, to a relative 1e-15; also of those up to the next multiple of 4. */
function toSigmoids(n: i32, margins: usize): void {
  const one = f64x2.splat(1);
  for (const end = margins + ((<usize>n) << 3); margins < end; margins += 32) {
    for (let at = margins; at < margins + 32; at += 16) v128.store(at, f64x2.neg(v128.load(at)));
    exponentials(margins, margins);
    for (let at = margins; at < margins + 32; at += 16) v128.store(at, f64x2.div(one, f64x2.add(one, v128.load(at))));
  }
}

/** into[f] += Σ_i slopes[i] · x[f][i]. */
export function addProducts(n: i32, d: i32, x: usize, stride: usize, slopes: usize, into: usize): void {
  const end = (<usize>n) << 3;
  let f = 0;
  for (; f + 4 <= d; f += 4) {
    const x1 = x + stride;
    const x2 = x1 + stride;
    const x3 = x2 + stride;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let at: usize = 0; at < end; at += 32) {
      const a = v128.load(slopes + at);
      const b = v128.load(slopes + at, 16);
      a0 = f64x2.add(a0, f64x2.mul(a, v128.load(x + at)));
      a1 = f64x2.add(a1, f64x2.mul(a, v128.load(x1 + at)));
      a2 = f64x2.add(a2, f64x2.mul(a, v128.load(x2 + at)));
      a3 = f64x2.add(a3, f64x2.mul(a, v128.load(x3 + at)));
      b0 = f64x2.add(b0, f64x2.mul(b, v128.load(x + at, 16)));
      b1 = f64x2.add(b1, f64x2.mul(b, v128.load(x1 + at, 16)));
      b2 = f64x2.add(b2, f64x2.mul(b, v128.load(x2 + at, 16)));
      b3 = f64x2.add(b3, f64x2.mul(b, v128.load(x3 + at, 16)));
    }
    addLanes(into, f64x2.add(a0, b0));
    addLanes(into + 8, f64x2.add(a1, b1));
    addLanes(into + 16, f64x2.add(a2, b2));
    addLanes(into + 24, f64x2.add(a3, b3));
    x = x3 + stride;
    into += 32;
  }
  for (; f < d; f++) {
    let a = f64x2.splat(0);
    let b = a;
    for (let at: usize = 0; at < end; at += 32) {
      a = f64x2.add(a, f64x2.mul(v128.load(slopes + at), v128.load(x + at)));
      b = f64x2.add(b, f64x2.mul(v128.load(slopes + at, 16), v128.load(x + at, 16)));
    }
    addLanes(into, f64x2.add(a, b));
    x += stride;
    into += 8;
  }
}

/** Adds both numbers to the one at `into`. */
function addLanes(into: usize, sum: v128): void {
  store<f64>(into, load<f64>(into) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
}

/**
 * Σ_i −ln P(y_i) for labels 0 and 1, where P(1) = σ(margin): max(t, 0) + ln(1 + e^−|t|), with t the margin against the label. `n` is a multiple
 * of 4. Of 1 + e^−|t|, which is at most 2, the logarithm of a product is taken.
 */
export function logisticLosses(n: i32, margins: usize, labels: usize): f64 {
  const end = (<usize>n) << 3;
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let above = zero;
  let logs: f64 = 0;
  for (let start: usize = 0; start < end; start += FACTORS << 4) {
    let product = one;
    const stop = min<usize>(end, start + (FACTORS << 4));
    for (let four = start; four < stop; four += 32) {
      for (let at: usize = 0; at < 32; at += 16) {
        const m = v128.load(margins + four + at);
        const against = v128.bitselect(f64x2.neg(m), m, f64x2.eq(v128.load(labels + four + at), one));
        above = f64x2.add(above, f64x2.pmax(against, zero));
        v128.store(FOUR + at, f64x2.neg(f64x2.abs(m)));
      }
      exponentials(FOUR, FOUR);
      for (let at: usize = 0; at < 32; at += 16) product = f64x2.mul(product, f64x2.add(one, v128.load(FOUR + at)));
    }
    logs += log(f64x2.extract_lane(product, 0)) + log(f64x2.extract_lane(product, 1));
  }
  return f64x2.extract_lane(above, 0) + f64x2.extract_lane(above, 1) + logs;
}

/** So many factors of at most 2 that their product stays finite. */
const FACTORS: usize = 512;
/** Room for four numbers. */
const FOUR = memory.data(32, 16);
