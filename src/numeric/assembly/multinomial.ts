// AssemblyScript, compiled to WebAssembly; `../multinomial-classes.ts` calls it and says what it computes.
// Rows as in `row.ts`. What is known of the d features in each of k classes follows on each other, class after class, each with room for
// one more where d is odd. logs: ln(sum + smoothing). logCounts, logTotals (f64[k]): ln count, ln(total + smoothing · d).
import { logarithms } from './logarithms.ts';
import { oddsAgainst } from './odds.ts';
import { bytesOf, gather, log, weightAt } from './row.ts';

/**
 * Tests each row, then learns it, in counts (f64[k]), sums and totals (f64[k]); a row of weight 0 is passed over. 1 / P(label), at most
 * `most`, goes into `odds`. The logarithms are those of the classes, before and after.
 */
export function learnMultinomial(
  n: i32,
  d: i32,
  k: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  smoothing: f64,
  most: f64,
  counts: usize,
  sums: usize,
  totals: usize,
  logCounts: usize,
  logs: usize,
  logTotals: usize,
  row: usize,
  scores: usize,
  odds: usize,
): void {
  const width = bytesOf(d);
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weightAt(weights, at);
    if (weight === 0) continue;
    gather(x + at, d, stride, d, row);
    for (let j: usize = 0; j < <usize>k; j++) {
      const place = j << 3;
      const score = load<f64>(logCounts + place) + scoreOf(d, row, logs + j * width, load<f64>(logTotals + place));
      store<f64>(scores + place, score);
    }
    const label = <usize>load<f64>(labels + at);
    store<f64>(odds + at, oddsAgainst(k, <i32>label, scores, most));
    const place = label << 3;
    const count = load<f64>(counts + place) + weight;
    store<f64>(counts + place, count);
    store<f64>(logCounts + place, log(count));
    const skip = label * width;
    const total = addToClass(d, row, weight, smoothing, load<f64>(totals + place), sums + skip, logs + skip);
    store<f64>(totals + place, total);
    store<f64>(logTotals + place, log(total + smoothing * <f64>d));
  }
}

/** to[j] = ln(from[j] + smoothing) for d values. */
export function smoothedLogarithms(d: i32, smoothing: f64, from: usize, to: usize): void {
  const end = bytesOf(d);
  const more = f64x2.splat(smoothing);
  for (let j: usize = 0; j < end; j += 16) v128.store(to + j, logarithms(f64x2.add(v128.load(from + j), more)));
}

/** Up to this, s³/3 and s⁵/5 are all of artanh(s) − s that there is. */
const SMALL: f64 = 0.001;

/** ln x, where ln(x − added) is `log`: larger by 2 · artanh(added / (2x − added)), which is quick where little was added. */
function logarithmAfter(log: v128, x: v128, added: v128): v128 {
  const s = f64x2.div(added, f64x2.sub(f64x2.add(x, x), added));
  if (!i64x2.all_true(f64x2.le(s, f64x2.splat(SMALL)))) return logarithms(x);
  const square = f64x2.mul(s, s);
  const series = f64x2.add(f64x2.splat(2.0 / 3), f64x2.mul(square, f64x2.splat(2.0 / 5)));
  return f64x2.add(log, f64x2.mul(s, f64x2.add(f64x2.splat(2), f64x2.mul(square, series))));
}

/** Σ_j row[j] · (logs[j] − logTotal). */
function scoreOf(d: i32, row: usize, logs: usize, logTotal: f64): f64 {
  let sum = f64x2.splat(0);
  const less = f64x2.splat(logTotal);
  const end = bytesOf(d);
  for (let j: usize = 0; j < end; j += 16) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(row + j), f64x2.sub(v128.load(logs + j), less)));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Adds weight · row to the sums, and gives `total` with all of it. */
function addToClass(d: i32, row: usize, weight: f64, smoothing: f64, total: f64, sums: usize, logs: usize): f64 {
  const by = f64x2.splat(weight);
  const more = f64x2.splat(smoothing);
  const end = bytesOf(d);
  for (let j: usize = 0; j < end; j += 16) {
    const value = v128.load(row + j);
    if (!v128.any_true(value)) continue; // most counts are 0
    const added = f64x2.mul(by, value);
    const sum = f64x2.add(v128.load(sums + j), added);
    v128.store(sums + j, sum);
    v128.store(logs + j, logarithmAfter(v128.load(logs + j), f64x2.add(sum, more), added));
    total += f64x2.extract_lane(added, 0);
    total += f64x2.extract_lane(added, 1);
  }
  return total;
}
