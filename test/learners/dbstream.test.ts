import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { StateError, UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { DBSTREAM, type DBSTREAMOptions } from '../../src/learners/dbstream.ts';
import { expectRefusal } from './expect-refusal.ts';

const update = (learner: DBSTREAM, rows: readonly number[][]) => learner.update({ features: toFeatures(rows, 2) });

/** A ring around another: no straight line, and no pair of centres, tells one from the other. */
function rings(count: number): { rows: number[][]; outer: boolean[] } {
  const random = seededRandom(4);
  const outer = Array.from({ length: count }, () => random.next() < 0.7);
  const rows = outer.map((out) => {
    const [radius, angle] = [(out ? 6 : 2) + 0.2 * nextNormal(random), 2 * Math.PI * random.next()];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { rows, outer };
}

describe('DBSTREAM', () => {
  it('finds clusters of any shape, and how many there are', () => {
    const { rows, outer } = rings(4000);
    const learner = new DBSTREAM({ numFeatures: 2, radius: 0.8 });
    update(learner, rows);
    const labels = learner.predict(toFeatures(rows, 2));
    const ofOuter = labels[outer.indexOf(true)]!;
    expect(new Set(labels)).toEqual(new Set([0, 1]));
    expect(outer.filter((out, i) => out === (labels[i] === ofOuter))).toHaveLength(rows.length);
  });

  it('forgets a cluster that no rows come to any more', () => {
    const random = seededRandom(9);
    const around = (x: number) =>
      Array.from({ length: 1000 }, () => [x + 0.3 * nextNormal(random), nextNormal(random)]);
    const learner = new DBSTREAM({ numFeatures: 2, radius: 1, fadingFactor: 0.01, cleanupInterval: 100 });
    update(learner, around(0));
    expect(learner.microClusters().some(({ center }) => center[0]! < 5)).toBe(true);
    update(learner, around(10));
    update(learner, around(10));
    expect(learner.microClusters().every(({ center }) => center[0]! > 5)).toBe(true);
  });

  it('takes single far points for noise', () => {
    const random = seededRandom(2);
    const learner = new DBSTREAM({ numFeatures: 2, radius: 1 });
    update(learner, [...Array.from({ length: 500 }, () => [nextNormal(random) / 4, nextNormal(random) / 4]), [50, 50]]);
    expect(learner.microClusters().at(-1)).toEqual({ center: Float64Array.of(50, 50), weight: 1, cluster: -1 });
    expect(learner.predict(toFeatures([[50, 50]], 2))).toEqual(Float64Array.of(0));
  });

  it('counts a row of weight w as w in what micro-clusters weigh', () => {
    const learner = new DBSTREAM({ numFeatures: 2, radius: 1, minWeight: 0 });
    learner.update({
      features: toFeatures(
        [
          [0, 0],
          [0, 0],
        ],
        2,
      ),
      weights: Float64Array.of(2, 3),
    });
    expect(learner.microClusters()[0]!.weight).toBeCloseTo(2 * 2 ** -0.001 + 3, 12);
  });

  it.each([
    [-1, 1],
    [0.5, 1],
    [1, 0],
    [1, 1],
    [0, 2],
    [Number.NaN, 1],
  ])('refuses a saved pair of %d and %d among two, and is then as before', (older, younger) => {
    const learner = new DBSTREAM({ numFeatures: 2, radius: 1 });
    update(learner, [
      [0, 0],
      [9, 9],
    ]);
    const before = learner.snapshot();
    expectRefusal(
      () => learner.restore({ ...before, shared: Float64Array.of(older, younger, 1, 1) }),
      StateError,
      'does-not-fit',
      'DBSTREAM: expected saved pairs of 2 micro-clusters, got others',
    );
    expect(learner.snapshot()).toEqual(before);
  });

  it.each<[Partial<DBSTREAMOptions>, string]>([
    [{ numFeatures: 0 }, 'Number of features must be positive but got 0'],
    [{ radius: 0 }, 'Radius must be positive but got 0'],
    [{ fadingFactor: 0 }, 'Fading factor must be positive but got 0'],
    [{ cleanupInterval: 0.5 }, 'Cleanup interval must be a positive whole number but got 0.5'],
    [{ minWeight: -1 }, 'Least weight must be nonnegative but got -1'],
    [{ intersectionFactor: 2 }, 'Intersection factor must be in range (0, 1] but got 2'],
  ])('refuses %j', (options, message) => {
    const make = () => new DBSTREAM({ numFeatures: 2, radius: 1, ...options });
    expectRefusal(make, UsageError, 'bad-option', `DBSTREAM: ${message}`);
  });
});
