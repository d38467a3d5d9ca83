import { XorShiftRandom } from '../../src/numeric/xor-shift-random.ts';

export interface KMeansDataShape {
  readonly numPoints: number;
  readonly numBatches: number;
  readonly k: number;
  readonly d: number;
  /** Standard deviation around each centre. */
  readonly r: number;
  readonly seed: number;
}

/** The batches that Spark's `StreamingKMeansSuite.StreamingKMeansDataGenerator` gives, and the centres behind them. */
export function kMeansData({ numPoints, numBatches, k, d, r, seed }: KMeansDataShape) {
  const random = new XorShiftRandom(seed);
  const centers = Array.from({ length: k }, () => Array.from({ length: d }, () => random.nextGaussian()));
  const batches = Array.from({ length: numBatches }, () =>
    Array.from({ length: numPoints }, (_, i) => centers[i % k]!.map((x) => x + r * random.nextGaussian())),
  );
  return { centers, batches };
}
