/**
 * Traffic that follows what was seen: an ε-greedy bandit sends most units to the arm that looks best. Simulated; with CI=true there are
 * more experiments, and for more still: EXPERIMENTS=1000 npx vitest run test/experiments/bandit.test.ts
 */
import { describe, expect, it } from 'vitest';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { type ArmEstimate, absoluteEffect } from '../../src/experiments/effect.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import { PropensityCheck } from '../../src/experiments/propensity-check.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { nextNormal, type Random, seededRandom } from '../../src/host/random.ts';
import { asymptoticTest } from '../../src/numeric/mixture-test.ts';
import { experimentsToSimulate, mostAlarms } from './simulate.ts';

const EXPERIMENTS = experimentsToSimulate(60, 200);
const LOOKS = 200;
const PER_LOOK = 100;
const timeout = 60_000 + 20 * EXPERIMENTS * LOOKS;

interface Bandit {
  readonly arms: readonly string[];
  /** Share that is dealt to all arms alike; the rest goes to the arm whose mean is greatest so far. */
  readonly explored: number;
  /** What a unit does in a look, whatever its arm. */
  value(random: Random, look: number): number;
  readonly options?: Partial<SequentialTestOptions>;
  /** By arm. */
  readonly effects?: readonly number[];
  /** Whether units are weighted, or all count alike. Default true. */
  readonly weighted?: boolean;
}

/** One experiment: whether it found an effect, and whether some interval missed the true one. */
function watched(bandit: Bandit, random: Random, looks = LOOKS) {
  const { arms, explored, value, options, effects = [], weighted = true } = bandit;
  const sums = arms.map(() => 0);
  const counts = arms.map(() => 0);
  const shares = Object.fromEntries(arms.map((arm) => [arm, 1 / arms.length]));
  const experiment = new SequentialTest({
    arms: shares,
    units: 'each observation',
    sampleRatioAlpha: weighted ? 0.001 : 1e-300,
    allocation: weighted ? 'by propensity' : 'by shares',
    ...options,
  });
  let missed = false;
  for (let look = 0; look < looks; look++) {
    const means = sums.map((sum, arm) => (counts[arm]! > 0 ? sum / counts[arm]! : 0));
    const best = look === 0 ? -1 : means.indexOf(Math.max(...means));
    const propensities = arms.map((_, arm) => {
      return best < 0 ? 1 / arms.length : explored / arms.length + (arm === best ? 1 - explored : 0);
    });
    const batch = Array.from({ length: PER_LOOK }, (): Observation => {
      const arm = drawn(propensities, random);
      const each = value(random, look) + (effects[arm] ?? 0);
      sums[arm]! += each;
      counts[arm]!++;
      return { arm: arms[arm]!, value: each, ...(weighted && { propensity: propensities[arm]! }) };
    });
    const { comparisons } = experiment.update(batch);
    missed ||= comparisons.some(
      (
        {
          absolute: {
            interval: [lower, upper],
          },
          drifting,
        },
        i,
      ) => {
        const effect = (effects[i + 1] ?? 0) - (effects[0] ?? 0);
        return drifting || lower > effect || upper < effect;
      },
    );
  }
  const { status, comparisons } = experiment.result();
  return { found: comparisons.some(({ verdict }) => verdict === 'rejected'), status, missed, experiment };
}

function drawn(propensities: readonly number[], random: Random): number {
  let left = random.next();
  const at = propensities.findIndex((propensity) => {
    left -= propensity;
    return left < 0;
  });
  return at < 0 ? propensities.length - 1 : at;
}

function simulated(bandit: Bandit, seed: number) {
  const random = seededRandom(seed);
  let [found, missed, invalid] = [0, 0, 0];
  for (let n = 0; n < EXPERIMENTS; n++) {
    const each = watched(bandit, random);
    if (each.found) found++;
    if (each.missed) missed++;
    if (each.status === 'invalid') invalid++;
  }
  return { found, missed, invalid, seen: `${found} found, ${missed} missed, ${invalid} invalid, of ${EXPERIMENTS}` };
}

const two = ['control', 'treatment'];
const scenarios: Readonly<Record<string, Bandit>> = {
  'normal values': { arms: two, explored: 0.2, value: nextNormal },
  'little exploration': { arms: two, explored: 0.1, value: nextNormal },
  'skewed values': { arms: two, explored: 0.2, value: (random) => Math.exp(nextNormal(random)) },
  'one success in twenty': {
    arms: two,
    explored: 0.2,
    value: (random) => (random.next() < 0.05 ? 1 : 0),
    options: { metrics: { rate: { kind: 'proportion' } }, minimumPerArm: 800 },
  },
  'days that differ': { arms: two, explored: 0.2, value: (random, look) => nextNormal(random) + Math.sin(look / 15) },
  'three arms': { arms: [...two, 'other'], explored: 0.3, value: nextNormal },
  'the mixture test': {
    arms: two,
    explored: 0.2,
    value: nextNormal,
    options: { method: { kind: 'mixture', mixingVariance: 0.01 } },
  },
};

describe.each(Object.entries(scenarios))("a bandit's traffic, %s", { timeout }, (_, bandit) => {
  it('is called different in at most α of all experiments where it is not, and its intervals cover 0 in the others', () => {
    const { found, missed, invalid, seen } = simulated(bandit, 31);
    expect(found, seen).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
    expect(missed, seen).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
    expect(invalid, seen).toBeLessThanOrEqual(mostAlarms(0.001, EXPERIMENTS));
  });
});

it('without weights, a bandit on days that differ is wrong far more often than α', { timeout }, () => {
  const { found, seen } = simulated({ ...scenarios['days that differ']!, weighted: false }, 31);
  expect(found, seen).toBeGreaterThan(0.2 * EXPERIMENTS);
});

it('an effect is found, and covered', { timeout }, () => {
  const { found, missed, seen } = simulated({ ...scenarios['normal values']!, effects: [0, 0.2] }, 37);
  expect(found, seen).toBeGreaterThan(0.9 * EXPERIMENTS);
  expect(missed, seen).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
});

/** 400 units with propensities of a third and two thirds, in two arms. */
const observed = Array.from({ length: 400 }, (_, i): Observation => {
  const random = seededRandom(i);
  const propensity = 1 / 3 + (i % 2) / 3;
  const treated = random.next() < propensity;
  return {
    arm: treated ? 'treatment' : 'control',
    unit: i,
    value: nextNormal(random),
    propensity: treated ? propensity : 1 - propensity,
  };
});

describe('SequentialTest of units by propensity', () => {
  const arms = { control: 0.5, treatment: 0.5 };
  const options: SequentialTestOptions = { arms, allocation: 'by propensity', minimumPerArm: 100 };

  it('estimates Σ w y / Σ w of each arm, with w = 1 / propensity, and its variance Σ (w (y − mean))² / (Σ w)²', () => {
    const experiment = new SequentialTest(options);
    experiment.update(observed);
    const [arms] = experiment.looks().at(-1)!.totals.estimates;
    for (const [at, arm] of ['control', 'treatment'].entries()) {
      const own = observed.filter((each) => each.arm === arm);
      const total = own.reduce((sum, { propensity }) => sum + 1 / propensity!, 0);
      const mean = own.reduce((sum, { value, propensity }) => sum + value / propensity!, 0) / total;
      const square = own.reduce((sum, { value, propensity }) => sum + ((value - mean) / propensity!) ** 2, 0);
      const { n, estimate, variance } = arms![at]!;
      expect(n).toBe(200);
      expect(estimate).toBeCloseTo(mean, 12);
      expect(variance).toBeCloseTo((square / total ** 2) * (own.length / (own.length - 1)), 12);
    }
  });

  it('adds up what a unit does, weighs it by its first propensity, and comes to the same for any cut', () => {
    const later = observed.map((each) => ({ ...each, value: 1, propensity: 0.5 }));
    const all = [...observed, ...later];
    const whole = new SequentialTest(options);
    whole.update(all);
    const [arms] = whole.looks().at(-1)!.totals.estimates;
    const cut = new SequentialTest(options);
    for (let start = 0; start < all.length; start += 70) cut.update(all.slice(start, start + 70));
    const once = new SequentialTest(options);
    once.update(observed.map((each) => ({ ...each, value: each.value + 1 })));
    for (const other of [cut, once]) {
      const [others] = other.looks().at(-1)!.totals.estimates;
      for (const [at, { estimate, variance }] of arms!.entries()) {
        expect(others![at]!.estimate).toBeCloseTo(estimate, 12);
        expect(others![at]!.variance).toBeCloseTo(variance, 12);
      }
    }
  });

  it.each(['mean', 'proportion'] as const)('counts a unit by how much the variance has grown, of a %s', (kind) => {
    const experiment = new SequentialTest({
      ...options,
      metrics: { value: { kind } },
      units: 'each observation',
      minimumPerArm: 10,
    });
    const unsure = observed.map(({ arm, value }) => ({ arm, value: value > 1 ? 1 : 0, propensity: 0.5 }));
    const sure = observed.flatMap(({ arm, value }, i) => {
      const each = { arm, value: value > 1 ? 1 : 0, propensity: arm === 'treatment' ? 0.9 : 0.1 };
      return arm === 'treatment' || i % 9 === 0 ? Array.from({ length: 10 }, () => each) : [];
    });
    for (const batch of [unsure, sure]) experiment.update(batch);
    const shown = experiment.looks().map(({ totals, comparisons }) => {
      const [[control, treatment]] = totals.estimates as [readonly ArmEstimate[]];
      return { effect: absoluteEffect(control!, treatment!), interval: comparisons[0]!.absolute.interval };
    });
    const variances = shown.map(({ effect: { n, standardError } }) => n * standardError ** 2);
    expect(variances[1]! / variances[0]!).toBeGreaterThan(1.2);
    const own = shown.map(({ effect }, look) => {
      const n = (effect.n * variances[look]!) / variances[0]!;
      const { halfWidth } = asymptoticTest({ ...effect, n }, 5000, 0.05);
      return [effect.estimate - halfWidth, effect.estimate + halfWidth] as const;
    });
    const inBoth = [Math.max(own[0]![0], own[1]![0]), Math.min(own[0]![1], own[1]![1])];
    expect(own).toContainEqual(shown[0]!.interval);
    for (const end of [0, 1] as const) expect(shown[1]!.interval[end]).toBeCloseTo(inBoth[end]!, 12);
    expect(inBoth).not.toEqual(own[0]);
  });

  it('waits for as many units of the same weight, (Σ w)² / Σ w², as each arm needs', () => {
    const experiment = new SequentialTest({ ...options, minimumPerArm: 180 });
    experiment.update(observed);
    const weights = observed.filter(({ arm }) => arm === 'control').map(({ propensity }) => 1 / propensity!);
    const sum = weights.reduce((total, w) => total + w, 0);
    const telling = sum ** 2 / weights.reduce((total, w) => total + w ** 2, 0);
    expect(weights.length).toBeGreaterThan(180);
    expect(experiment.looks()[0]!.totals.effectiveUnits![0]).toBeCloseTo(telling, 9);
    expect(experiment.result()).toMatchObject({
      status: 'insufficient data',
      reason: `control has units that tell as much as ${Math.floor(telling)} of the same weight; it needs 180`,
    });
  });

  it('goes on from a snapshot as if it had never stopped, and is undone with its batch', () => {
    const whole = new SequentialTest(options);
    whole.update(observed.slice(0, 200));
    const resumed = new SequentialTest(options);
    resumed.restore(snapshotFromText(snapshotToText(whole.snapshot())) as SnapshotRecord);
    const more = observed.flatMap((each, i) => [each, { ...each, unit: `more ${i}` }, { ...each, unit: `again ${i}` }]);
    const bad = { arm: 'control', unit: 1, value: 1 };
    expect(() => resumed.update([...more, ...more, bad])).toThrow('expected a propensity');
    for (const experiment of [whole, resumed]) experiment.update(observed.slice(200));
    expect(snapshotToText(resumed.snapshot())).toBe(snapshotToText(whole.snapshot()));
  });

  it('withholds its verdict where units come to the arms by other chances than those that are told', () => {
    const lies = Array.from({ length: 20 }, (_, look) =>
      Array.from({ length: 500 }, (_each, i): Observation => {
        const arm = (i * 7919) % 1000 < 400 ? 'treatment' : 'control';
        return { arm, unit: `${look} ${i}`, value: i % 3, propensity: 0.5 };
      }),
    );
    const experiment = new SequentialTest(options);
    for (const batch of lies) experiment.update(batch);
    const { status, reason, sampleRatio } = experiment.result();
    expect(status).toBe('invalid');
    expect(reason).toContain('by other chances than those that were told');
    expect(sampleRatio.pValue).toBeLessThan(0.001);
  });

  it.each([undefined, 0, -0.1, 1.1, Number.NaN])('refuses %d as a propensity', (propensity) => {
    const experiment = new SequentialTest(options);
    const observation = { arm: 'control', unit: 1, value: 1, ...(propensity !== undefined && { propensity }) };
    expect(() => experiment.update([observation])).toThrow('expected a propensity above 0 and at most 1');
    const byShares = new SequentialTest({ arms: { control: 0.5, treatment: 0.5 } });
    expect(() => byShares.update([{ ...observation, propensity: 0.5 }])).toThrow(
      "without `allocation: 'by propensity'`",
    );
  });

  it.each<Partial<SequentialTestOptions>>([
    { metrics: { rate: { kind: 'ratio' } } },
    { metrics: { spent: { covariate: true } } },
    { metrics: { wait: { kind: 'quantile', quantile: { share: 0.9, ofFirst: 100 } } } },
    { epochs: { second: { control: 0.1, treatment: 0.9 } } },
    { method: { kind: 'group-sequential', maximum: 1000 } },
  ])('refuses %j, for which there are no weights', (other) => {
    expect(() => new SequentialTest({ ...options, ...other })).toThrow(/propensity|by shares/);
  });
});

describe('PropensityCheck', () => {
  /** The evidence after so many units, of which a share comes to the first arm, with this propensity told. */
  function evidence(units: number, share: number, told: number): number {
    const check = new PropensityCheck(2);
    for (let i = 0; i < units; i++) {
      const first = (i * 7919) % 10_000 < share * 10_000;
      check.add(first ? 0 : 1, 1 / (first ? told : 1 - told));
    }
    return check.evidence();
  }

  it('is the mean of what bets on each arm have won', () => {
    const check = new PropensityCheck(2);
    expect(check.evidence()).toBe(0);
    check.add(0, 4);
    // A bet of s on the first arm has 1 + 3 s, one on the second 1 − s: on average 1 + s, with s from 1/2 to 1/1024.
    expect(check.evidence()).toBeCloseTo(Math.log(1 + (1 - 2 ** -10) / 10), 14);
  });

  it.each([
    [0.6, 0.5],
    [0.04, 0.02],
    [0.01, 0.02],
  ])('finds units that come with a chance of %d where %d is told', (share, told) => {
    expect(evidence(10_000, share, told)).toBeGreaterThan(Math.log(1000));
    expect(evidence(10_000, told, told)).toBeLessThan(0);
  });

  it('is wrong in at most α of all experiments, whatever the propensities follow', { timeout }, () => {
    const random = seededRandom(41);
    const experiments = 5 * EXPERIMENTS;
    let alarms = 0;
    for (let n = 0; n < experiments; n++) {
      const check = new PropensityCheck(2);
      let propensity = 0.5;
      let alarm = false;
      for (let unit = 0; unit < 2000; unit++) {
        const first = random.next() < propensity;
        check.add(first ? 0 : 1, 1 / (first ? propensity : 1 - propensity));
        alarm ||= unit % 20 === 19 && check.evidence() >= Math.log(1 / 0.05);
        if (unit % 100 === 99) propensity = first ? 0.02 : 0.9;
      }
      if (alarm) alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(mostAlarms(0.05, experiments));
  });
});
