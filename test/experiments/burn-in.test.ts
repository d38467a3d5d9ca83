import { describe, expect, it } from 'vitest';
import { type Snapshot, type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { cut } from '../flows/flow.ts';

const arms = { control: 0.5, treatment: 0.5 };
const HOUR = 3_600_000;

/** Twelve visits of each of 300 users, an hour apart; for the first four, what is new makes the treated spend more. */
const visits = Array.from({ length: 12 }, (_, visit) => {
  const random = seededRandom(visit);
  return Array.from({ length: 300 }, (_each, user): Observation => {
    const treated = user % 2 === 1;
    const novelty = treated && visit < 4 ? 5 : 0;
    const arm = treated ? 'treatment' : 'control';
    return { arm, unit: user, value: nextNormal(random) + novelty, time: visit * HOUR, covariate: user % 3 };
  });
}).flat();

function estimateOf(observations: readonly Observation[], options: Partial<SequentialTestOptions>, size = 500) {
  const experiment = new SequentialTest({ arms, ...options });
  for (const batch of cut(observations, size)) experiment.update(batch);
  return experiment.result().comparisons[0]!.absolute.estimate;
}

describe('a burn-in', () => {
  const expected = estimateOf(
    visits.filter(({ time }) => time! >= 4 * HOUR),
    {},
  );

  it('leaves out what units did at first, by count or by time, for any cut into batches', () => {
    expect(estimateOf(visits, {})).toBeGreaterThan(expected + 15);
    for (const burnIn of [{ observations: 4 }, { time: '4 hours' }, { time: 3.5 * HOUR }] as const) {
      for (const size of [7, 500, visits.length]) {
        const got = estimateOf(visits, { burnIn }, size);
        expect(Math.abs(got - expected), `${JSON.stringify(burnIn)}, batches of ${size}`).toBeLessThan(1e-12);
      }
    }
  });

  it('counts the units all the same, those too that never come back', () => {
    const experiment = new SequentialTest({ arms, burnIn: { time: '4 hours' } });
    const { arms: sizes, comparisons } = experiment.update(visits.filter(({ time }) => time! < 4 * HOUR));
    expect(sizes.map(({ units }) => units)).toEqual([150, 150]);
    expect(comparisons[0]!.absolute.estimate).toBe(0);
  });

  it('counts the observations of each metric for themselves', () => {
    const metrics = { first: {}, second: {} };
    const all = visits.flatMap((each) => [
      { ...each, metric: 'first' },
      { ...each, metric: 'second' },
    ]);
    expect(estimateOf(all, { metrics, burnIn: { observations: 4 } })).toBeCloseTo(expected, 12);
  });

  it('takes a late observation from before the first for one within it', () => {
    const late: Observation = { arm: 'treatment', unit: 1, value: 1e6, time: -HOUR };
    const got = estimateOf([...visits, late], { burnIn: { time: '4 hours' } });
    expect(Math.abs(got - expected)).toBeLessThan(1e-12);
  });

  it('goes on from a snapshot as if it had never stopped, and is undone with its batch', () => {
    const options = { arms, burnIn: { time: '4 hours' } } as const;
    const whole = new SequentialTest(options);
    let stopped = new SequentialTest(options);
    for (const batch of cut(visits, 250)) {
      whole.update(batch);
      expect(() => stopped.update([...batch, { arm: 'nobody', unit: 1, value: 1 }])).toThrow(DataError);
      stopped.update(batch);
      const saved: Snapshot = snapshotFromText(snapshotToText(stopped.snapshot()));
      stopped = new SequentialTest(options);
      stopped.restore(saved as SnapshotRecord);
      expect(stopped.result()).toEqual(whole.result());
    }
  });

  it.each<Partial<SequentialTestOptions>>([
    { burnIn: { observations: 0 } },
    { burnIn: { observations: 1.5 } },
    { burnIn: { time: 'a while' as '1 hour' } },
    { burnIn: { observations: 3 }, units: 'each observation' },
  ])('refuses %j', (options) => {
    expect(() => new SequentialTest({ arms, ...options })).toThrow(UsageError);
  });
});
