import { LabeledPoint } from '../../src/batch/vector.ts';
import { JavaRandom } from './java-random.ts';
import { NumpyRandom } from './numpy-random.ts';

/**
 * The points that `generateLogisticInput(offset, scale, count, seed)` of Spark's `LogisticRegressionSuite` gives: x standard
 * normal, label 1 with probability σ(offset + scale · x).
 */
export function logisticData(offset: number, scale: number, count: number, seed: number): LabeledPoint[] {
  const random = new JavaRandom(seed);
  const xs = Array.from({ length: count }, () => random.nextGaussian());
  return xs.map((x) => LabeledPoint(random.nextDouble() < 1 / (1 + Math.exp(-(offset + scale * x))) ? 1 : 0, [x]));
}

/**
 * The 10,000 points of `GradientDescentSuite.generateGDInput`: x standard normal, label 1 if offset + scale · x plus logistic
 * noise is above 0; the noise from a generator of its own, three seeds on.
 */
export function noisyLogisticData(
  offset: number,
  scale: number,
  count: number,
  seed: number,
): [y: number, x: number][] {
  const random = new JavaRandom(seed);
  const noise = new JavaRandom(seed + 3);
  const xs = Array.from({ length: count }, () => random.nextGaussian());
  const us = xs.map(() => noise.nextDouble());
  return xs.map((x, i) => [offset + scale * x + Math.log(us[i]!) - Math.log1p(-us[i]!) > 0 ? 1 : 0, x]);
}

/** The points that `generateLogisticInput(0, scale, count, seed)` of PySpark's streaming tests gives. */
export function pysparkLogisticData(scale: number, count: number, seed: number): LabeledPoint[] {
  const random = new NumpyRandom(seed);
  const xs = Array.from({ length: count }, () => random.nextNormal());
  return xs.map((x) => LabeledPoint(random.next() <= 1 / (1 + Math.exp(-scale * x)) ? 1 : 0, [x]));
}
