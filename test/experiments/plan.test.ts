import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { type PlanOptions, plan, unitsPerArm } from '../../src/experiments/plan.ts';
import { tune } from '../../src/experiments/tune.ts';

/** 200 looks, 50 units an arm between them, unit variance: the setting of the table below. */
const SETTING = { deviation: 1, perArmAndLook: 50, looks: 200, experiments: 3000 } as const;
const mixture = { kind: 'mixture', mixingVariance: 0.01 } as const;
const asymptotic = { kind: 'asymptotic', tunedFor: 10_000 } as const;

const planned = (options: Pick<PlanOptions, 'effect' | 'method'>) => plan({ ...SETTING, ...options });

describe('plan', () => {
  // The shares and mean stops of 20,000 experiments that another program simulated.
  it.each([
    [0, mixture, 0.025, undefined],
    [0.05, mixture, 0.751, 122],
    [0.1, mixture, 1, 36],
    [0, asymptotic, 0.02, undefined],
    [0.05, asymptotic, 0.781, 122],
    [0.1, asymptotic, 1, 40],
  ] as const)('of an effect of %d by %j has the power and the stop of the table', (effect, method, power, stop) => {
    const got = planned({ effect, method });
    expect(Math.abs(got.power - power)).toBeLessThan(
      4 * Math.sqrt((power * (1 - power)) / SETTING.experiments) + 0.001,
    );
    if (stop !== undefined) expect(Math.abs(got.meanStop - stop)).toBeLessThan(3);
  });

  it('says what looking once would find', () => {
    expect(planned({ effect: 0, method: mixture }).fixedPower).toBeCloseTo(0.05, 12);
    expect(planned({ effect: 0.05, method: mixture }).fixedPower).toBeCloseTo(0.941, 2);
  });

  it('of a group-sequential test has nearly the power of a single look, and its level', () => {
    const setting = { ...SETTING, perArmAndLook: 500, looks: 20 };
    const method = { kind: 'group-sequential', maximum: 20_000 } as const;
    const { power, fixedPower, meanStop } = plan({ ...setting, effect: 0.05, method });
    expect(power).toBeGreaterThan(fixedPower - 0.04);
    expect(power).toBeLessThanOrEqual(fixedPower + 0.02);
    expect(meanStop).toBeLessThan(16);
    const level = plan({ ...setting, effect: 0, method }).power;
    expect(Math.abs(level - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / SETTING.experiments));
  });

  it('gives the units for one look: 16 times the variance over the effect squared, nearly', () => {
    // Lehr's rule of thumb, and R's power.test for a normal: 1570 for a tenth of a standard deviation at 80 %.
    expect(unitsPerArm(0.1, 1)).toBe(1570);
    expect(unitsPerArm(0.1, 1) / (16 / 0.01)).toBeCloseTo(1, 1);
  });

  it('refuses what is no setting', () => {
    expect(() => plan({ ...SETTING, effect: 1, looks: 0 })).toThrow(UsageError);
  });
});

describe('tune', () => {
  it('finds a setting that finds the effect sooner than one that is far off, and near the best there is', () => {
    const setting = { ...SETTING, effect: 0.1, experiments: 500 };
    const tuned = tune(setting);
    const others = [100, 1000, 3000, 20_000, 500_000].map((tunedFor) => {
      return plan({ ...setting, method: { kind: 'asymptotic', tunedFor } }).meanStop;
    });
    expect(tuned.plan.meanStop).toBeLessThan(Math.max(...others) - 5);
    expect(tuned.plan.meanStop).toBeLessThanOrEqual(Math.min(...others) + 1);
    // An effect that is found early wants a test that is sharp early.
    const { method } = tune({ ...setting, effect: 0.3 });
    if (method.kind !== 'asymptotic' || tuned.method.kind !== 'asymptotic') throw new Error('expected the same kind');
    expect(method.tunedFor!).toBeLessThan(tuned.method.tunedFor!);
  });

  it('finds that the mixing variance should be of the order of the squared effect', () => {
    const { method } = tune({ ...SETTING, effect: 0.1, experiments: 500 }, 'mixture');
    if (method.kind !== 'mixture') throw new Error('expected a mixture');
    expect(method.mixingVariance).toBeGreaterThan(0.1 ** 2 / 8);
    expect(method.mixingVariance).toBeLessThan(0.1 ** 2 * 3);
    expect(() => tune({ ...SETTING, effect: 0 })).toThrow(UsageError);
  });
});
