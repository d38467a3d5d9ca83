import { describe, expect, it } from 'vitest';
import { StateError, UsageError } from '../../src/errors.ts';
import { nextNormal, type Random, seededRandom } from '../../src/host/random.ts';
import { LossDifferences } from '../../src/monitors/loss-differences.ts';

const BATCHES = 300;

/** Losses of models of these mean losses: what makes a batch hard, and drifts, is in all of them alike. */
function lossesOf(random: Random, means: readonly number[], batch: number): number[] {
  const hard = 3 * Math.sin(batch / 20) + nextNormal(random);
  return means.map((mean) => mean + hard + 0.5 * nextNormal(random));
}

function lossesAfter(batches: number, means: readonly number[], seed: number): LossDifferences {
  const random = seededRandom(seed);
  const differences = new LossDifferences(means.length);
  for (let batch = 0; batch < batches; batch++) differences.add(lossesOf(random, means, batch));
  return differences;
}

describe('LossDifferences', () => {
  it('calls one of several equal models better in at most 5 of 100 streams, looked at after every batch', () => {
    const streams = 200;
    let wrong = 0;
    for (let seed = 0; seed < streams; seed++) {
      const differences = lossesAfter(BATCHES, [1, 1, 1], seed);
      const pairs = [[0, 1], [0, 2], [1, 2]] as const; // biome-ignore format: one line
      if (pairs.some(([i, j]) => differences.between(i, j).verdict !== 'not yet')) wrong++;
    }
    // 5 %, and three standard errors of the simulation.
    expect(wrong).toBeLessThanOrEqual(streams * 0.05 + 3 * Math.sqrt(streams * 0.05 * 0.95));
  });

  it('finds a real difference, and from both sides', () => {
    const differences = lossesAfter(BATCHES, [1, 1.3], 1);
    const [found, back] = [differences.between(0, 1), differences.between(1, 0)];
    expect([found.verdict, back.verdict]).toEqual(['better', 'worse']);
    expect(found.difference).toBe(-back.difference);
    expect(found.interval[0]).toBeLessThan(-0.3);
    expect(found.interval[1]).toBeGreaterThan(-0.3);
    expect(found.interval[1]).toBeLessThan(0);
  });

  it('says nothing before the minimum of batches, nor of models that are the same', () => {
    expect(lossesAfter(19, [1, 100], 2).between(0, 1)).toMatchObject({ batches: 19, verdict: 'not yet' });
    expect(lossesAfter(20, [1, 100], 2).between(0, 1).verdict).toBe('better');
    const same = new LossDifferences(2);
    for (let batch = 0; batch < 50; batch++) same.add([batch, batch]);
    expect(same.between(0, 1)).toMatchObject({ difference: 0, verdict: 'not yet' });
  });

  it('goes on from its snapshot, and refuses that of another number of models', () => {
    const differences = lossesAfter(100, [1, 1.3, 2], 3);
    const resumed = new LossDifferences(3);
    resumed.restore(differences.snapshot());
    expect(resumed.between(0, 1)).toEqual(differences.between(0, 1));
    expect(resumed.snapshot()).toEqual(differences.snapshot());
    expect(() => new LossDifferences(2).restore(differences.snapshot())).toThrow(StateError);
    expect(() => new LossDifferences(2, { alpha: 2 })).toThrow(UsageError);
  });
});
