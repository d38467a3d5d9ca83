import { UsageError } from '../errors.ts';
import { seededRandom } from '../host/random.ts';
import type { Observation } from './observation.ts';
import { SequentialTest } from './sequential-test.ts';
import type { SequentialTestOptions } from './sequential-test-options.ts';

export interface CalibrationOptions {
  /** A/A experiments. Default 200. */
  readonly experiments?: number;
  /** Looks of each. Default 20. */
  readonly looks?: number;
  /** Default 1. */
  readonly seed?: number;
}

export interface Calibration {
  /** Share of the experiments that found an effect where there is none; at most α where the test suits the data. */
  readonly falsePositiveRate: number;
  /** Of that share, by simulation. */
  readonly standardError: number;
  /** Share of the experiments in which some interval did not hold 0. */
  readonly missedRate: number;
}

/**
 * Tries a sequential test on data of yours where nothing happens: again and again, units are dealt to the arms at random, by their
 * shares, and the test looks on. Whether the normal approximation holds for your data, with your minimum sample, shows here.
 *
 * `observations`: of the past, whatever arms they have; not changed. Cost: O(experiments · observations).
 */
export function calibrate(
  observations: readonly Observation[],
  options: SequentialTestOptions,
  { experiments = 200, looks = 20, seed = 1 }: CalibrationOptions = {},
): Calibration {
  if (observations.length < looks) {
    throw new UsageError('too-few-records', `calibrate: expected at least ${looks} observations, one a look`);
  }
  const random = seededRandom(seed);
  const weighted = options.allocation === 'by propensity';
  let alarms = 0;
  let missed = 0;
  for (let n = 0; n < experiments; n++) {
    const armOf = dealer(() => random.next());
    const experiment = new SequentialTest(options);
    let excluded = false;
    for (let look = 0; look < looks; look++) {
      const [start, end] = [look, look + 1].map((each) => Math.floor((each * observations.length) / looks));
      const batch = observations.slice(start, end).map((each, i): Observation => {
        const shares = options.epochs?.[each.epoch ?? ''] ?? options.arms;
        const arm = armOf(each.unit ?? `${look} ${i}`, shares);
        return { ...each, arm, ...(weighted && { propensity: options.arms[arm]! }) };
      });
      const { comparisons } = experiment.update(batch);
      excluded ||= comparisons.some(({ absolute: { interval: [lower, upper] } }) => lower > 0 || upper < 0); // biome-ignore format: one line
    }
    if (experiment.result().status === 'rejected') alarms++;
    if (excluded) missed++;
  }
  const rate = alarms / experiments;
  return {
    falsePositiveRate: rate,
    standardError: Math.sqrt((rate * (1 - rate)) / experiments),
    missedRate: missed / experiments,
  };
}

/** Gives each unit an arm at random, by the shares of when it first comes, and always the same. */
function dealer(next: () => number) {
  const dealt = new Map<unknown, string>();
  return (unit: unknown, shares: Readonly<Record<string, number>>): string => {
    const arm = dealt.get(unit) ?? drawn(shares, next());
    dealt.set(unit, arm);
    return arm;
  };
}

function drawn(shares: Readonly<Record<string, number>>, at: number): string {
  const arms = Object.keys(shares);
  let end = 0;
  const found = arms.find((arm) => {
    end += shares[arm]!;
    return at < end;
  });
  return found ?? arms[0]!;
}
