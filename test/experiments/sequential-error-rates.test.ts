/**
 * How often experiments where nothing happens are said to have an effect, looked at after each of 200 batches, by simulation. With
 * CI=true there are more of them; for more still: EXPERIMENTS=1000 npx vitest run test/experiments/sequential-error-rates.test.ts
 */
import { describe, expect, it } from 'vitest';
import { sampleRatioEvidence } from '../../src/experiments/sample-ratio.ts';
import { seededRandom } from '../../src/host/random.ts';
import { experimentsToSimulate, mostAlarms, type Scenario, scenarios, simulate } from './simulate.ts';

const EXPERIMENTS = experimentsToSimulate(60, 200);
const LOOKS = 200;

/** Far more than an experiment takes. */
const timeout = 60_000 + 20 * EXPERIMENTS * LOOKS;

describe.each(Object.entries(scenarios))('SequentialTest on %s', { timeout }, (name, scenario: Scenario) => {
  it('is wrong in at most α of all experiments, and its intervals cover the effect in the others', () => {
    const { rejected, missed, mismatched } = simulate(scenario, { experiments: EXPERIMENTS, looks: LOOKS, seed: 17 });
    const seen = `${name}: ${rejected} rejected, ${missed} intervals missed, ${mismatched} stopped, of ${EXPERIMENTS}`;
    expect(rejected, seen).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
    expect(missed, seen).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
    expect(mismatched, seen).toBeLessThanOrEqual(mostAlarms(0.001, EXPERIMENTS));
  });
});

it.each([
  ['normal values', 0.3],
  ['skewed values', 0.5],
  ['ninth deciles', 1],
  ['three arms', 0.3],
] as const)('the intervals of %s cover an effect of %d', { timeout }, (name, effect) => {
  const { missed } = simulate(scenarios[name]!, { experiments: EXPERIMENTS, looks: 40, seed: 23, effect, goOn: true });
  expect(missed).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
});

it('finds an effect of a tenth of a standard deviation in every experiment, and stops early', () => {
  const { rejected, meanStop } = simulate(scenarios['normal values']!, {
    experiments: 40,
    looks: LOOKS,
    seed: 3,
    effect: 0.1,
  });
  expect(rejected).toBe(40);
  // Mean stop of the table: batch 40.
  expect(Math.abs(meanStop - 40)).toBeLessThan(10);
});

it('the sample-ratio check, looked at 300 times, stops at most α of the experiments whose shares are as planned', () => {
  const random = seededRandom(29);
  const experiments = 150;
  let alarms = 0;
  for (let n = 0; n < experiments; n++) {
    const counts = [0, 0];
    for (let look = 0; look < 300; look++) {
      for (let unit = 0; unit < 50; unit++) counts[random.next() < 0.5 ? 0 : 1]!++;
      if (sampleRatioEvidence(counts, [0.5, 0.5]) < Math.log(1 / 0.05)) continue;
      alarms++;
      break;
    }
  }
  expect(alarms).toBeLessThanOrEqual(experiments * 0.05 + 3.1 * Math.sqrt(experiments * 0.05 * 0.95));
});
