import type { BinnedFeature } from './binned-features.ts';
import { subsetCount, subsetOf, trySubsets } from './category-splits.ts';
import type { GrowOptions } from './grow-tree.ts';
import type { TreeSplit } from './tree-node.ts';

/** What is known of some rows: their statistics, how many they are, and their impurity. */
export interface NodeStats {
  readonly stats: Float64Array;
  readonly rawCount: number;
  readonly measure: number;
}

export interface FoundSplit {
  readonly split: TreeSplit;
  readonly gain: number;
  /** Uint8Array[numBins]: 1 where a bin goes left. */
  readonly goesLeft: Uint8Array;
  readonly left: Omit<NodeStats, 'measure'>;
  readonly right: Omit<NodeStats, 'measure'>;
}

/** The split of these rows with the largest gain, of equal ones the first; undefined where none gains and leaves enough on each side. */
export function bestSplit(options: GrowOptions, rows: Uint32Array, node: NodeStats): FoundSplit | undefined {
  const { features, impurity } = options;
  const chosen = options.featuresForNode() ?? features.keys();
  let best: { gain: number; feature: number; bins: readonly number[] } | undefined;
  for (const feature of chosen) {
    const binned = features[feature]!;
    if (binned.numBins < 2) continue;
    const histogram = histogramOf(options, binned, rows);
    for (const { gain, bins } of candidates(options, binned, histogram, node)) {
      if (gain > (best?.gain ?? 0)) best = { gain, feature, bins };
    }
  }
  if (best === undefined) return undefined;
  const binned = features[best.feature]!;
  const goesLeft = new Uint8Array(binned.numBins);
  for (const bin of best.bins) goesLeft[bin] = 1;
  const histogram = histogramOf(options, binned, rows);
  const width = impurity.size + 1;
  const left = new Float64Array(width);
  for (let bin = 0; bin < binned.numBins; bin++) {
    if (goesLeft[bin] === 1) for (let s = 0; s < width; s++) left[s]! += histogram[bin * width + s]!;
  }
  return {
    gain: best.gain,
    goesLeft,
    left: { stats: left.slice(0, -1), rawCount: left.at(-1)! },
    right: { stats: node.stats.map((each, s) => each - left[s]!), rawCount: node.rawCount - left.at(-1)! },
    split: splitOf(best.feature, binned, best.bins),
  };
}

function splitOf(
  featureIndex: number,
  { thresholds, numCategories }: BinnedFeature,
  bins: readonly number[],
): TreeSplit {
  if (numCategories > 0) return { featureIndex, leftCategoriesOrThreshold: bins, numCategories };
  return { featureIndex, leftCategoriesOrThreshold: [thresholds[bins.length - 1]!], numCategories: -1 };
}

/** By bin: the statistics of its rows, and how many they are. */
function histogramOf({ impurity, targets, weights, counts }: GrowOptions, binned: BinnedFeature, rows: Uint32Array) {
  const { bins, numBins } = binned;
  const width = impurity.size + 1;
  const histogram = new Float64Array(numBins * width);
  for (let at = 0; at < rows.length; at++) {
    const i = rows[at]!;
    const times = counts === undefined ? 1 : counts[i]!;
    const to = bins[i]! * width;
    impurity.add(histogram, to, targets[i]!, weights === undefined ? times : times * weights[i]!);
    histogram[to + width - 1]! += times;
  }
  return histogram;
}

interface Candidate {
  readonly gain: number;
  readonly bins: readonly number[];
}

/** The best split of a feature, or each subset of categories. */
function candidates(
  options: GrowOptions,
  { numBins, numCategories }: BinnedFeature,
  histogram: Float64Array,
  node: NodeStats,
): readonly Candidate[] {
  const width = options.impurity.size + 1;
  if (numCategories > 0 && trySubsets(numCategories, options.numClasses, options.maxBins)) {
    return Array.from({ length: subsetCount(numCategories) }, (_, index) => {
      const bins = subsetOf(index, numCategories);
      const left = new Float64Array(width);
      for (const bin of bins) for (let s = 0; s < width; s++) left[s]! += histogram[bin * width + s]!;
      return { bins, gain: gainOf(options, left, node) };
    });
  }
  const order =
    numCategories > 0 ? rankedBins(options, numBins, histogram) : Array.from({ length: numBins }, (_, bin) => bin);
  const left = new Float64Array(width);
  let best = { gain: Number.NEGATIVE_INFINITY, cut: 0 };
  for (let cut = 1; cut < numBins; cut++) {
    const bin = order[cut - 1]!;
    for (let s = 0; s < width; s++) left[s]! += histogram[bin * width + s]!;
    const gain = gainOf(options, left, node);
    if (gain > best.gain) best = { gain, cut };
  }
  return [{ gain: best.gain, bins: order.slice(0, best.cut) }];
}

/** Categories in ascending order of their rank; those without rows last. */
function rankedBins({ impurity }: GrowOptions, numBins: number, histogram: Float64Array): number[] {
  const width = impurity.size + 1;
  const ranks = Array.from({ length: numBins }, (_, bin) =>
    impurity.total(histogram, bin * width) === 0 ? Number.MAX_VALUE : impurity.rank(histogram, bin * width),
  );
  return Array.from(ranks.keys()).sort((a, b) => ranks[a]! - ranks[b]!);
}

/** The other side's statistics, made anew at each cut. */
let right = new Float64Array();

/** How much a split lowers the impurity; −∞ where it leaves too little on a side, or lowers it too little. */
function gainOf(options: GrowOptions, left: Float64Array, { stats, rawCount, measure }: NodeStats): number {
  const { impurity, minInstancesPerNode, minWeight, minInfoGain } = options;
  const leftRaw = left[impurity.size]!;
  if (leftRaw < minInstancesPerNode || rawCount - leftRaw < minInstancesPerNode) return Number.NEGATIVE_INFINITY;
  if (right.length < impurity.size) right = new Float64Array(impurity.size);
  for (let s = 0; s < impurity.size; s++) right[s] = stats[s]! - left[s]!;
  const leftTotal = impurity.total(left, 0);
  const rightTotal = impurity.total(right, 0);
  if (leftTotal < minWeight || rightTotal < minWeight) return Number.NEGATIVE_INFINITY;
  const total = leftTotal + rightTotal;
  const gain =
    measure - (leftTotal / total) * impurity.measure(left, 0) - (rightTotal / total) * impurity.measure(right, 0);
  return gain < minInfoGain ? Number.NEGATIVE_INFINITY : gain;
}
