/** As `sequential-error-rates.test.ts`, with a look after each of 1,000 batches. */
import { describe, expect, it } from 'vitest';
import { tTest } from '../../src/experiments/t-test.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { Moments } from '../../src/numeric/moments.ts';
import { experimentsToSimulate, mostAlarms, scenarios, simulate } from './simulate.ts';

const EXPERIMENTS = experimentsToSimulate(10, 60);
const LOOKS = 1000;
const timeout = 60_000 + 20 * EXPERIMENTS * LOOKS;

describe.each([
  'normal values',
  'skewed values',
  'one success in a hundred',
  'ratios of sums',
  'the events of users',
  'three arms',
])('SequentialTest on %s, looked at 1,000 times', { timeout }, (name) => {
  it('is wrong in at most α of all experiments, and its intervals cover the effect in the others', () => {
    const { rejected, missed } = simulate(scenarios[name]!, { experiments: EXPERIMENTS, looks: LOOKS, seed: 19 });
    const seen = `${name}: ${rejected} rejected, ${missed} intervals missed, of ${EXPERIMENTS}`;
    expect(rejected, seen).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
    expect(missed, seen).toBeLessThanOrEqual(mostAlarms(0.05, EXPERIMENTS));
  });
});

it('the t-test beside it is wrong in about 53 of 100', { timeout }, () => {
  const random = seededRandom(53);
  const experiments = 5 * EXPERIMENTS;
  let wrong = 0;
  for (let n = 0; n < experiments; n++) {
    const [a, b] = [new Moments(), new Moments()];
    for (let look = 0; look < LOOKS; look++) {
      for (let i = 0; i < 50; i++) {
        a.add([nextNormal(random)]);
        b.add([nextNormal(random)]);
      }
      if (tTest(a, b).pValue >= 0.05) continue;
      wrong++;
      break;
    }
  }
  const expected = 0.531;
  expect(Math.abs(wrong / experiments - expected)).toBeLessThan(
    4 * Math.sqrt((expected * (1 - expected)) / experiments),
  );
});
