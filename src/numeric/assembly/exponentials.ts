// AssemblyScript, compiled to WebAssembly: e^x for the kernels that need no more than a relative 1e-15.

/** Beyond this, e^x leaves the finite numbers. */
const MOST: f64 = 708;
/** ln 2 in two parts, the first with zeros at its end so that a whole number times it is exact. */
export const LN2_HIGH: f64 = 0.6931471803691238;
export const LN2_LOW: f64 = 1.9082149292705877e-10;

/** 1/13!, 1/12!, … 1/1!, 1/0!: in memory, since to make a constant takes longer than to load it. */
const SERIES = memory.data<f64>([
  1.0 / 6227020800,
  1.0 / 479001600,
  1.0 / 39916800,
  1.0 / 3628800,
  1.0 / 362880,
  1.0 / 40320,
  1.0 / 5040,
  1.0 / 720,
  1.0 / 120,
  1.0 / 24,
  1.0 / 6,
  0.5,
  1,
  1,
]);
const SERIES_END: usize = SERIES + 14 * 8;

/**
 * e^x of four numbers = 2^q · e^r with q whole and |r| ≤ ln 2 / 2, where the series of e^r is cut after r^13. Its odd and its even powers are added
 * up side by side.
 */
export function exponentials(from: usize, to: usize): void {
  const x0 = bounded(v128.load(from));
  const x1 = bounded(v128.load(from, 16));
  const q0 = exponentOf(x0);
  const q1 = exponentOf(x1);
  const r0 = rest(x0, q0);
  const r1 = rest(x1, q1);
  const square0 = f64x2.mul(r0, r0);
  const square1 = f64x2.mul(r1, r1);
  let odd0 = v128.load64_splat(SERIES);
  let odd1 = odd0;
  let even0 = v128.load64_splat(SERIES, 8);
  let even1 = even0;
  for (let at = SERIES + 16; at < SERIES_END; at += 16) {
    const odd = v128.load64_splat(at);
    const even = v128.load64_splat(at, 8);
    odd0 = f64x2.add(f64x2.mul(odd0, square0), odd);
    odd1 = f64x2.add(f64x2.mul(odd1, square1), odd);
    even0 = f64x2.add(f64x2.mul(even0, square0), even);
    even1 = f64x2.add(f64x2.mul(even1, square1), even);
  }
  v128.store(to, f64x2.mul(f64x2.add(f64x2.mul(odd0, r0), even0), powerOfTwo(q0)));
  v128.store(to, f64x2.mul(f64x2.add(f64x2.mul(odd1, r1), even1), powerOfTwo(q1)), 16);
}

function bounded(x: v128): v128 {
  return f64x2.pmax(f64x2.pmin(x, f64x2.splat(MOST)), f64x2.splat(-MOST)); // in this order, NaN stays NaN
}

/** The whole number nearest to x / ln 2. */
function exponentOf(x: v128): v128 {
  return f64x2.nearest(f64x2.mul(x, f64x2.splat(Math.LOG2E)));
}

/** What is left of x without q · ln 2. */
function rest(x: v128, q: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(q, f64x2.splat(LN2_HIGH))), f64x2.mul(q, f64x2.splat(LN2_LOW)));
}

/** 2^q by its bits: q + 1023 in the exponent. */
function powerOfTwo(q: v128): v128 {
  return i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(q)), i64x2.splat(1023)), 52);
}
