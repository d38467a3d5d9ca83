import { nextNormal } from '../../host/random.ts';
import { nextInt, rowGenerator } from './row-generator.ts';

const POINTS = 21;

/** A triangle of height 6 and half-width 6 around `peak`, at 21 points. */
const triangle = (peak: number) => Array.from({ length: POINTS }, (_, i) => Math.max(0, 6 - Math.abs(i - peak)));

const first = triangle(6);
const second = triangle(14);
const third = triangle(10);

/** The two waves that each label mixes. */
const MIXED = [
  [first, second],
  [first, third],
  [second, third],
] as const;

/**
 * Three classes of noisy waves, each a random mixture of two of three triangles. The best classifier is right 86.7 % of the time.
 *
 *     label uniform on 0, 1, 2      u ~ U[0, 1)      x_i = u·a_i + (1 − u)·b_i + N(0, 1), i = 0 … 20
 *
 * - `noiseFeatures`: useless N(0, 1) features after these 21; 19 in the wider classic. Default 0.
 *
 * Source: Breiman, Friedman, Olshen and Stone, Classification and Regression Trees, 1984.
 */
export const waveform = rowGenerator('waveform', { seed: 1, noiseFeatures: 0 }, function* ({ noiseFeatures }, random) {
  for (;;) {
    const label = nextInt(random, 3);
    const [a, b] = MIXED[label]!;
    const u = random.next();
    const features = a.map((height, i) => u * height + (1 - u) * b[i]! + nextNormal(random));
    for (let i = 0; i < noiseFeatures; i++) features.push(nextNormal(random));
    yield { features, label };
  }
});
