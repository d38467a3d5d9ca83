/**
 * How a target goes with a feature, in bins of equal width: Float64Array[m·(2 + 2·BINS)], for each of m features the start and the
 * width of its bins, and for each bin the weight of its rows and the sum of their targets.
 *
 * Bin i is the values in (start + i·width, start + (i+1)·width]. A value outside doubles the width, neighbours becoming one bin, until it
 * is inside: so between half and all of the bins lie within the values that were seen, in a memory that never grows.
 * Source: after the quantization observer of Mastelini and de Carvalho, Using Dynamical Quantization to Perform Split Attempts in Online Tree Regressors, 2021.
 */
const BINS = 32;
const SUMS = 2;
const FEATURE = 2 + SUMS * BINS;

export interface TargetMean {
  readonly weight: number;
  readonly mean: number;
}

/** The best threshold for one feature. */
export interface TargetSplit {
  /** Position of the feature among those that are watched. */
  readonly position: number;
  readonly threshold: number;
  /** By how much the variance of the target falls: variance − Σ (n_part / n) · variance_part. */
  readonly gain: number;
  /** Weight and mean target of the rows on either side. */
  readonly below: TargetMean;
  readonly above: TargetMean;
}

export function newBinnedTargets(m: number): Float64Array {
  return new Float64Array(m * FEATURE);
}

/** Takes in a row `x` with its target; `first` says that it is the first one. Cost: O(m). */
export function addToBins(
  bins: Float64Array,
  features: Int32Array,
  x: Float64Array,
  target: number,
  weight: number,
  first: boolean,
): void {
  const weighted = weight * target;
  for (let j = 0, at = 0; j < features.length; j++, at += FEATURE) {
    const value = x[features[j]!]!;
    if (first) bins[at] = value;
    const bin = at + 2 + SUMS * binOf(bins, at, value);
    bins[bin] = bins[bin]! + weight;
    bins[bin + 1] = bins[bin + 1]! + weighted;
  }
}

/**
 * The best threshold of each feature that has one, where either side weighs `minWeight` or more. A threshold between bins that are apart lies
 * in the middle. Cost: O(m · BINS).
 */
export function targetSplits(bins: Float64Array, minWeight: number): TargetSplit[] {
  const splits: TargetSplit[] = [];
  for (let position = 0; position < bins.length / FEATURE; position++) {
    const split = bestBoundary(bins, position, minWeight);
    if (split !== undefined) splits.push(split);
  }
  return splits;
}

function bestBoundary(bins: Float64Array, position: number, minWeight: number): TargetSplit | undefined {
  const at = position * FEATURE;
  const [start, width] = [bins[at]!, bins[at + 1]!];
  let [n, sum] = [0, 0];
  for (let bin = at + 2; bin < at + FEATURE; bin += SUMS) {
    n += bins[bin]!;
    sum += bins[bin + 1]!;
  }
  let best: TargetSplit | undefined;
  let [weight, left, lastFilled] = [0, 0, -1];
  for (let i = 0; i < BINS; i++) {
    const bin = at + 2 + SUMS * i;
    if (bins[bin] === 0) continue;
    if (lastFilled >= 0 && weight >= minWeight && n - weight >= minWeight) {
      const below = { weight, mean: left / weight };
      const above = { weight: n - weight, mean: (sum - left) / (n - weight) };
      // How far the means of the parts are apart is what is taken off the variance.
      const gain = (below.mean - above.mean) ** 2 * (weight / n) * (above.weight / n);
      const threshold = start + (width * (lastFilled + 1 + i)) / 2;
      if (best === undefined || gain > best.gain) best = { position, threshold, gain, below, above };
    }
    weight += bins[bin]!;
    left += bins[bin + 1]!;
    lastFilled = i;
  }
  return best;
}

/** The bin of a value, once the feature's bins reach as far. */
function binOf(bins: Float64Array, at: number, value: number): number {
  let start = bins[at]!;
  let width = bins[at + 1]!;
  if (width === 0) {
    if (value === start) return 0;
    // The first two values that differ: all rows so far are in bin 0, and go to the bin of their value.
    width = Math.abs(value - start) / (BINS / 4);
    if (width === 0) return 0;
    const [low, old] = [Math.min(value, start), start];
    start = low - width * (BINS / 4 + 0.5);
    bins[at] = start;
    bins[at + 1] = width;
    moveBin(bins, at, 0, indexOf(old, start, width));
  }
  let index = indexOf(value, start, width);
  while (index < 0 || index >= BINS) {
    widen(bins, at, index < 0);
    index = indexOf(value, bins[at]!, bins[at + 1]!);
  }
  return index;
}

function indexOf(value: number, start: number, width: number): number {
  return Math.ceil((value - start) / width) - 1;
}

/** Doubles the width of the bins, and their reach to the left or to the right. */
function widen(bins: Float64Array, at: number, toTheLeft: boolean): void {
  const width = bins[at + 1]!;
  const first = at + 2;
  const half = (SUMS * BINS) / 2;
  for (let i = 0; i < half; i += SUMS) {
    // From the end that stays, so that nothing is overwritten before it is read.
    const to = toTheLeft ? first + 2 * half - SUMS - i : first + i;
    const from = toTheLeft ? first + 2 * half - 2 * SUMS - 2 * i : first + 2 * i;
    for (let part = 0; part < SUMS; part++) bins[to + part] = bins[from + part]! + bins[from + SUMS + part]!;
  }
  bins.fill(0, toTheLeft ? first : first + half, toTheLeft ? first + half : first + 2 * half);
  if (toTheLeft) bins[at] = bins[at]! - BINS * width;
  bins[at + 1] = 2 * width;
}

function moveBin(bins: Float64Array, at: number, from: number, to: number): void {
  if (from === to) return;
  const [a, b] = [at + 2 + SUMS * from, at + 2 + SUMS * to];
  for (let part = 0; part < SUMS; part++) bins[b + part] = bins[a + part]!;
  bins.fill(0, a, a + SUMS);
}
