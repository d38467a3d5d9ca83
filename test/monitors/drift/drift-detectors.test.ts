import { describe, expect, it } from 'vitest';
import type { DriftDetector } from '../../../src/contracts/monitor.ts';
import { DataError, UsageError } from '../../../src/errors.ts';
import { Adwin, Ddm, Eddm, HddmA, HddmW, Kswin, PageHinkley } from '../../../src/index.ts';
import { detectorSuite } from '../../../src/testing/index.ts';
import { registerChecks } from '../../contracts/register-checks.ts';
import { expectError } from '../expect-error.ts';
import { exportedWith } from '../exported-with.ts';

const makes: readonly (readonly [name: string, make: () => DriftDetector])[] = [
  ['Adwin', () => new Adwin()],
  ['Adwin that forgets', () => new Adwin({ afterDrift: 'forget', clock: 1 })],
  ['Ddm', () => new Ddm()],
  ['Eddm', () => new Eddm()],
  ['HddmA', () => new HddmA({ direction: 'both' })],
  ['HddmW', () => new HddmW({ direction: 'both' })],
  ['Kswin', () => new Kswin()],
  ['PageHinkley', () => new PageHinkley({ lambda: 10 })],
];

it('tests every exported detector', () => {
  const tested = new Set(makes.map(([, make]) => make().constructor.name));
  expect([...tested].sort()).toEqual(exportedWith('updateAll', 'reset'));
});

for (const [name, make] of makes) describe(name, () => registerChecks(detectorSuite({ make })));

describe('values out of range', () => {
  it.each([new Ddm(), new Eddm()])('$kind takes 0 and 1 only', (detector) => {
    expectError(() => detector.update(0.5), DataError, 'bad-record');
  });

  it.each([new HddmA(), new HddmW()])('$kind takes values in [0, 1] only', (detector) => {
    expect(detector.update(0.5)).toBe('stable');
    expectError(() => detector.update(1.1), DataError, 'bad-record');
  });
});

it('Page–Hinkley and ADWIN wait for their first values', () => {
  const jump = Float64Array.from({ length: 46 }, (_, t) => (t < 6 ? 0 : 100));
  expect(new PageHinkley().updateAll(jump).drifts).toEqual([29]);
  expect(new PageHinkley({ minValues: 1 }).updateAll(jump).drifts).toEqual([6]);
  // As River 0.26.1: ADWIN(clock=1, delta=0.9, grace_period=…, min_window_length=5), but for what comes after.
  const first = (graceValues: number) => new Adwin({ clock: 1, delta: 0.9, graceValues }).updateAll(jump).drifts[0];
  expect([first(1), new Adwin({ clock: 1, delta: 0.9 }).updateAll(jump).drifts[0], first(30)]).toEqual([11, 11, 30]);
});

describe('options out of range are refused', () => {
  const wrong: readonly (readonly [name: string, make: () => DriftDetector])[] = [
    ['Adwin delta', () => new Adwin({ delta: 0 })],
    ['Adwin clock', () => new Adwin({ clock: 0.5 })],
    ['Adwin afterDrift', () => new Adwin({ afterDrift: 'stay' as never })],
    ['Ddm driftLevel', () => new Ddm({ driftLevel: 1 })],
    ['Eddm driftLevel', () => new Eddm({ driftLevel: 0.97 })],
    ['Eddm variant', () => new Eddm({ variant: 'moa' as never })],
    ['HddmA driftConfidence', () => new HddmA({ driftConfidence: 1 })],
    ['HddmW warningConfidence', () => new HddmW({ warningConfidence: 0.0001 })],
    ['HddmW lambda', () => new HddmW({ lambda: 0 })],
    ['Kswin alpha', () => new Kswin({ alpha: 1 })],
    ['Kswin recentSize', () => new Kswin({ windowSize: 50, recentSize: 30 })],
    ['Kswin windowSize', () => new Kswin({ windowSize: 100.5 })],
    ['PageHinkley lambda', () => new PageHinkley({ lambda: 0 })],
    ['PageHinkley alpha', () => new PageHinkley({ alpha: 2 })],
  ];
  it.each(wrong)('%s', (_, make) => expectError(make, UsageError, 'bad-option'));
});
