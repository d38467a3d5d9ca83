import { LabeledPoint } from '../../src/batch/vector.ts';
import { JavaRandom } from './java-random.ts';

/** Standard deviation of the noise on the labels. */
const EPSILON = 0.1;

/**
 * The points that Spark's `LinearDataGenerator.generateLinearInput(0, weights, count, seed)` gives: features uniform on
 * [−1, 1], label w·x + 0.1 · normal.
 */
export function linearData(weights: readonly number[], count: number, seed: number): LabeledPoint[] {
  const random = new JavaRandom(seed);
  return Array.from({ length: count }, () => {
    const features = weights.map(() => (random.nextDouble() - 0.5) * Math.sqrt(12 / 3));
    const label = weights.reduce((sum, weight, f) => sum + weight * features[f]!, 0);
    return LabeledPoint(label + EPSILON * random.nextGaussian(), features);
  });
}
