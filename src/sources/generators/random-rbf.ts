import { nextNormal, type Random } from '../../host/random.ts';
import { MovingPoints } from './moving-points.ts';
import { checkRange, nextInt, nextUniforms, rowGenerator } from './row-generator.ts';

/**
 * Classes that are clouds around many centroids, some of which wander: a boundary that no line follows.
 *
 *     per centroid: centre ~ U[0, 1)^d, class uniform, deviation σ ~ U[0, 1), weight ~ U[0, 1)
 *     per row: a centroid by weight; a direction a, a_j ~ U[−1, 1); features = centre + a · (N(0, 1)·σ / ‖a‖)
 *
 * - `features`: number of features, d. Default 10.
 * - `classes`: number of labels, 0 … classes − 1. Default 2.
 * - `centroids`: how many. Default 50.
 * - `driftingCentroids`: how many of them, the first ones, move with every row and bounce off the walls. Default 50:
 *   all.
 * - `speed`: how far they move. Default 0.0001; 0 is no drift.
 *
 * Source: MOA, RandomRBFGeneratorDrift (Bifet et al., 2010).
 */
export const randomRbf = rowGenerator(
  'randomRbf',
  { seed: 1, features: 10, classes: 2, centroids: 50, driftingCentroids: 50, speed: 0.0001 },
  function* ({ features: d, classes, centroids, driftingCentroids, speed }, random) {
    checkRange('randomRbf', 'centroids', centroids >= 1, 'at least 1', centroids);
    const centers = new MovingPoints(random, centroids, d, 1, speed);
    const labels = centers.positions.map(() => nextInt(random, classes));
    const deviations = nextUniforms(random, centroids);
    const weights = nextUniforms(random, centroids);
    for (;;) {
      const chosen = nextWeighted(random, weights);
      const offset = nextOffset(random, d, deviations[chosen]!);
      yield { features: centers.positions[chosen]!.map((x, j) => x + offset[j]!), label: labels[chosen]! };
      centers.step(driftingCentroids);
    }
  },
);

/** A random direction, as long as |N(0, deviation²)|. */
function nextOffset(random: Random, dimension: number, deviation: number): number[] {
  const direction = nextUniforms(random, dimension).map((u) => 2 * u - 1);
  const scale = (nextNormal(random) * deviation) / Math.hypot(...direction);
  return direction.map((x) => x * scale);
}

/** An index, each as likely as its weight. */
function nextWeighted(random: Random, weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = random.next() * total;
  for (let i = 0; i < weights.length - 1; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return weights.length - 1;
}
