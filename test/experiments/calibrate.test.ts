import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { calibrate } from '../../src/experiments/calibrate.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';

const arms = { control: 0.5, treatment: 0.5 };

/** Events of users with a level of their own, so that the events of one are alike. */
function events(users: number, perUser: number): Observation[] {
  const random = seededRandom(9);
  const levels = Array.from({ length: users }, () => 2 * nextNormal(random));
  return Array.from({ length: users * perUser }, () => {
    const unit = Math.floor(random.next() * users);
    return { arm: '', unit, value: levels[unit]! + nextNormal(random) };
  });
}

describe('calibrate', () => {
  it('shows that a test by user is at its level, and one that takes events for independent is not', () => {
    const past = events(300, 10);
    const byUser = calibrate(past, { arms, minimumPerArm: 50 });
    expect(byUser.falsePositiveRate).toBeLessThan(0.05 + 3 * 0.0155);
    expect(byUser.missedRate).toBe(byUser.falsePositiveRate);
    const byEvent = calibrate(past, { arms, minimumPerArm: 50, units: 'each observation', sampleRatioAlpha: 1e-9 });
    expect(byEvent.falsePositiveRate).toBeGreaterThan(0.2);
    expect(byEvent.standardError).toBeCloseTo(
      Math.sqrt((byEvent.falsePositiveRate * (1 - byEvent.falsePositiveRate)) / 200),
      12,
    );
  });

  it('deals units by the shares of their epoch, and tells the chance of it where units are weighted', () => {
    const past = events(2000, 1);
    const epochs = { later: { control: 0.1, treatment: 0.9 } };
    const inTwo = past.map((each, i) => ({ ...each, unit: i, epoch: i < 1000 ? '' : 'later' }));
    const weighted = { arms: { control: 0.3, treatment: 0.7 }, allocation: 'by propensity' } as const;
    // With so large an α much is called different, unless arms of the wrong sizes made it invalid.
    const some = { alpha: 0.9, method: { kind: 'asymptotic', tunedFor: 200 }, minimumPerArm: 10 } as const;
    const options = { experiments: 20, looks: 4 };
    expect(calibrate(inTwo, { arms, epochs, ...some }, options).falsePositiveRate).toBeGreaterThan(0);
    expect(calibrate(past, { ...weighted, ...some }, options).falsePositiveRate).toBeGreaterThan(0);
  });

  it('gives the same from the same seed, and refuses fewer observations than looks', () => {
    const past = events(200, 2);
    const options = { experiments: 10, looks: 5, seed: 4 };
    expect(calibrate(past, { arms }, options)).toEqual(calibrate(past, { arms }, options));
    expect(() => calibrate(past.slice(0, 4), { arms }, options)).toThrow(UsageError);
  });
});
