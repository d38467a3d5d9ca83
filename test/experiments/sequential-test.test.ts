import { describe, expect, it } from 'vitest';
import { snapshotToText } from '../../src/batch/snapshot.ts';
import { UsageError } from '../../src/errors.ts';
import { type ArmEstimate, absoluteEffect } from '../../src/experiments/effect.ts';
import { eBenjaminiHochberg, eValueOf } from '../../src/experiments/false-discoveries.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { asymptoticTest } from '../../src/numeric/mixture-test.ts';
import { cut } from '../flows/flow.ts';
import { ARMS, events, only, units, watched } from './watched-events.ts';

const DAY = 86_400_000;

describe('SequentialTest', () => {
  it('comes to the same estimate for any cut into batches, and with observations in any order', () => {
    const all = events(3000, 0.2);
    const metrics = { value: { covariate: true, cap: 4 } };
    const expected = only(watched([all], { metrics })).absolute.estimate;
    expect(Math.abs(expected)).toBeGreaterThan(0.01);
    for (const size of [3, 7, 430, 1000]) {
      const got = only(watched(cut(all, size), { metrics })).absolute.estimate;
      expect(Math.abs(got - expected), `batches of ${size}`).toBeLessThan(1e-12);
    }
    const shuffled = [...all].sort((a, b) => (a.value < b.value ? -1 : 1));
    expect(Math.abs(only(watched([shuffled], { metrics })).absolute.estimate - expected)).toBeLessThan(1e-12);
  });

  it('adds up what a user does, and compares users', () => {
    const all = events(2000, 0.3);
    const sums = new Map<unknown, number>();
    for (const { unit, value } of all) sums.set(unit, (sums.get(unit) ?? 0) + value);
    const meanOf = (rest: number) => {
      const values = [...sums].filter(([unit]) => Number(String(unit).slice(5)) % 2 === rest).map(([, sum]) => sum);
      return values.reduce((total, value) => total + value, 0) / values.length;
    };
    const experiment = watched(cut(all, 100));
    expect(only(experiment).absolute.estimate).toBeCloseTo(meanOf(1) - meanOf(0), 12);
    expect(experiment.size).toBe(sums.size);
  });

  it('never lets a p-value rise, an interval grow, or a verdict go', () => {
    const experiment = new SequentialTest({ arms: ARMS, units: 'each observation' });
    let last = only(experiment);
    // The effect is there in the beginning only: later looks alone would not find it.
    const batches = [...cut(units(2000, 0.5), 100), ...cut(units(20_000, -0.06, 2), 500)];
    for (const batch of batches) {
      experiment.update(batch);
      const now = only(experiment);
      expect(now.pValue).toBeLessThanOrEqual(last.pValue);
      if (!now.drifting) {
        expect(now.absolute.interval[0]).toBeGreaterThanOrEqual(last.absolute.interval[0]);
        expect(now.absolute.interval[1]).toBeLessThanOrEqual(last.absolute.interval[1]);
      }
      if (last.verdict === 'rejected') expect(now).toMatchObject({ verdict: 'rejected', decidedAt: last.decidedAt });
      last = now;
    }
    expect(last).toMatchObject({ verdict: 'rejected', drifting: true });
    expect(experiment.result().status).toBe('rejected');
  });

  it('does not hold earlier intervals against users who have done more since', () => {
    const experiment = new SequentialTest({ arms: ARMS });
    const all = units(2000, 0.5).map((each) => ({ ...each, value: each.value - 5 }));
    for (let visit = 1; visit <= 5; visit++) {
      experiment.update(all);
      const { interval: [lower, upper] } = only(experiment).absolute; // biome-ignore format: one line
      expect(lower).toBeLessThan(visit * 0.5);
      expect(upper).toBeGreaterThan(visit * 0.5);
      expect(only(experiment).drifting).toBe(false);
    }
  });

  it('says nothing, with p = 1, on one arm, on few units and without variance', () => {
    const alike = (perArm: number) => units(perArm, 0).map((each) => ({ ...each, value: 3 }));
    for (const [batch, reason] of [
      [units(500, 9).filter(({ arm }) => arm === 'treatment'), /^sample ratio mismatch/],
      [units(30, 9), 'control has 30 units; it needs 100'],
      [alike(200), 'value has no variance'],
      [[], 'control has 0 units; it needs 100'],
    ] as const) {
      const experiment = watched([batch]);
      expect(experiment.result().reason).toMatch(reason);
      expect(only(experiment)).toMatchObject({ pValue: 1, verdict: 'not yet' });
    }
  });

  it('withholds the verdict when the arms have the wrong sizes, also where one was given', () => {
    const good = units(1000, 0.5);
    const experiment = new SequentialTest({ arms: ARMS });
    expect(experiment.update(good).status).toBe('rejected');
    const onlyTreated = units(2000, 0.5, 3).filter(({ arm }) => arm === 'treatment');
    const { status, sampleRatio } = experiment.update(
      onlyTreated.map((each) => ({ ...each, unit: `late ${each.unit}` })),
    );
    expect({ status, mismatch: sampleRatio.mismatch }).toEqual({ status: 'invalid', mismatch: true });
    expect(sampleRatio.pValue).toBeLessThan(0.001);
  });

  it('never takes back what the sample-ratio check has seen', () => {
    const arrivals = (control: number, treatment: number, look: number) =>
      Array.from({ length: control + treatment }, (_, i): Observation => {
        return { arm: i < control ? 'control' : 'treatment', unit: `${look} ${i}`, value: i % 7 };
      });
    const experiment = watched([arrivals(580, 420, 0)]);
    const { mismatch, pValue } = experiment.result().sampleRatio;
    expect(pValue).toBeLessThan(0.001);
    const { status, sampleRatio } = experiment.update(arrivals(5000, 5160, 1));
    expect({ mismatch: sampleRatio.mismatch, status }).toEqual({ mismatch, status: 'invalid' });
    expect(sampleRatio.pValue).toBe(pValue);
  });

  it('counts a user who is seen in both arms in neither', () => {
    const all = units(200, 0);
    const experiment = watched([all]);
    const { arms } = experiment.update([{ arm: 'control', unit: 1, value: 1000 }]);
    expect(arms.map((arm) => arm.units)).toEqual([200, 199]);
    expect(experiment.result().crossedUnits).toBe(1);
    const without = only(watched([all.filter(({ unit }) => unit !== 1)])).absolute.estimate;
    expect(only(experiment).absolute.estimate).toBeCloseTo(without, 12);
    experiment.update([{ arm: 'treatment', unit: 1, value: 1000 }]);
    expect(only(experiment).absolute.estimate).toBeCloseTo(without, 12);
    const after = experiment.result();
    expect([after.crossedUnits, ...after.arms.map((arm) => arm.units)]).toEqual([1, 200, 199]);
  });

  it.each<[string, Partial<SequentialTestOptions>, Partial<Observation>]>([
    ['values', {}, { value: 1e200 }],
    ['values of observations', { units: 'each observation' }, { value: -1e200 }],
    ['weights', { allocation: 'by propensity' }, { propensity: 1e-200 }],
    ['weights without bounds', { allocation: 'by propensity' }, { propensity: 1e-310 }],
  ])('refuses %s too large to be squared, and is then as before', (_, options, large) => {
    const some = units(50, 0).map((each) => ({ ...each, ...(options.allocation && { propensity: 0.5 }) }));
    const experiment = watched([some], options);
    const saved = snapshotToText(experiment.snapshot());
    expect(() => experiment.update([...some, { ...some[0]!, unit: 'large', ...large }, ...some])).toThrow(
      'metric value: expected numbers whose squares add up to a finite one',
    );
    expect(snapshotToText(experiment.snapshot())).toBe(saved);
  });

  it('freezes the cap on the first units, and puts every value under it', () => {
    const cap = { quantile: 0.9, ofFirst: 300 } as const;
    const all = units(400, 0);
    const first = all.slice(0, 300).map(({ value }) => value).sort((a, b) => a - b); // biome-ignore format: one line
    const least = first[269]!;
    const meanOf = (arm: string) => {
      const values = all.filter((each) => each.arm === arm).map(({ value }) => Math.min(value, least));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    for (const mode of ['by unit', 'each observation'] as const) {
      for (const size of [800, 300, 7]) {
        const experiment = watched(cut(all, size), { units: mode, metrics: { value: { cap } } });
        const { estimate } = only(experiment).absolute;
        expect(Math.abs(estimate - (meanOf('treatment') - meanOf('control'))), `${mode}, ${size}`).toBeLessThan(1e-12);
      }
    }
    expect(watched([all.slice(0, 290)], { metrics: { value: { cap } } }).result().reason).toMatch(
      /value waits for its first 300 units/,
    );
  });

  it('estimates a quantile, for any cut, and finds that the tail of one arm is longer where means are alike', () => {
    const random = seededRandom(8);
    const all = Array.from({ length: 20_000 }, (_, i): Observation => {
      const treated = i % 2 === 1;
      return { arm: treated ? 'treatment' : 'control', unit: i, value: (treated ? 1.2 : 1) * nextNormal(random) };
    });
    const metrics = { wait: { kind: 'quantile', quantile: { share: 0.9, ofFirst: 1000 } } } as const;
    const { absolute, verdict } = only(watched(cut(all, 1000), { metrics }));
    // A tenth lies above 1.2816 standard deviations, so that the quantiles are a fifth of that apart.
    expect(verdict).toBe('rejected');
    expect(absolute.interval[0]).toBeLessThan(0.2 * 1.2816);
    expect(absolute.interval[1]).toBeGreaterThan(0.2 * 1.2816);
    for (const units of ['by unit', 'each observation'] as const) {
      const again = only(watched(cut(all, 7777), { metrics, units }));
      expect(Math.abs(again.absolute.estimate - absolute.estimate)).toBeLessThan(1e-12);
    }
    expect(() => watched([], { metrics: { wait: { kind: 'quantile' } } })).toThrow(UsageError);
  });

  it('looks only when another whole period is full', () => {
    const experiment = new SequentialTest({ arms: ARMS, wholePeriod: 7 * DAY });
    const looks = Array.from({ length: 16 }, (_, day) => {
      const batch = units(200, 0.5, day).map((each) => ({ ...each, unit: `${day} ${each.unit}` }));
      return experiment.update(batch, day * DAY).looks;
    });
    expect(looks).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
    expect(experiment.result().status).toBe('rejected');
  });

  it('makes no look of a batch whose observations come late', () => {
    const experiment = new SequentialTest({ arms: ARMS, wholePeriod: DAY });
    const days = [10, 10.5, 11, 10.2, 9.5, 11.5, 12];
    const looks = days.map((day, i) => {
      const batch = units(200, 0, i).map((each) => ({ ...each, unit: `${i} ${each.unit}`, time: day * DAY }));
      return experiment.update(batch).looks;
    });
    expect(looks).toEqual([0, 0, 1, 1, 1, 1, 2]);
  });

  it('compares arms within epochs, so that changing shares are taken for no effect', () => {
    // Values are higher in the second week, when most are treated: all together the treated look better.
    const week = (epoch: string, treated: number, level: number, seed: number) =>
      units(1000, 0, seed).map(({ value }, i) => {
        const arm = (i * 7919) % 1000 < treated * 1000 ? 'treatment' : 'control';
        return { arm, unit: `${epoch} ${i}`, epoch, value: value + level };
      });
    const all = [...week('', 0.1, 0, 1), ...week('second', 0.9, 3, 2)];
    const arms = { control: 0.9, treatment: 0.1 };
    const epochs = { second: { control: 0.1, treatment: 0.9 } };
    const experiment = watched(cut(all, 500), { arms, epochs });
    expect(experiment.result().sampleRatio.mismatch).toBe(false);
    expect(Math.abs(only(experiment).absolute.estimate)).toBeLessThan(0.2);
    const pooled = watched([all.map((each) => ({ ...each, epoch: '' }))]);
    expect(only(pooled).absolute.estimate).toBeGreaterThan(2);
  });

  it('tests several arms and metrics with Holm, and guardrails by their margin', () => {
    const random = seededRandom(5);
    const names = ['control', 'same', 'better'] as const;
    const batch = Array.from({ length: 9000 }, (_, i): Observation[] => {
      const arm = names[i % 3]!;
      return [
        { arm, unit: i, metric: 'spent', value: nextNormal(random) + (arm === 'better' ? 0.3 : 0) },
        { arm, unit: i, metric: 'wait', value: 10 + nextNormal(random) + (arm === 'better' ? 1 : 0) },
      ];
    }).flat();
    const third = 1 / 3;
    const experiment = new SequentialTest({
      arms: { control: third, same: third, better: third },
      metrics: { spent: {}, wait: { guardrail: { margin: 0.5, better: 'lower' } } },
    });
    const { comparisons, status } = experiment.update(batch);
    const verdicts = comparisons.map(({ metric, arm, verdict }) => [metric, arm, verdict]);
    expect(verdicts).toEqual([
      ['spent', 'same', 'not yet'],
      ['spent', 'better', 'rejected'],
      ['wait', 'same', 'safe'],
      ['wait', 'better', 'harmed'],
    ]);
    expect(status).toBe('rejected');
    for (const each of comparisons) expect(each.adjustedPValue).toBeGreaterThanOrEqual(each.pValue);
    // Two comparisons of each family share α between their intervals.
    const [[control, same]] = experiment.looks()[0]!.totals.estimates as [readonly ArmEstimate[]];
    const effect = absoluteEffect(control!, same!);
    const [lower, upper] = comparisons[0]!.absolute.interval;
    expect((upper - lower) / 2).toBeCloseTo(asymptoticTest(effect, 5000, 0.05 / 2).halfWidth, 12);
  });

  it('corrects by e-BH where it is told to, and then finds at least what is certain for each metric alone', () => {
    const names = Array.from({ length: 12 }, (_, m) => `metric ${m}`);
    const batch = units(3000, 0).flatMap((each, i) =>
      names.map((metric, m): Observation => {
        const effect = i % 2 === 1 && m < 9 ? 0.25 : 0;
        return { ...each, metric, value: nextNormal(seededRandom(i * 12 + m)) + effect };
      }),
    );
    const metrics = Object.fromEntries(names.map((name) => [name, {}]));
    const { comparisons } = new SequentialTest({ arms: ARMS, metrics, correction: 'e-bh' }).update(batch);
    const expected = eBenjaminiHochberg(comparisons.map(({ pValue }) => eValueOf(pValue)));
    expect(comparisons.map(({ adjustedPValue }) => adjustedPValue)).toEqual(expected);
    expect(comparisons.map(({ verdict }) => verdict === 'rejected')).toEqual(names.map((_, m) => m < 9));
  });

  it('has a Bayesian reading of the last look, of which better is what the guardrail says', () => {
    const metrics = { value: {}, wait: { guardrail: { margin: 1, better: 'lower' } } } as const;
    const all = units(500, 0.2).flatMap((each) => [
      { ...each, metric: 'value' },
      { ...each, metric: 'wait' },
    ]);
    const { comparisons } = watched([all], { metrics }).result();
    const [gain, wait] = comparisons.map(({ bayesian }) => bayesian);
    expect(gain!.chanceToWin).toBeGreaterThan(0.9);
    expect(gain!.chanceToWin + wait!.chanceToWin).toBeCloseTo(1, 12);
    // E max(0, −x) − E max(0, x) = −E x.
    expect(gain!.expectedLoss - wait!.expectedLoss).toBeCloseTo(-comparisons[0]!.absolute.estimate, 12);
    expect(new SequentialTest({ arms: ARMS }).result().comparisons[0]!.bayesian.chanceToWin).toBe(0.5);
  });

  it('ends a group-sequential test when the planned units are there, and looks no more', () => {
    const method = { kind: 'group-sequential', maximum: 2000 } as const;
    const experiment = watched(cut(units(1000, 0), 400), { method });
    expect(experiment.result()).toMatchObject({ looks: 5, status: 'ended' });
    experiment.update(units(3000, 9, 4).map((each) => ({ ...each, unit: `late ${each.unit}` })));
    expect(experiment.result()).toMatchObject({ looks: 5, status: 'ended' });
    expect(watched(cut(units(1000, 0.5), 400), { method }).result().status).toBe('rejected');
  });

  it('takes a ratio of what users do to what they see as a ratio of sums', () => {
    const random = seededRandom(6);
    const all = Array.from({ length: 6000 }, (_, i): Observation => {
      const unit = i % 2000;
      const treated = unit % 2 === 1;
      const denominator = 1 + Math.floor(random.next() * 9);
      const value = Math.round(denominator * random.next() * (treated ? 0.6 : 0.5));
      return { arm: treated ? 'treatment' : 'control', unit, value, denominator };
    });
    const ratio = (arm: string) => {
      const own = all.filter((each) => each.arm === arm);
      return own.reduce((sum, { value }) => sum + value, 0) / own.reduce((sum, each) => sum + each.denominator!, 0);
    };
    const { absolute, relative } = only(watched(cut(all, 700), { metrics: { rate: { kind: 'ratio' } } }));
    expect(absolute.estimate).toBeCloseTo(ratio('treatment') - ratio('control'), 12);
    expect(relative.estimate).toBeCloseTo(ratio('treatment') / ratio('control') - 1, 12);
  });
});
