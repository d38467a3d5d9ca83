import type { Observation } from '../../src/experiments/observation.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';

export const ARMS = { control: 0.5, treatment: 0.5 };

/** Events of users, three or so each, in the order in which they come; the treatment adds `effect` to each. */
export function events(count: number, effect: number, seed = 1, users = count / 3): Observation[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const user = Math.floor(random.next() * users);
    const arm = user % 2 === 0 ? 'control' : 'treatment';
    return {
      arm,
      unit: `user ${user}`,
      value: nextNormal(random) + (arm === 'treatment' ? effect : 0),
      covariate: user % 5,
    };
  });
}

/** One observation a unit. */
export function units(perArm: number, effect: number, seed = 1): Observation[] {
  const random = seededRandom(seed);
  return Array.from({ length: 2 * perArm }, (_, i) => {
    const arm = i % 2 === 0 ? 'control' : 'treatment';
    return { arm, unit: i, value: 5 + nextNormal(random) + (i % 2) * effect };
  });
}

export const only = (experiment: SequentialTest) => experiment.result().comparisons[0]!;

export function watched(batches: Iterable<readonly Observation[]>, options: Partial<SequentialTestOptions> = {}) {
  const experiment = new SequentialTest({ arms: ARMS, ...options });
  for (const batch of batches) experiment.update(batch);
  return experiment;
}
