import { describe, expect, it } from 'vitest';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { changePoints } from '../../src/monitors/change-points.ts';

/** Unit-variance noise around a level for each stretch. */
function noisyLevels(stretches: readonly (readonly [level: number, points: number])[], seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from(
    stretches.flatMap(([level, points]) => Array.from({ length: points }, () => level + nextNormal(random))),
  );
}

describe('changePoints', () => {
  it('finds the first point of every new level', () => {
    const levels = [
      [0, 60],
      [8, 40],
      [-4, 50],
    ] as const;
    for (let seed = 1; seed <= 50; seed++) {
      expect(changePoints([noisyLevels(levels, seed)]), `seed ${seed}`).toEqual([60, 100]);
    }
  });

  it('adds up what several series show, each on its own scale', () => {
    const small = noisyLevels([[0, 50], [6, 50]], 3).map((value) => value / 1000); // biome-ignore format: one line
    const quiet = noisyLevels([[0, 100]], 4).map((value) => value * 1000);
    expect(changePoints([quiet, small])).toEqual([50]);
  });

  it('finds nothing in noise alone, in at least 99 of 100 series', () => {
    const found = Array.from({ length: 100 }, (_, seed) => changePoints([noisyLevels([[0, 200]], seed)]).length);
    expect(found.filter((changes) => changes > 0).length).toBeLessThanOrEqual(1);
  });

  it('finds nothing where there is nothing: no points, one point, constant series', () => {
    expect(changePoints([])).toEqual([]);
    expect(changePoints([new Float64Array(0)])).toEqual([]);
    expect(changePoints([Float64Array.of(1)])).toEqual([]);
    expect(changePoints([new Float64Array(100).fill(7)])).toEqual([]);
  });

  it('leaves at least minLength points between changes and the ends', () => {
    const blip = noisyLevels([[0, 50], [30, 3], [0, 50]], 5); // biome-ignore format: one line
    for (const change of changePoints([blip], { minLength: 10 })) {
      expect(change).toBeGreaterThanOrEqual(10);
      expect(change).toBeLessThanOrEqual(blip.length - 10);
    }
  });
});
