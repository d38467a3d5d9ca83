/** Features as bins: what trees are grown on. */

export interface BinnedFeature {
  /** Uint16Array[n]: each row's bin. */
  readonly bins: Uint16Array;
  readonly numBins: number;
  /** Of numbers: the largest value of each bin but the last. Float64Array[numBins − 1]. */
  readonly thresholds: Float64Array;
  /** Of categories, each its own bin: how many. 0 for numbers. */
  readonly numCategories: number;
}

/** Beyond so many rows, thresholds come from a sample of about that many, or of maxBins². */
const SAMPLED_ROWS = 10_000;

/**
 * Puts numbers into at most `maxBins` bins: between neighbours where few values differ; else so that bins have about the same weight.
 *
 * `column`: Float64Array[n]; `weights`: Float64Array[n], 1 each where absent; `nextDouble`: uniform on [0, 1), used where rows are sampled.
 * Cost: O(n · log n). Source: Apache Spark, RandomForest.findSplits (spark.ml).
 */
export function binNumbers(
  column: Float64Array,
  weights: Float64Array | undefined,
  maxBins: number,
  nextDouble: () => number,
): BinnedFeature {
  const thresholds = thresholdsOf(sampled(column, weights, maxBins, nextDouble), Math.min(maxBins, column.length) - 1);
  const bins = new Uint16Array(column.length);
  for (let i = 0; i < column.length; i++) bins[i] = placeOf(column[i]!, thresholds);
  return { bins, numBins: thresholds.length + 1, thresholds, numCategories: 0 };
}

/** Categories, whole numbers from 0 to below `numCategories`, each a bin of its own. */
export function binCategories(column: Float64Array, numCategories: number): BinnedFeature {
  return { bins: Uint16Array.from(column), numBins: numCategories, thresholds: new Float64Array(), numCategories };
}

interface Weighted {
  readonly values: Float64Array;
  readonly weights: Float64Array | undefined;
}

function sampled(
  column: Float64Array,
  weights: Float64Array | undefined,
  maxBins: number,
  nextDouble: () => number,
): Weighted {
  const wanted = Math.max(maxBins * maxBins, SAMPLED_ROWS);
  if (column.length <= wanted) return { values: column, weights };
  const rows: number[] = [];
  for (let i = 0; i < column.length; i++) if (nextDouble() < wanted / column.length) rows.push(i);
  return {
    values: Float64Array.from(rows, (i) => column[i]!),
    weights: weights && Float64Array.from(rows, (i) => weights[i]!),
  };
}

function thresholdsOf({ values, weights }: Weighted, most: number): Float64Array {
  const { distinct, sums, total } = distinctValues(values, weights);
  const between = (at: number) => (distinct[at - 1]! + distinct[at]!) / 2;
  const possible = distinct.length - 1;
  if (possible <= most) return Float64Array.from({ length: Math.max(0, possible) }, (_, at) => between(at + 1));
  const stride = total / (most + 1);
  const thresholds: number[] = [];
  let sum = sums[0]!;
  let target = stride;
  for (let at = 1; at < distinct.length; at++) {
    const before = sum;
    sum += sums[at]!;
    if (Math.abs(before - target) < Math.abs(sum - target)) {
      thresholds.push(between(at));
      target += stride;
    }
  }
  return Float64Array.from(thresholds);
}

/** In ascending order, each with the weight that it has; 0 and −0 are one. */
function distinctValues(values: Float64Array, weights: Float64Array | undefined) {
  const order = weights && Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const sorted = order ? Float64Array.from(order, (i) => values[i]!) : values.slice().sort();
  const distinct: number[] = [];
  const sums: number[] = [];
  let total = 0;
  for (let at = 0; at < sorted.length; at++) {
    const weight = order ? weights[order[at]!]! : 1;
    total += weight;
    if (at > 0 && sorted[at] === distinct.at(-1)) sums[sums.length - 1]! += weight;
    else {
      distinct.push(sorted[at]!);
      sums.push(weight);
    }
  }
  return { distinct, sums, total };
}

/** The first threshold that the value does not exceed. */
function placeOf(value: number, thresholds: Float64Array): number {
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= thresholds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
