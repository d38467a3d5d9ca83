/**
 * What each generator's definition says about its rows: shares and moments in closed form, or, where the definition gives no
 * closed form, the best classifier worked out here from the definition.
 */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/host/random.ts';
import { conceptDriftStream } from '../../../src/sources/generators/concept-drift-stream.ts';
import { generators } from '../../../src/sources/generators/generators.ts';
import type { GeneratedRow } from '../../../src/sources/generators/row-generator.ts';
import { expectMean, expectShare, meanOf, rowsOf, shareOf, varianceOf } from './rows-of.ts';

const isPositive = ({ label }: GeneratedRow) => label === 1;

describe('sea', () => {
  it('has 1 − θ²/200 positive rows in each of its four blocks', () => {
    const blockRows = 20_000;
    const rows = rowsOf(generators.sea({ blockRows, noise: 0 }), 5 * blockRows);
    for (const [block, theta] of [8, 9, 7, 9.5, 9.5].entries()) {
      const share = shareOf(rows.slice(block * blockRows, (block + 1) * blockRows), isPositive);
      expectShare(share, 1 - theta ** 2 / 200, blockRows);
    }
  });

  it('flips the share of labels that noise asks for', () => {
    const rows = rowsOf(generators.sea({ thetas: [8], noise: 0.1 }), 20_000);
    const flipped = ({ features: [x0, x1], label }: GeneratedRow) => (x0! + x1! > 8 ? 1 : 0) !== label;
    expectShare(shareOf(rows, flipped), 0.1, rows.length);
  });

  it('draws x0, x1, x2 and nothing else of a row without noise', () => {
    const random = seededRandom(42);
    const drawn = Array.from({ length: 3 }, () => 10 * random.next());
    expect(rowsOf(generators.sea({ seed: 42, noise: 0 }), 1)[0]!.features).toEqual(drawn);
    expect(rowsOf(generators.sea({ seed: 42, noise: 0 }), 2)[1]!.features[0]).toBe(10 * random.next());
  });
});

describe('hyperplane', () => {
  it('has as many positive rows as negative ones', () => {
    const rows = rowsOf(generators.hyperplane({ magnitude: 0 }), 40_000);
    expectShare(shareOf(rows, isPositive), 0.5, rows.length);
  });

  it('flips the share of labels that noise asks for, and changes nothing else', () => {
    const clean = rowsOf(generators.hyperplane({ noise: 0 }), 20_000);
    const noisy = rowsOf(generators.hyperplane({ noise: 0.05 }), 20_000);
    expect(noisy.map(({ features }) => features)).toEqual(clean.map(({ features }) => features));
    const flipped = shareOf(noisy, ({ label }, i) => label !== clean[i]!.label);
    expectShare(flipped, 0.05, noisy.length);
  });

  it('turns towards the feature whose weight only grows', () => {
    const last = (magnitude: number) => {
      const options = { seed: 2, features: 2, driftingFeatures: 1, magnitude, turn: 0, noise: 0 };
      return rowsOf(generators.hyperplane(options), 20_000).slice(-5000);
    };
    const byFirst = ({ features: [x0], label }: GeneratedRow) => (x0! >= 0.5 ? 1 : 0) === label;
    expect(shareOf(last(0.1), byFirst)).toBeGreaterThan(0.999);
    expect(shareOf(last(0), byFirst)).toBeLessThan(0.95);
  });

  it('keeps its plane without drift: opposite points have opposite labels', () => {
    // The plane goes through the middle, so a point and its mirror image lie on different sides, whatever the weights are.
    const rows = rowsOf(generators.hyperplane({ features: 1, magnitude: 0, driftingFeatures: 0, noise: 0 }), 5000);
    expect(rows.every(({ features: [x], label }) => (x! >= 0.5 ? 1 : 0) === label)).toBe(true);
  });
});

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

describe('driftingClusters', () => {
  it('has labels of equal chance, each around its own centre', () => {
    const n = 30_000;
    const rows = rowsOf(generators.driftingClusters({ seed: 3, k: 3, deviation: 0.5 }), n);
    for (const label of [0, 1, 2]) {
      const members = rows.filter((row) => row.label === label);
      expectShare(members.length / n, 1 / 3, n);
      for (const j of [0, 1]) {
        const variance = varianceOf(members.map(({ features }) => features[j]!));
        expectMean(variance, 0.25, 2 * 0.25 ** 2, members.length);
      }
    }
  });

  it('draws new centres at the rows that jumpsAt names, and only there', () => {
    const rows = rowsOf(generators.driftingClusters({ seed: 3, k: 1, deviation: 0.001, jumpsAt: [100, 150] }), 200);
    const jumps = rows.flatMap(({ features: [x, y] }, i) => {
      const before = rows[i - 1]?.features ?? [x!, y!];
      return Math.hypot(x! - before[0]!, y! - before[1]!) > 0.1 ? [i] : [];
    });
    expect(jumps).toEqual([100, 150]);
  });

  it('moves each centre by its speed with every row, within the cube', () => {
    const rows = rowsOf(generators.driftingClusters({ k: 1, features: 3, deviation: 0, speed: 0.01 }), 5000);
    const lengths = rows.slice(1).map(({ features }, i) => {
      return Math.hypot(...features.map((x, j) => x - rows[i]!.features[j]!));
    });
    expect(shareOf(lengths, (length) => Math.abs(length - 0.01) < 1e-12)).toBeGreaterThan(0.98);
    expect(lengths.every((length) => length < 0.01 + 1e-12)).toBe(true);
    expect(rows.every(({ features }) => features.every((x) => x >= 0 && x <= 10))).toBe(true);
  });
});

describe('friedman', () => {
  const n = 50_000;

  it('has mean 14.41 and signal variance 23.86', () => {
    const labels = rowsOf(generators.friedman({ noise: 0 }), n).map(({ label }) => label);
    expectMean(meanOf(labels), 14.41, 23.86, n, 0.005);
    // A bounded signal of this shape has a kurtosis below 3.
    expectMean(varianceOf(labels), 23.86, 2 * 23.86 ** 2, n, 0.005);
  });

  it('adds noise of the deviation asked for', () => {
    const rows = rowsOf(generators.friedman({ noise: 1 }), n);
    const noise = rows.map(({ features: [x0, x1, x2, x3, x4], label }) => {
      return label - 10 * Math.sin(Math.PI * x0! * x1!) - 20 * (x2! - 0.5) ** 2 - 10 * x3! - 5 * x4!;
    });
    expectMean(meanOf(noise), 0, 1, n);
    expectMean(varianceOf(noise), 1, 2, n);
  });

  it('drifts in regions that grow at each change', () => {
    const every = 20_000;
    const stream = (changesAt: readonly number[]) => rowsOf(generators.friedman({ noise: 0, changesAt }), 4 * every);
    const still = stream([]);
    const differs = stream([every, 2 * every, 3 * every]).map(({ label }, i) => label !== still[i]!.label);
    // Two boxes, bounded on four, then three, then two sides of length 0.3.
    for (const [block, share] of [0, 2 * 0.3 ** 4, 2 * 0.3 ** 3, 2 * 0.3 ** 2].entries()) {
      const got = shareOf(differs.slice(block * every, (block + 1) * every), Boolean);
      expectShare(got, share, every, 1e-12);
    }
  });
});

describe('sine', () => {
  it.each([
    [0, 0.4597],
    [1, 0.5637],
    [2, 1 - 0.4597],
    [3, 1 - 0.5637],
  ])('has in variant %i a share of %f positive rows', (variant, share) => {
    const rows = rowsOf(generators.sine({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length, 1e-4);
  });
});

describe('stagger', () => {
  it.each([
    [0, 1 / 9],
    [1, 5 / 9],
    [2, 2 / 3],
  ])('has in variant %i a share of %f positive rows', (variant, share) => {
    const rows = rowsOf(generators.stagger({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length);
  });
});

describe('agrawal', () => {
  it.each([
    [0, 0.672],
    [1, 0.385],
    [2, 0.535],
    [3, 0.385],
    [4, 0.4],
  ])('has in variant %i a share of %f in group A', (variant, share) => {
    const rows = rowsOf(generators.agrawal({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length, 5e-4);
  });

  it.each([
    [5, 0.381],
    [6, 0.501],
    [7, 0.983],
    [8, 0.501],
    [9, 0.998],
  ])('has in variant %i, with a slightly smaller commission than where it was measured, about %f', (variant, share) => {
    const rows = rowsOf(generators.agrawal({ variant }), 40_000);
    expectShare(shareOf(rows, isPositive), share, rows.length, 0.02);
  });
});

describe('led', () => {
  it.each([
    [0.05, 0.867],
    [0.1, 0.74],
    [0.2, 0.513],
  ])('lets the best classifier at noise %f be right at a share of %f', (noise, share) => {
    const digits = rowsOf(generators.led({ noise: 0 }), 2000).reduce(
      (patterns, { features, label }) => patterns.set(label, features),
      new Map<number, readonly number[]>(),
    );
    expect(digits.size).toBe(10);
    const rows = rowsOf(generators.led({ noise }), 40_000);
    const differences = (a: readonly number[], b: readonly number[]) => a.filter((bit, i) => bit !== b[i]).length;
    const nearest = (features: readonly number[]) => {
      const distances = Array.from({ length: 10 }, (_, digit) => differences(features, digits.get(digit)!));
      return distances.indexOf(Math.min(...distances));
    };
    expectShare(
      shareOf(rows, ({ features, label }) => nearest(features) === label),
      share,
      rows.length,
      5e-4,
    );
  });

  it('adds irrelevant bits', () => {
    const rows = rowsOf(generators.led({ irrelevantFeatures: 17 }), 20_000);
    expect(rows[0]!.features).toHaveLength(24);
    expectShare(
      shareOf(rows, ({ features }) => features[23] === 1),
      0.5,
      rows.length,
    );
  });
});

describe('waveform', () => {
  it('lets the best classifier be right at a share of 0.867', () => {
    const triangle = (peak: number) => Array.from({ length: 21 }, (_, i) => Math.max(0, 6 - Math.abs(i - peak)));
    const [h1, h2, h3] = [triangle(6), triangle(14), triangle(10)];
    const pairs = [
      [h1, h2],
      [h1, h3],
      [h2, h3],
    ] as const;
    const steps = 40;
    /** The likelihood of a wave under a class, but for a constant: the mean over u of exp(−‖x − mixture‖²/2). */
    const likelihood = (x: readonly number[], [a, b]: readonly (readonly number[])[]) => {
      let sum = 0;
      for (let step = 0; step < steps; step++) {
        const u = (step + 0.5) / steps;
        let squares = 0;
        for (let i = 0; i < 21; i++) squares += (x[i]! - u * a![i]! - (1 - u) * b![i]!) ** 2;
        sum += Math.exp(-squares / 2);
      }
      return sum;
    };
    const rows = rowsOf(generators.waveform(), 10_000);
    const best = ({ features }: GeneratedRow) => {
      const likelihoods = pairs.map((pair) => likelihood(features, pair));
      return likelihoods.indexOf(Math.max(...likelihoods));
    };
    expectShare(
      shareOf(rows, (row) => best(row) === row.label),
      0.867,
      rows.length,
      2e-3,
    );
  });

  it('adds noise features of variance 1', () => {
    const rows = rowsOf(generators.waveform({ noiseFeatures: 19 }), 10_000);
    expect(rows[0]!.features).toHaveLength(40);
    const last = rows.map(({ features }) => features[39]!);
    expectMean(varianceOf(last), 1, 2, rows.length);
  });
});

describe('conceptDriftStream', () => {
  const constant = (label: number): Iterable<GeneratedRow> => ({
    *[Symbol.iterator]() {
      for (;;) yield { features: [], label };
    },
  });

  it('draws from the second stream by the sigmoid of the distance to the position', () => {
    const position = 20_000;
    const width = 20_000;
    const rows = rowsOf(conceptDriftStream({ from: constant(0), to: constant(1), position, width }), 40_000);
    for (const center of [10_000, 15_000, 20_000, 25_000, 30_000]) {
      const block = rows.slice(center - 500, center + 500);
      expectShare(shareOf(block, isPositive), 1 / (1 + Math.exp((-4 * (center - position)) / width)), 1000);
    }
  });

  it('jumps where the width is 1, and is the same each time', () => {
    const stream = conceptDriftStream({ from: constant(0), to: constant(1), position: 100, width: 1 });
    const labels = rowsOf(stream, 200).map(({ label }) => label);
    expect(labels.slice(0, 95)).toEqual(Array.from({ length: 95 }, () => 0));
    expect(labels.slice(105)).toEqual(Array.from({ length: 95 }, () => 1));
    expect(rowsOf(stream, 200).map(({ label }) => label)).toEqual(labels);
  });
});
