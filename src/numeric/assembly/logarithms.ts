// AssemblyScript, compiled to WebAssembly: ln x to a relative 1e-15, two numbers at once.
import { LN2_HIGH, LN2_LOW } from './exponentials.ts';
import { log } from './row.ts';

/** The normal numbers: their exponents are in their bits. */
const LEAST: f64 = 2.2250738585072014e-308;
const MOST: f64 = 1.7976931348623157e308;

/** Bits of √½, and how far they are from those of 1. */
const ROOT: i64 = reinterpret<i64>(Math.SQRT1_2);
const TO_ONE: i64 = 0x3ff0000000000000 - ROOT;
const FRACTION: i64 = 0x000fffffffffffff;
/** Bits of 2^52: a whole number below that, in place of its last ones, makes their sum. */
const LARGE: i64 = 0x4330000000000000;
/** 2^52 and the bias of exponents. */
const LARGE_AND_BIAS: f64 = 4503599627371519;

/** 2/21, 2/19, … 2/3, 2: in memory, since to make a constant takes longer than to load it. */
const SERIES = memory.data<f64>([
  2.0 / 21,
  2.0 / 19,
  2.0 / 17,
  2.0 / 15,
  2.0 / 13,
  2.0 / 11,
  2.0 / 9,
  2.0 / 7,
  2.0 / 5,
  2.0 / 3,
  2,
]);
const SERIES_END: usize = SERIES + 11 * 8;

/** ln x = q · ln 2 + 2 · artanh(s) with x = 2^q · m, √½ ≤ m < √2 and s = (m − 1) / (m + 1), where the series is cut after s^21. */
export function logarithms(x: v128): v128 {
  const normal = v128.and(f64x2.ge(x, f64x2.splat(LEAST)), f64x2.le(x, f64x2.splat(MOST)));
  if (!i64x2.all_true(normal)) {
    return f64x2.replace_lane(f64x2.splat(log(f64x2.extract_lane(x, 0))), 1, log(f64x2.extract_lane(x, 1)));
  }
  const shifted = i64x2.add(x, i64x2.splat(TO_ONE));
  const q = f64x2.sub(v128.or(i64x2.shr_u(shifted, 52), i64x2.splat(LARGE)), f64x2.splat(LARGE_AND_BIAS));
  const m = i64x2.add(v128.and(shifted, i64x2.splat(FRACTION)), i64x2.splat(ROOT));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const square = f64x2.mul(s, s);
  let sum = v128.load64_splat(SERIES);
  for (let at = SERIES + 8; at < SERIES_END; at += 8) {
    sum = f64x2.add(f64x2.mul(sum, square), v128.load64_splat(at));
  }
  const low = f64x2.add(f64x2.mul(q, f64x2.splat(LN2_LOW)), f64x2.mul(s, sum));
  return f64x2.add(f64x2.mul(q, f64x2.splat(LN2_HIGH)), low);
}
