import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/host/random.ts';
import { generators } from '../../../src/sources/generators/generators.ts';
import { expectMean, expectShare, meanOf, rowsOf, shareOf, varianceOf } from './rows-of.ts';

describe('randomRbf', () => {
  const options = { seed: 5, features: 3, classes: 3, centroids: 4, speed: 0 };
  const n = 40_000;

  /** The centroids, drawn from the seed in the order of the definition. Directions take two draws a coordinate. */
  function centroids() {
    const random = seededRandom(options.seed);
    const draw = (length: number) => Array.from({ length }, () => random.next());
    const centers = Array.from({ length: 4 }, () => draw(3));
    draw(4 * 3 * 2);
    const labels = draw(4).map((u) => Math.floor(3 * u));
    const deviations = draw(4);
    const weights = draw(4);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return centers.map((center, c) => {
      return { center, label: labels[c]!, deviation: deviations[c]!, chance: weights[c]! / total };
    });
  }

  it('has each class as often as its centroids weigh', () => {
    const rows = rowsOf(generators.randomRbf(options), n);
    for (const label of [0, 1, 2]) {
      const chance = centroids().reduce((sum, each) => sum + (each.label === label ? each.chance : 0), 0);
      expectShare(
        shareOf(rows, (row) => row.label === label),
        chance,
        n,
        1e-12,
      );
    }
  });

  it('has the mean and the variance of a mixture of clouds around its centroids', () => {
    const rows = rowsOf(generators.randomRbf(options), n);
    // In each coordinate the cloud's variance is deviation² · E[a_j² / ‖a‖²] = deviation² / d, by symmetry.
    for (let j = 0; j < 3; j++) {
      const mean = centroids().reduce((sum, { center, chance }) => sum + chance * center[j]!, 0);
      const variance = centroids().reduce((sum, { center, deviation, chance }) => {
        return sum + chance * ((center[j]! - mean) ** 2 + deviation ** 2 / 3);
      }, 0);
      const values = rows.map(({ features }) => features[j]!);
      expectMean(meanOf(values), mean, variance, n);
      // Kurtosis of such a mixture stays below 20, so the variance of (x − mean)² is below 19 · variance².
      expectMean(varianceOf(values), variance, 19 * variance ** 2, n);
    }
  });

  it('moves its centroids with speed, inside the cube', () => {
    const stream = generators.randomRbf({ seed: 5, centroids: 1, driftingCentroids: 1, features: 2, speed: 0.001 });
    const rows = rowsOf(stream, 60_000);
    const block = (start: number) => rows.slice(start, start + 200).map(({ features }) => features);
    const center = (start: number) => [0, 1].map((j) => meanOf(block(start).map((x) => x[j]!)));
    const centers = Array.from({ length: 300 }, (_, b) => center(200 * b));
    const moved = centers.slice(1).map((c, i) => Math.hypot(c[0]! - centers[i]![0]!, c[1]! - centers[i]![1]!));
    expect(Math.max(...moved)).toBeGreaterThan(0.1);
    expect(centers.flat().every((x) => x > -0.25 && x < 1.25)).toBe(true);
  });
});
