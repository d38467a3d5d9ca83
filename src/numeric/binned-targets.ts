import { type BestSplit, FeatureSplit } from './feature-split.ts';

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

export function newBinnedTargets(m: number): Float64Array {
  return new Float64Array(m * FEATURE);
}

/** A row with its target, and how many rows it counts as. */
export interface TargetRow {
  readonly x: Float64Array;
  readonly label: number;
  readonly weight: number;
}

/** Takes in a row; `first` says that it is the first one. Cost: O(m), no allocation. */
export function addToBins(
  bins: Float64Array,
  features: Int32Array,
  { x, label, weight }: TargetRow,
  first: boolean,
): void {
  for (let j = 0, at = 0; j < features.length; j++, at += FEATURE) {
    if (first) bins[at] = x[features[j]!]!;
    const bin = at + 2 + SUMS * binOf(bins, at, x, features[j]!);
    bins[bin] = bins[bin]! + weight;
    bins[bin + 1] = bins[bin + 1]! + weight * label;
  }
}

/**
 * Looks for the best threshold of each feature, where either side weighs `minWeight` or more, with the gain variance − Σ (n_part / n) ·
 * variance_part of the target. A threshold between bins that are apart lies in the middle.
 *
 * One object for all leaves of a tree: it holds the room that a search takes. Cost: O(m · BINS), no allocation.
 */
export class BinnedSplits {
  readonly #minWeight: number;
  /** The best split of the feature at hand. */
  readonly #split = new FeatureSplit();

  constructor(minWeight: number) {
    this.#minWeight = minWeight;
  }

  /** Offers the best split of each feature that has one. */
  offerTo(best: BestSplit, bins: Float64Array): void {
    for (let position = 0, at = 0; at < bins.length; position++, at += FEATURE) {
      this.#search(bins, position, at);
      if (this.#split.position >= 0) best.offer(this.#split);
    }
  }

  #search(bins: Float64Array, position: number, at: number): void {
    const split = this.#split;
    split.position = -1;
    const minWeight = this.#minWeight;
    let n = 0;
    let sum = 0;
    for (let bin = at + 2; bin < at + FEATURE; bin += SUMS) {
      n += bins[bin]!;
      sum += bins[bin + 1]!;
    }
    let weight = 0;
    let left = 0;
    let lastFilled = -1;
    for (let i = 0; i < BINS; i++) {
      const bin = at + 2 + SUMS * i;
      if (bins[bin] === 0) continue;
      if (lastFilled >= 0 && weight >= minWeight && n - weight >= minWeight) {
        // How far the means of the parts are apart is what is taken off the variance.
        const apart = left / weight - (sum - left) / (n - weight);
        const gain = apart ** 2 * (weight / n) * ((n - weight) / n);
        if (split.position < 0 || gain > split.gain) {
          split.position = position;
          split.threshold = bins[at]! + (bins[at + 1]! * (lastFilled + 1 + i)) / 2;
          split.index = i;
          split.gain = gain;
        }
      }
      weight += bins[bin]!;
      left += bins[bin + 1]!;
      lastFilled = i;
    }
  }
}

/** Weight and mean target of the rows on either side of a split that a search found in these bins. */
export function targetsBeside(
  bins: Float64Array,
  { position, index }: FeatureSplit,
): readonly [below: TargetMean, above: TargetMean] {
  const first = position * FEATURE + 2;
  const [all, below] = [new Float64Array(SUMS), new Float64Array(SUMS)];
  for (let i = 0; i < BINS; i++) {
    for (let part = 0; part < SUMS; part++) {
      const sum = bins[first + SUMS * i + part]!;
      all[part] = all[part]! + sum;
      if (i < index) below[part] = below[part]! + sum;
    }
  }
  const [n, sum] = all as unknown as [number, number];
  const [weight, left] = below as unknown as [number, number];
  return [
    { weight, mean: left / weight },
    { weight: n - weight, mean: (sum - left) / (n - weight) },
  ];
}

/** The bin of a value, once the feature's bins reach as far. */
function binOf(bins: Float64Array, at: number, x: Float64Array, feature: number): number {
  const value = x[feature]!;
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
