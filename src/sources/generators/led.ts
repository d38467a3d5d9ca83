import { nextInt, rowGenerator } from './row-generator.ts';

/** The seven segments of each digit: top, upper left, upper right, middle, lower left, lower right, bottom. */
const SEGMENTS = [
  [1, 1, 1, 0, 1, 1, 1],
  [0, 0, 1, 0, 0, 1, 0],
  [1, 0, 1, 1, 1, 0, 1],
  [1, 0, 1, 1, 0, 1, 1],
  [0, 1, 1, 1, 0, 1, 0],
  [1, 1, 0, 1, 0, 1, 1],
  [1, 1, 0, 1, 1, 1, 1],
  [1, 0, 1, 0, 0, 1, 0],
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 0, 1, 1],
] as const;

/**
 * Digits on a faulty seven-segment display: the features are the segments, the label is the digit that was meant.
 *
 * - `noise`: chance that a segment is wrong, in [0, 1]. Default 0.1; the best classifier is then right 74.0 % of the time.
 * - `irrelevantFeatures`: random bits after the seven; 17 in the classic. Default 0.
 *
 * Source: Breiman, Friedman, Olshen and Stone, Classification and Regression Trees, 1984.
 */
export const led = rowGenerator(
  'led',
  { seed: 1, noise: 0.1, irrelevantFeatures: 0 },
  function* ({ noise, irrelevantFeatures }, random) {
    for (;;) {
      const label = nextInt(random, 10);
      const features: number[] = SEGMENTS[label]!.map((bit) => (random.next() < noise ? 1 - bit : bit));
      for (let i = 0; i < irrelevantFeatures; i++) features.push(nextInt(random, 2));
      yield { features, label };
    }
  },
);
