import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../../src/batch/snapshot.ts';
import type { DriftDetector } from '../../../src/contracts/monitor.ts';
import { DataError, StateError, UsageError } from '../../../src/errors.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { Adwin, Ddm, Eddm, HddmA, HddmW, Kswin, PageHinkley } from '../../../src/index.ts';
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

/** Errors at a rate of 0.1 and, from the middle on, 0.7. */
function errors(length: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, (_, t) => Number(random.next() < (t < length / 2 ? 0.1 : 0.7)));
}

it('tests every exported detector', () => {
  const tested = new Set(makes.map(([, make]) => make().constructor.name));
  expect([...tested].sort()).toEqual(exportedWith('updateAll', 'reset'));
});

describe.each(makes)('%s', (_, make) => {
  it('finds a great change soon after it, whatever the seed', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { drifts } = make().updateAll(errors(2000, seed));
      const late = drifts.find((position) => position >= 1000) ?? Number.POSITIVE_INFINITY;
      expect(late, `seed ${seed}`).toBeLessThan(1200);
    }
  });

  it('finds nothing where nothing ever happens', () => {
    expect(make().updateAll(new Float64Array(5000))).toEqual({ warnings: [], drifts: [] });
  });

  it('tells the same of a column as of its values one by one, and counts on through drifts and resets', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(2000), (seed, cut) => {
        const values = errors(2000, seed);
        const [whole, parts, single] = [make(), make(), make()];
        const all = whole.updateAll(values);
        const [first, second] = [parts.updateAll(values.subarray(0, cut)), parts.updateAll(values.subarray(cut))];
        const signals = Array.from(values, (value) => single.update(value));
        const positions = (signal: string) => signals.flatMap((each, at) => (each === signal ? [at] : []));
        expect([...first.drifts, ...second.drifts]).toEqual(all.drifts);
        expect([...first.warnings, ...second.warnings]).toEqual(all.warnings);
        expect({ drifts: positions('drift'), warnings: positions('warning') }).toEqual(all);
        expect(whole.metrics?.()).toMatchObject({ drifts: all.drifts.length, warnings: all.warnings.length });
      }),
      { numRuns: 10 },
    );
    const detector = make();
    detector.updateAll(new Float64Array(500));
    detector.reset();
    const { drifts } = detector.updateAll(errors(2000, 1));
    expect(drifts).toEqual(make().updateAll(errors(2000, 1)).drifts.map((position) => position + 500)); // biome-ignore format: one line
  });

  it('goes on from its snapshot, bit for bit', () => {
    for (const cut of [0, 1, 250, 1010, 1900]) {
      const values = errors(2000, 3);
      const one = make();
      one.updateAll(values.subarray(0, cut));
      const text = snapshotToText(one.snapshot());
      const restored = make();
      restored.restore(snapshotFromText(text) as SnapshotRecord);
      expect(restored.updateAll(values.subarray(cut))).toEqual(one.updateAll(values.subarray(cut)));
      expect(snapshotToText(restored.snapshot())).toBe(snapshotToText(one.snapshot()));
    }
  });

  it('makes snapshots that later values do not touch, and keeps none that it is given', () => {
    const one = make();
    one.updateAll(errors(300, 3));
    const snapshot = one.snapshot();
    const text = snapshotToText(snapshot);
    one.updateAll(errors(300, 4));
    one.restore(snapshot);
    one.updateAll(errors(300, 4));
    expect(snapshotToText(snapshot)).toBe(text);
  });

  it('refuses numbers that are none, with the whole column, and is then as before', () => {
    const one = make();
    one.updateAll(errors(300, 3));
    const before = snapshotToText(one.snapshot());
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expectError(() => one.update(value), DataError, 'not-finite');
      expectError(() => one.updateAll(Float64Array.of(0, 1, value)), DataError, 'not-finite');
    }
    expect(snapshotToText(one.snapshot())).toBe(before);
  });

  it('refuses a snapshot of another kind, and is then as before', () => {
    const one = make();
    one.updateAll(errors(300, 3));
    const before = snapshotToText(one.snapshot());
    const others = makes.map(([, other]) => other()).filter((other) => other.constructor !== one.constructor);
    for (const misfit of [{}, { state: {} }, ...others.map((other) => other.snapshot())]) {
      expectError(() => one.restore(misfit), StateError, 'does-not-fit');
    }
    expect(snapshotToText(one.snapshot())).toBe(before);
  });
});

describe('values out of range', () => {
  it.each([new Ddm(), new Eddm()])('$kind takes 0 and 1 only', (detector) => {
    expectError(() => detector.update(0.5), DataError, 'bad-record');
  });

  it.each([new HddmA(), new HddmW()])('$kind takes values in [0, 1] only', (detector) => {
    expect(detector.update(0.5)).toBe('stable');
    expectError(() => detector.update(1.1), DataError, 'bad-record');
  });
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
