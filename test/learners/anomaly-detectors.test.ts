import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { HalfSpaceTrees } from '../../src/learners/half-space-trees.ts';
import { RobustZScore } from '../../src/learners/robust-z-score.ts';
import { teach } from './teach.ts';

/** The standard deviation of a normal distribution over its median absolute deviation. */
const BY_MEDIAN = 1.4826022185056018;

describe('RobustZScore', () => {
  it('scores by the median and the median distance of the window, its strangest feature counting', () => {
    const learner = new RobustZScore({ numFeatures: 2, windowSize: 5 });
    teach(learner, [
      [100, 100],
      [1, 10],
      [2, 10],
      [3, 20],
      [4, 30],
      [50, 30],
    ]);
    // The window is [1, 2, 3, 4, 50]: median 3, distances 2 1 0 1 47; and [10, 10, 20, 30, 30]: median 20, distances 10 10 0 10 10.
    expect(learner.learnedValues()).toEqual(Float64Array.of(3, 20, BY_MEDIAN, 10 * BY_MEDIAN));
    const scores = learner.predict(
      toFeatures(
        [
          [3, 20],
          [6, 20],
          [3, 60],
        ],
        2,
      ),
    );
    expect(Array.from(scores)).toEqual([0, 3 / BY_MEDIAN, 40 / (10 * BY_MEDIAN)]);
  });

  it('takes the mean distance where most values are the same, and stays finite where all are', () => {
    const learner = new RobustZScore({ numFeatures: 1 });
    teach(learner, [[5], [5], [5], [9]]);
    expect(learner.predict(toFeatures([[9]], 1))[0]).toBeCloseTo(4 / Math.sqrt(Math.PI / 2), 12);
    const constant = new RobustZScore({ numFeatures: 1 });
    teach(constant, [[5], [5], [5]]);
    expect(Array.from(constant.predict(toFeatures([[5], [6]], 1)))).toEqual([0, 1 / (1e-9 * 5)]);
  });

  it('says nothing before the third row, and counts a row of weight 3 as three', () => {
    const [weighted, repeated] = [new RobustZScore({ numFeatures: 1 }), new RobustZScore({ numFeatures: 1 })];
    expect(teach(weighted, [[1], [7]])).toBe(0);
    expect(weighted.predict(toFeatures([[99]], 1))[0]).toBe(0);
    teach(weighted, [{ features: [4], weight: 3 }, [9]]);
    teach(repeated, [[1], [7], [4], [4], [4], [9]]);
    expect(weighted.learnedValues()).toEqual(repeated.learnedValues());
  });

  it('refuses options out of range', () => {
    expect(() => new RobustZScore({ numFeatures: 0 })).toThrow(UsageError);
    expect(() => new RobustZScore({ numFeatures: 1, windowSize: 1 })).toThrow(UsageError);
  });
});

describe('HalfSpaceTrees', () => {
  const random = seededRandom(3);
  const usual = Array.from({ length: 2000 }, () => [0.3 + 0.05 * nextNormal(random), 0.7 + 0.05 * nextNormal(random)]);

  it('scores what is far from all rows above nearly all of them', () => {
    const learner = new HalfSpaceTrees({ numFeatures: 2 });
    teach(learner, usual.slice(0, 1000));
    const rest = Array.from(learner.predict(toFeatures(usual.slice(1000), 2))).sort((a, b) => a - b);
    for (const score of learner.predict(
      toFeatures(
        [
          [0.9, 0.1],
          [0.3, 0.1],
          [0.05, 0.95],
        ],
        2,
      ),
    )) {
      expect(score).toBeGreaterThan(rest[990]!);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it('gives scores of a half to rows that are spread evenly', () => {
    const even = Array.from({ length: 20_000 }, () => [random.next(), random.next()]);
    const learner = new HalfSpaceTrees({ numFeatures: 2, nTrees: 50, height: 4, windowSize: 20_000 });
    teach(learner, even);
    const scores = learner.predict(toFeatures(even, 2));
    const density = scores.reduce((sum, score) => sum + 1 / score - 1, 0) / scores.length;
    // Where halves are uneven, more rows are in the larger one: by the padding, a little more than 1.
    expect(density).toBeGreaterThan(0.9);
    expect(density).toBeLessThan(2);
  });

  it('splits between 15 and 85 hundredths of a range, at a feature drawn for each branch', () => {
    const { thresholds, features } = new HalfSpaceTrees({ numFeatures: 3, nTrees: 2000, height: 1 }).snapshot() as {
      thresholds: Float64Array;
      features: Float64Array;
    };
    const sorted = thresholds.slice().sort();
    expect(sorted[0]).toBeGreaterThanOrEqual(0.15);
    expect(sorted[0]).toBeLessThan(0.16);
    expect(sorted[1999]).toBeLessThanOrEqual(0.85);
    expect(sorted[1999]).toBeGreaterThan(0.84);
    for (const feature of [0, 1, 2]) expect(features.filter((each) => each === feature).length).toBeGreaterThan(600);
  });

  it('scores by the mass of the first node with less than a tenth of the window, or the leaf', () => {
    const [nTrees, height, windowSize] = [5, 6, 1000];
    const learner = new HalfSpaceTrees({ numFeatures: 2, nTrees, height, windowSize });
    teach(learner, usual.slice(0, windowSize));
    const { features, thresholds, reference } = learner.snapshot() as Record<string, Float64Array>;
    const [branches, nodes] = [2 ** height - 1, 2 ** (height + 1) - 1];
    const rows = Array.from({ length: 200 }, () => [random.next(), random.next()]);
    const expected = rows.map((row) => {
      let density = 0;
      for (let tree = 0; tree < nTrees; tree++) {
        let [node, depth] = [0, 0];
        for (; depth < height && reference![tree * nodes + node]! >= 0.1 * windowSize; depth++) {
          const at = tree * branches + node;
          node = 2 * node + (row[features![at]!]! < thresholds![at]! ? 1 : 2);
        }
        density += (reference![tree * nodes + node]! * 2 ** depth) / windowSize / nTrees;
      }
      return 1 / (1 + density);
    });
    for (const [i, score] of learner.predict(toFeatures(rows, 2)).entries())
      expect(score).toBeCloseTo(expected[i]!, 12);
  });

  it('scores by the last full window only', () => {
    const learner = new HalfSpaceTrees({ numFeatures: 2, windowSize: 500 });
    expect(teach(learner, usual.slice(0, 499))).toBe(0);
    expect(learner.predict(toFeatures(usual.slice(0, 3), 2))).toEqual(new Float64Array(3));
    teach(learner, usual.slice(499, 500));
    const moved = usual.map(([x, y]) => [x! + 0.5, y! - 0.5]);
    const [before] = learner.predict(toFeatures([[0.8, 0.2]], 2));
    teach(learner, moved.slice(0, 499));
    expect(learner.predict(toFeatures([[0.8, 0.2]], 2))[0]).toBe(before);
    teach(learner, moved.slice(499, 500));
    expect(learner.predict(toFeatures([[0.8, 0.2]], 2))[0]).toBeLessThan(before! / 2);
  });

  it('refuses options out of range', () => {
    const wrong = [{ nTrees: 0 }, { height: 21 }, { windowSize: 0 }, { limits: [1, 1] as const }, { seed: 0.5 }];
    for (const options of wrong) expect(() => new HalfSpaceTrees({ numFeatures: 1, ...options })).toThrow(UsageError);
  });
});
