import { UsageError } from '../errors.ts';
import { nextNormal, seededRandom } from '../host/random.ts';
import { normal } from '../numeric/distributions/normal.ts';
import { asymptoticTest, mixtureTest } from '../numeric/mixture-test.ts';
import { spendingNamed } from './planned-looks.ts';
import type { SequentialMethod } from './sequential-test-options.ts';
import { SpendingBounds } from './spending-bounds.ts';

export interface PlanOptions {
  /** The effect that is to be found, absolute. */
  readonly effect: number;
  /** Standard deviation of a unit's value. */
  readonly deviation: number;
  /** Units that come in each of the two arms between looks. */
  readonly perArmAndLook: number;
  /** Looks after which one gives up. */
  readonly looks: number;
  /** Default `asymptotic`. */
  readonly method?: SequentialMethod;
  /** Default 0.05. */
  readonly alpha?: number;
  /** Experiments that are simulated. Default 2000. */
  readonly experiments?: number;
  /** Default 1. */
  readonly seed?: number;
}

export interface PowerPlan {
  /** The chance of finding the effect. */
  readonly power: number;
  /** Looks that one takes on average, where one stops when it is found, and gives up after the last. */
  readonly meanStop: number;
  /** The power of a test that looks once, at the end: what honest peeking costs. */
  readonly fixedPower: number;
}

/**
 * Foretells the power of a sequential test of two arms, and when it stops, by simulation of its difference: sums of normal
 * steps with a known variance. With an effect of 0, `power` is the rate of false alarms. Cost: O(experiments · looks).
 */
export function plan(options: PlanOptions): PowerPlan {
  const { effect, deviation, perArmAndLook, looks, alpha = 0.05, experiments = 2000, seed = 1 } = options;
  for (const [name, value] of Object.entries({ deviation, perArmAndLook, looks, experiments })) {
    if (!(value > 0)) throw new UsageError('bad-option', `plan: expected a positive ${name}, got ${value}`);
  }
  const random = seededRandom(seed);
  // Of the difference of the arms' means of one look.
  const stepError = deviation * Math.sqrt(2 / perArmAndLook);
  const least = Array.from({ length: looks }, (_, i) => leastEstimate(options, stepError, i + 1));
  bounded(options, stepError, least);
  let found = 0;
  let stops = 0;
  for (let n = 0; n < experiments; n++) {
    let sum = 0;
    for (let look = 1; look <= looks; look++) {
      sum += effect + stepError * nextNormal(random);
      if (Math.abs(sum / look) < least[look - 1]!) continue;
      found++;
      stops += look;
      break;
    }
  }
  const z = Math.abs(effect) / (stepError / Math.sqrt(looks));
  const bound = normal.upperQuantile(alpha / 2);
  return {
    power: found / experiments,
    meanStop: (stops + (experiments - found) * looks) / experiments,
    fixedPower: normal.survival(bound - z) + normal.survival(bound + z),
  };
}

/** Units that each of two arms needs for a test that looks once: 2 (z_{α/2} + z_power)² deviation² / effect². */
export function unitsPerArm(effect: number, deviation: number, power = 0.8, alpha = 0.05): number {
  const z = normal.upperQuantile(alpha / 2) + normal.quantile(power);
  return Math.ceil(2 * (z * (deviation / effect)) ** 2);
}

/** The least estimate that rejects at a look: the half-width of the interval around it, which the estimate does not change. */
function leastEstimate(options: PlanOptions, stepError: number, look: number): number {
  const { perArmAndLook, alpha = 0.05, method = { kind: 'asymptotic' } } = options;
  const at = { estimate: 0, standardError: stepError / Math.sqrt(look), n: 2 * perArmAndLook * look };
  if (method.kind === 'mixture') return mixtureTest(at, method.mixingVariance, alpha).halfWidth;
  if (method.kind === 'asymptotic') return asymptoticTest(at, method.tunedFor ?? 5000, alpha).halfWidth;
  return Number.POSITIVE_INFINITY;
}

/** Fills in the bounds of a group-sequential test, of the looks up to its maximum. */
function bounded({ method, alpha = 0.05, perArmAndLook }: PlanOptions, stepError: number, least: number[]): void {
  if (method?.kind !== 'group-sequential') return;
  const bounds = new SpendingBounds(alpha, spendingNamed(method.spending));
  for (let look = 1; look <= least.length; look++) {
    const fraction = Math.min(1, (2 * perArmAndLook * look) / method.maximum);
    least[look - 1] = bounds.next(fraction) * (stepError / Math.sqrt(look));
    if (fraction === 1) return;
  }
}
