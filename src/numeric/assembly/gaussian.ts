// AssemblyScript, compiled to WebAssembly; `../gaussian-classes.ts` calls it and says what it computes.
// Rows as in `row.ts`. What is known of the d features in each of k classes follows on each other, class after class, each with room for
// one more where d is odd. certainties: 1 / variance, 0 where a class has none yet. offsets (f64[k]): what a score begins with.
import { oddsAgainst } from './odds.ts';
import { bytesOf, gather, log, weightAt } from './row.ts';

/** A product of variances is brought to its logarithm before it leaves these bounds. */
const LARGE: f64 = 1e100;
const SMALL: f64 = 1e-100;
const LOG_TWO_PI: f64 = 1.8378770664093453;

/**
 * Tests each row, then learns it, in counts (f64[k]), means and squares; a row of weight 0 is passed over. 1 / P(label), at most `most`,
 * goes into `odds`. Offsets and certainties are those of the classes, before and after.
 */
export function learnGaussian(
  n: i32,
  d: i32,
  k: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  floor: f64,
  most: f64,
  counts: usize,
  means: usize,
  squares: usize,
  certainties: usize,
  offsets: usize,
  row: usize,
  scores: usize,
  odds: usize,
): void {
  const width = bytesOf(d);
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weightAt(weights, at);
    if (weight === 0) continue;
    gather(x + at, d, stride, d, row);
    for (let j: i32 = 0; j < k; j++) {
      const skip = <usize>j * width;
      const score = load<f64>(offsets + ((<usize>j) << 3)) - 0.5 * apart(d, row, means + skip, certainties + skip);
      store<f64>(scores + ((<usize>j) << 3), score);
    }
    const label = <i32>load<f64>(labels + at);
    store<f64>(odds + at, oddsAgainst(k, label, scores, most));
    const skip = <usize>label * width;
    const count = counts + ((<usize>label) << 3);
    const total = load<f64>(count) + weight;
    store<f64>(count, total);
    addToClass(d, row, weight, total, means + skip, squares + skip);
    weigh(d, floor, total, squares + skip, certainties + skip, offsets + ((<usize>label) << 3));
  }
}

/** Brings certainties and offset of one class, of this count, to its squares. */
export function weigh(d: i32, floor: f64, count: f64, squares: usize, certainties: usize, offset: usize): void {
  const degrees = count - 1;
  if (degrees <= 0) {
    memory.fill(certainties, 0, bytesOf(d));
    store<f64>(offset, log(count));
    return;
  }
  const least = f64x2.splat(floor);
  const divisor = f64x2.splat(degrees);
  const one = f64x2.splat(1);
  const pairs = (<usize>(d & ~1)) << 3;
  let logs: f64 = 0;
  let product = one;
  for (let j: usize = 0; j < pairs; j += 16) {
    const variance = f64x2.max(f64x2.div(v128.load(squares + j), divisor), least);
    v128.store(certainties + j, f64x2.div(one, variance));
    const next = f64x2.mul(product, variance);
    if (v128.any_true(v128.or(f64x2.gt(next, f64x2.splat(LARGE)), f64x2.lt(next, f64x2.splat(SMALL))))) {
      logs += log(f64x2.extract_lane(product, 0)) + log(f64x2.extract_lane(product, 1));
      logs += log(f64x2.extract_lane(variance, 0)) + log(f64x2.extract_lane(variance, 1));
      product = one;
    } else product = next;
  }
  const both = f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1);
  if ((d & 1) !== 0) {
    const variance = max<f64>(load<f64>(squares + pairs) / degrees, floor);
    store<f64>(certainties + pairs, 1 / variance);
    store<f64>(certainties + pairs + 8, 0);
    logs += log(variance);
  }
  store<f64>(offset, 0.5 * (log((count * count) / both) - logs - <f64>d * LOG_TWO_PI));
}

/** For each row and class the offset less half its squared distance by certainties; `scores`: k columns of f64, `stride` bytes apart. */
export function scoreGaussian(
  n: i32,
  d: i32,
  k: i32,
  x: usize,
  stride: usize,
  means: usize,
  certainties: usize,
  offsets: usize,
  scores: usize,
): void {
  const width = bytesOf(d);
  const half = f64x2.splat(0.5);
  for (let j: usize = 0; j < <usize>k; j++) {
    const offset = v128.load64_splat(offsets + (j << 3));
    const out = scores + j * stride;
    for (let at: usize = 0; at < (<usize>n) << 3; at += 32) {
      let sum0 = f64x2.splat(0);
      let sum1 = sum0;
      let column = x + at;
      let certainty = certainties + j * width;
      const first = means + j * width;
      for (let mean = first; mean < first + ((<usize>d) << 3); mean += 8) {
        const center = v128.load64_splat(mean);
        const by = v128.load64_splat(certainty);
        const t0 = f64x2.sub(v128.load(column), center);
        const t1 = f64x2.sub(v128.load(column, 16), center);
        sum0 = f64x2.add(sum0, f64x2.mul(f64x2.mul(t0, by), t0));
        sum1 = f64x2.add(sum1, f64x2.mul(f64x2.mul(t1, by), t1));
        column += stride;
        certainty += 8;
      }
      v128.store(out + at, f64x2.sub(offset, f64x2.mul(half, sum0)));
      v128.store(out + at, f64x2.sub(offset, f64x2.mul(half, sum1)), 16);
    }
  }
}

/** Σ_j (row[j] − means[j])² · certainties[j]. */
function apart(d: i32, row: usize, means: usize, certainties: usize): f64 {
  let sum = f64x2.splat(0);
  const end = bytesOf(d);
  for (let j: usize = 0; j < end; j += 16) {
    const difference = f64x2.sub(v128.load(row + j), v128.load(means + j));
    sum = f64x2.add(sum, f64x2.mul(f64x2.mul(difference, v128.load(certainties + j)), difference));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function addToClass(d: i32, row: usize, weight: f64, total: f64, means: usize, squares: usize): void {
  const share = f64x2.splat(weight / total);
  const by = f64x2.splat(weight);
  const end = bytesOf(d);
  for (let j: usize = 0; j < end; j += 16) {
    const mean = v128.load(means + j);
    const value = v128.load(row + j);
    const difference = f64x2.sub(value, mean);
    const moved = f64x2.add(mean, f64x2.mul(share, difference));
    v128.store(means + j, moved);
    const spread = f64x2.mul(f64x2.mul(by, difference), f64x2.sub(value, moved));
    v128.store(squares + j, f64x2.add(v128.load(squares + j), spread));
  }
}
