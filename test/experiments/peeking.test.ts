/** What looking again and again does to a test that is made for one look, by simulation of experiments where nothing happens. */
import { describe, expect, it } from 'vitest';
import { type TTestMethod, tTest } from '../../src/experiments/t-test.ts';
import { nextNormal, type Random, seededRandom } from '../../src/host/random.ts';
import { Moments } from '../../src/numeric/moments.ts';

const LOOKS = 200;
const PER_ARM = 50;
const EXPERIMENTS = 600;

/** The first look at which the t-test says p < 0.05, or undefined. */
function firstFalseAlarm(random: Random): number | undefined {
  const [control, experiment] = [new Moments(), new Moments()];
  for (let look = 1; look <= LOOKS; look++) {
    for (let i = 0; i < PER_ARM; i++) {
      control.add([nextNormal(random)]);
      experiment.add([nextNormal(random)]);
    }
    if (tTest(control, experiment).pValue < 0.05) return look;
  }
  return undefined;
}

describe('the t-test', () => {
  it('looked at after every batch, cries wolf in 25 of 100 experiments at 20 looks, in 43 at 200', () => {
    const random = seededRandom(43);
    const alarms = Array.from({ length: EXPERIMENTS }, () => firstFalseAlarm(random) ?? Number.POSITIVE_INFINITY);
    const rateWithin = (looks: number) => alarms.filter((look) => look <= looks).length / EXPERIMENTS;
    const fourErrors = (rate: number) => 4 * Math.sqrt((rate * (1 - rate)) / EXPERIMENTS);
    for (const [looks, rate] of [
      [1, 0.051],
      [20, 0.245],
      [200, 0.427],
    ] as const) {
      // biome-ignore format: one line
      expect(Math.abs(rateWithin(looks) - rate), `${looks} looks`).toBeLessThan(fourErrors(rate));
    }
  });

  it.each<TTestMethod>(['welch', 'student'])(
    'looked at once, has uniform p-values (%s; Kolmogorov–Smirnov)',
    (method) => {
      const random = seededRandom(7);
      const n = 4000;
      const sample = (size: number) => Moments.of(Array.from({ length: size }, () => nextNormal(random)));
      const pValues = Array.from({ length: n }, () => tTest(sample(8), sample(12), method).pValue).sort(
        (a, b) => a - b,
      );
      const distance = Math.max(...pValues.map((p, i) => Math.max(p - i / n, (i + 1) / n - p)));
      // The 0.1 % point of Kolmogorov's distribution.
      expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
    },
  );
});
