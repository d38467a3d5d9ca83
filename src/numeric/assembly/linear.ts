// AssemblyScript, compiled to WebAssembly; `../linear.ts` calls it and says what it computes.
// x: d columns of f64, `stride` bytes apart, each with room for n rounded up to 8; so have the columns of one value a row.
import { log } from './row.ts';

/** out[i] = first + Σ_f w[f] · x[f][i] + last, in this order. */
export function margins(n: i32, d: i32, x: usize, stride: usize, w: usize, first: f64, last: f64, out: usize): void {
  for (let at: usize = 0; at < (<usize>n) << 3; at += 64) {
    let sum0 = f64x2.splat(first);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let column = x + at;
    let weight = w;
    for (const end = w + ((<usize>d) << 3); weight < end; weight += 8) {
      const each = v128.load64_splat(weight);
      sum0 = f64x2.add(sum0, f64x2.mul(each, v128.load(column)));
      sum1 = f64x2.add(sum1, f64x2.mul(each, v128.load(column, 16)));
      sum2 = f64x2.add(sum2, f64x2.mul(each, v128.load(column, 32)));
      sum3 = f64x2.add(sum3, f64x2.mul(each, v128.load(column, 48)));
      column += stride;
    }
    const end = f64x2.splat(last);
    v128.store(out + at, f64x2.add(sum0, end));
    v128.store(out + at, f64x2.add(sum1, end), 16);
    v128.store(out + at, f64x2.add(sum2, end), 32);
    v128.store(out + at, f64x2.add(sum3, end), 48);
  }
}

/**
 * Turns margins into slopes, in place: σ(m) − y where `logistic`, else m − y; times the weight where `weights` is not 0. From
 * the n-th on, up to the next multiple of 8, they become 0. Gives their sum.
 */
export function toSlopes(n: i32, margins: usize, labels: usize, weights: usize, logistic: bool): f64 {
  let sum = f64x2.splat(0);
  const end = (<usize>n) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const m = v128.load(margins + at);
    let slope = f64x2.sub(logistic ? sigmoid(m) : m, v128.load(labels + at));
    if (weights !== 0) slope = f64x2.mul(slope, v128.load(weights + at));
    if (at + 16 > end) slope = f64x2.replace_lane(slope, 1, 0);
    v128.store(margins + at, slope);
    sum = f64x2.add(sum, slope);
  }
  for (let at = ((end + 15) >> 4) << 4; at < ((end + 63) >> 6) << 6; at += 8) store<f64>(margins + at, 0);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** into[f] += Σ_i slopes[i] · x[f][i]. */
export function addProducts(n: i32, d: i32, x: usize, stride: usize, slopes: usize, into: usize): void {
  for (let f: usize = 0; f < <usize>d; f++) {
    const column = x + f * stride;
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    for (let at: usize = 0; at < (<usize>n) << 3; at += 64) {
      sum0 = f64x2.add(sum0, f64x2.mul(v128.load(slopes + at), v128.load(column + at)));
      sum1 = f64x2.add(sum1, f64x2.mul(v128.load(slopes + at, 16), v128.load(column + at, 16)));
      sum2 = f64x2.add(sum2, f64x2.mul(v128.load(slopes + at, 32), v128.load(column + at, 32)));
      sum3 = f64x2.add(sum3, f64x2.mul(v128.load(slopes + at, 48), v128.load(column + at, 48)));
    }
    const sum = f64x2.add(f64x2.add(sum0, sum1), f64x2.add(sum2, sum3));
    const to = into + (f << 3);
    store<f64>(to, load<f64>(to) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
  }
}

/**
 * Σ_i −ln P(y_i) for labels 0 and 1, where P(1) = σ(margin): max(t, 0) + ln(1 + e^−|t|), with t the margin against the label. `n` is even. Of
 * 1 + e^−|t|, which is at most 2, the logarithm of a product is taken.
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
    for (let at = start; at < stop; at += 16) {
      const m = v128.load(margins + at);
      const against = v128.bitselect(f64x2.neg(m), m, f64x2.eq(v128.load(labels + at), one));
      above = f64x2.add(above, f64x2.pmax(zero, against));
      product = f64x2.mul(product, f64x2.add(one, exp(f64x2.neg(f64x2.abs(m)))));
    }
    logs += log(f64x2.extract_lane(product, 0)) + log(f64x2.extract_lane(product, 1));
  }
  return f64x2.extract_lane(above, 0) + f64x2.extract_lane(above, 1) + logs;
}

/** So many factors of at most 2 that their product stays finite. */
const FACTORS: usize = 512;

/** Beyond this, e^x leaves the finite numbers. */
const MOST: f64 = 708;
/** ln 2 in two parts, the first with zeros at its end so that a whole number times it is exact. */
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** 1 / (1 + e^−m), to a relative 1e-15. */
function sigmoid(m: v128): v128 {
  return f64x2.div(f64x2.splat(1), f64x2.add(f64x2.splat(1), exp(f64x2.neg(m))));
}

/** e^x = 2^q · e^r with q whole and |r| ≤ ln 2 / 2, where the series of e^r is cut after r^13. */
function exp(given: v128): v128 {
  const x = f64x2.pmax(f64x2.splat(-MOST), f64x2.pmin(f64x2.splat(MOST), given));
  const q = f64x2.nearest(f64x2.mul(x, f64x2.splat(Math.LOG2E)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(q, f64x2.splat(LN2_HIGH))), f64x2.mul(q, f64x2.splat(LN2_LOW)));
  let series = f64x2.splat(1.0 / 6227020800);
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 479001600));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 39916800));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 3628800));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 362880));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 40320));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 5040));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 720));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 120));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 24));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1.0 / 6));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(0.5));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1));
  series = f64x2.add(f64x2.mul(series, r), f64x2.splat(1));
  // 2^q by its bits: q + 1023 in the exponent.
  const power = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(q)), i64x2.splat(1023)), 52);
  return f64x2.mul(series, power);
}
