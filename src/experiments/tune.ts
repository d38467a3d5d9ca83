import { UsageError } from '../errors.ts';
import { type PlanOptions, type PowerPlan, plan } from './plan.ts';
import type { SequentialMethod } from './sequential-test-options.ts';

/** What a test is to be tuned to, and how it does then. */
export interface Tuning {
  readonly method: SequentialMethod;
  readonly plan: PowerPlan;
}

/** Settings that are tried, from the first look to the last. */
const CANDIDATES = 12;

/**
 * Finds what to tune a sequential test to, so that an effect is found soonest on average, with those experiments counted in that end
 * without: `tunedFor` of the asymptotic test, between the units of the first look and those of the last, or `mixingVariance` of the
 * mixture test, around the effect's square. The test is valid for any; to be done before the first look.
 *
 * Throws as `plan` does, and for an effect of 0, which no test can be tuned to. Cost: twelve times that of `plan`, on the same numbers.
 */
export function tune(options: Omit<PlanOptions, 'method'>, kind: 'asymptotic' | 'mixture' = 'asymptotic'): Tuning {
  if (options.effect === 0) throw new UsageError('bad-option', 'tune: expected an effect to be found, got 0');
  const candidates = methods(options, kind).map((method): Tuning => ({ method, plan: plan({ ...options, method }) }));
  return candidates.reduce((best, each) => (each.plan.meanStop < best.plan.meanStop ? each : best));
}

function methods(
  { effect, perArmAndLook, looks }: Omit<PlanOptions, 'method'>,
  kind: 'asymptotic' | 'mixture',
): SequentialMethod[] {
  const steps = Array.from({ length: CANDIDATES }, (_, i) => i / (CANDIDATES - 1));
  if (kind === 'asymptotic') {
    const first = 2 * perArmAndLook;
    return steps.map((step) => ({ kind, tunedFor: Math.round(first * looks ** step) }));
  }
  // From a sixteenth of the effect's square to four times it.
  return steps.map((step) => ({ kind, mixingVariance: (effect ** 2 / 16) * 64 ** step }));
}
