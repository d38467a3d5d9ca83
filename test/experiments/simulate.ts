import type { Observation } from '../../src/experiments/observation.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { nextNormal, type Random, seededRandom } from '../../src/host/random.ts';

/** A stream on which all arms behave alike. */
export interface Scenario {
  readonly options: SequentialTestOptions;
  /** The value of one unit, or event; the treated get `effect` more. */
  value(random: Random, look: number): number;
  readonly denominator?: (random: Random) => number;
  /** Events come from so many users, whose own level is in all their events. Default: each event is a unit. */
  readonly users?: number;
  /** Whether every user has an event between two looks, without a level of their own, rather than some at random. */
  readonly everyUser?: boolean;
}

const PER_ARM_AND_BATCH = 50;
const arms = { control: 0.5, treatment: 0.5 };
const alone = { units: 'each observation', method: { kind: 'asymptotic', tunedFor: 10_000 } } as const;
const third = 1 / 3;

export const scenarios: Readonly<Record<string, Scenario>> = {
  'normal values': { options: { ...alone, arms }, value: nextNormal },
  'skewed values': {
    options: { ...alone, arms },
    value: (random) => Math.exp(nextNormal(random)),
  },
  'one success in a hundred': {
    options: { ...alone, arms, metrics: { rate: { kind: 'proportion' } }, minimumPerArm: 1000 },
    value: (random) => (random.next() < 0.01 ? 1 : 0),
  },
  'ratios of sums': {
    options: { ...alone, arms, metrics: { rate: { kind: 'ratio' } } },
    value: (random) => Math.exp(nextNormal(random)),
    denominator: (random) => 1 + Math.floor(random.next() * 5),
  },
  'the events of users': {
    options: { arms, method: alone.method },
    value: nextNormal,
    users: 2000,
  },
  'users who do ever more': {
    options: { arms, method: { kind: 'asymptotic', tunedFor: 400 } },
    value: (random, look) => 1.07 ** look * nextNormal(random),
    users: 400,
    everyUser: true,
  },
  'ratios by user': {
    options: { arms, metrics: { rate: { kind: 'ratio' } }, method: { kind: 'asymptotic', tunedFor: 400 } },
    value: (random) => Math.exp(nextNormal(random)),
    denominator: (random) => 1 + Math.floor(random.next() * 5),
    users: 400,
    everyUser: true,
  },
  'users who ever succeed': {
    options: { arms, metrics: { rate: { kind: 'proportion' } }, method: { kind: 'mixture', mixingVariance: 0.01 } },
    value: (random) => (random.next() < 0.01 ? 1 : 0),
    users: 400,
    everyUser: true,
  },
  'ninth deciles': {
    options: { ...alone, arms, metrics: { tail: { kind: 'quantile', quantile: { share: 0.9, ofFirst: 500 } } } },
    value: (random) => Math.exp(nextNormal(random)),
  },
  'three arms': {
    options: { ...alone, arms: { control: third, first: third, second: third } },
    value: nextNormal,
  },
};

/** How many experiments to simulate: more where there is time (CI=true), or as many as the environment asks for. */
export function experimentsToSimulate(asARule: number, inCI: number): number {
  return Number(process.env['EXPERIMENTS'] ?? (process.env['CI'] === 'true' ? inCI : asARule));
}

/** So many false alarms are seen in one of 1,000 simulations of a test that is exactly at its level. */
export function mostAlarms(alpha: number, experiments: number): number {
  return experiments * alpha + 3.1 * Math.sqrt(experiments * alpha * (1 - alpha));
}

export interface Simulated {
  /** Experiments with a rejection. */
  readonly rejected: number;
  /** Experiments whose interval excluded the true effect at some look. */
  readonly missed: number;
  /** Experiments that the sample-ratio check stopped. */
  readonly mismatched: number;
  /** Mean look of the rejections. */
  readonly meanStop: number;
}

export interface SimulationOptions {
  readonly experiments: number;
  readonly looks: number;
  readonly seed: number;
  readonly effect?: number;
  /** Whether to look on after an effect was found. Default false, and true where there is none. */
  readonly goOn?: boolean;
}

export function simulate(
  scenario: Scenario,
  { experiments, looks, seed, effect = 0, goOn = effect === 0 }: SimulationOptions,
): Simulated {
  const random = seededRandom(seed);
  let rejected = 0;
  let missed = 0;
  let mismatched = 0;
  let stops = 0;
  for (let n = 0; n < experiments; n++) {
    const experiment = new SequentialTest(scenario.options);
    const levels = usersOf(scenario, random);
    let excluded = false;
    let stop = 0;
    for (let look = 1; look <= looks; look++) {
      const { comparisons, status } = experiment.update(batchOf(scenario, levels, effect, look, random));
      excluded ||= comparisons.some(
        ({
          absolute: {
            interval: [lower, upper],
          },
          drifting,
        }) => {
          return drifting || lower > effect || upper < effect;
        },
      );
      if (status === 'rejected' && stop === 0) stop = look;
      if (status === 'invalid') {
        mismatched++;
        break;
      }
      if (stop > 0 && !goOn) break;
    }
    if (stop > 0) rejected++;
    stops += stop;
    if (excluded) missed++;
  }
  return { rejected, missed, mismatched, meanStop: stops / rejected };
}

/** The own level of each user: that of their events is alike, so that events are not independent. */
function usersOf({ users = 0, everyUser = false }: Scenario, random: Random): readonly number[] {
  return Array.from({ length: users }, () => (everyUser ? 0 : nextNormal(random)));
}

function batchOf(
  scenario: Scenario,
  levels: readonly number[],
  effect: number,
  look: number,
  random: Random,
): Observation[] {
  const names = Object.keys(scenario.options.arms);
  const length = scenario.everyUser ? levels.length : names.length * PER_ARM_AND_BATCH;
  const inTurns = levels.length === 0 || scenario.everyUser;
  return Array.from({ length }, (_, i): Observation => {
    const unit = inTurns ? i : Math.floor(random.next() * levels.length);
    const arm = names[unit % names.length]!;
    const value = (levels[unit] ?? 0) + scenario.value(random, look) + (arm === names[0] ? 0 : effect);
    const denominator = scenario.denominator?.(random) ?? 1;
    return { arm, unit, value, denominator };
  });
}
