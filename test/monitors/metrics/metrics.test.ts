import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../../src/batch/snapshot.ts';
import { DataError, StateError, UsageError } from '../../../src/errors.ts';
import * as millrace from '../../../src/index.ts';
import { fading, type Metric, type Outcomes, windowed } from '../../../src/index.ts';
import { expectError } from '../expect-error.ts';
import { exportedWith } from '../exported-with.ts';

const whole: readonly Metric[] = [
  new millrace.Accuracy(),
  new millrace.F1({ average: 'macro' }),
  new millrace.Kappa(),
  new millrace.KappaM(),
  new millrace.KappaT(),
  new millrace.LogLoss(),
  new millrace.MeanAbsoluteError(),
  new millrace.Precision({ average: 'macro' }),
  new millrace.R2(),
  new millrace.Recall({ positive: 0 }),
  new millrace.RocAuc(),
  new millrace.RootMeanSquaredError(),
  new millrace.Silhouette(),
  new millrace.WithinClusterCost(),
];
const all = [
  ...whole,
  ...whole.map((metric) => windowed(metric, 7)),
  ...whole.map((metric) => fading(metric, 0.8)),
  windowed(fading(new millrace.R2(), 0.8), 7),
  fading(windowed(new millrace.R2(), 7), 0.8),
];

/** Rows with every column that any metric reads. */
const rows = fc.array(
  fc.record({
    label: fc.integer({ min: 0, max: 1 }),
    prediction: fc.integer({ min: 0, max: 3 }),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    distance: fc.double({ min: 0.001, max: 100, noNaN: true }),
    weight: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 3, maxLength: 25 },
);
type Row = typeof rows extends fc.Arbitrary<readonly (infer R)[]> ? R : never;

function outcomesOf(part: readonly Row[]): Outcomes {
  const column = (f: (row: Row) => number) => Float64Array.from(part, f);
  return {
    rows: part.length,
    labels: column(({ label }) => label),
    predictions: column(({ prediction }) => prediction),
    probabilities: [column(({ probability }) => 1 - probability), column(({ probability }) => probability)],
    squaredDistances: [column(({ distance }) => distance), column(({ distance }) => 2 * distance)],
    weights: column(({ weight }) => weight),
  };
}

const ten = outcomesOf(
  Array.from({ length: 10 }, (_, i) => ({
    label: Number(i % 3 === 0),
    prediction: Number(i % 2 === 0),
    probability: (i + 1) / 12,
    distance: i + 1,
    weight: 1 + (i % 2),
  })),
);

function seen(metric: Metric, ...batches: readonly Outcomes[]): Metric {
  const fresh = metric.fresh();
  for (const batch of batches) fresh.update(batch);
  return fresh;
}

function expectSameValue(got: Metric, expected: Metric): void {
  if (Number.isNaN(expected.value)) expect(got.value).toBeNaN();
  else expect(got.value).toBeCloseTo(expected.value, 8);
}

it('tests every exported metric', () => {
  expect(whole.map((metric) => metric.constructor.name).sort()).toEqual(exportedWith('fresh', 'decay'));
});

describe.each(all.map((metric) => [metric.name, metric] as const))('%s', (name, metric) => {
  it('gives the same however the rows are cut into batches, and when halves are merged', () => {
    fc.assert(
      fc.property(rows, fc.nat(24), (stream, cut) => {
        const [first, second] = [outcomesOf(stream.slice(0, cut)), outcomesOf(stream.slice(cut))];
        const expected = seen(metric, outcomesOf(stream));
        expectSameValue(seen(metric, first, second), expected);
        expectSameValue(seen(metric, ...stream.map((row) => outcomesOf([row]))), expected);
        const merged = seen(metric, first);
        const later = seen(metric, second);
        const before = snapshotToText(later.snapshot());
        merged.merge(later);
        expectSameValue(merged, expected);
        merged.update(ten);
        expect(snapshotToText(later.snapshot())).toBe(before);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same when every row counts twice as much', () => {
    const { weights: _, ...unweighted } = ten;
    const doubled = { ...ten, weights: new Float64Array(10).fill(2) };
    expectSameValue(seen(metric, doubled), seen(metric, unweighted));
  });

  it('forgets all with a decay of 0, and nothing with one of 1', () => {
    const one = seen(metric, ten);
    one.decay(1);
    expect(one.value).toBe(seen(metric, ten).value);
    one.decay(0);
    expect(one.value).toBeNaN();
    for (const factor of [-0.1, 1.1, Number.NaN]) {
      expectError(() => one.decay(factor), UsageError, 'bad-option');
    }
  });

  it('is undefined before the first row, and an empty batch changes nothing', () => {
    const one = metric.fresh();
    expect([one.value, one.metrics?.()]).toEqual([Number.NaN, {}]);
    one.update(outcomesOf([]));
    expect(snapshotToText(one.snapshot())).toBe(snapshotToText(metric.fresh().snapshot()));
    one.update(ten);
    expect(one.metrics?.()).toEqual({ [name]: one.value });
  });

  it('goes on from its snapshot, bit for bit, and neither keeps nor gives away what it needs', () => {
    const one = seen(metric, ten);
    const snapshot = one.snapshot();
    const text = snapshotToText(snapshot);
    const restored = metric.fresh();
    restored.restore(snapshotFromText(text) as SnapshotRecord);
    for (const each of [one, restored]) each.update(ten);
    expect(snapshotToText(restored.snapshot())).toBe(snapshotToText(one.snapshot()));
    expect(snapshotToText(snapshot)).toBe(text);
    const given = outcomesOf([]);
    restored.restore(snapshot);
    restored.update(given);
    for (const part of Object.values(snapshot)) if (part instanceof Float64Array) part.fill(Number.NaN);
    expect(snapshotToText(restored.snapshot())).toBe(text);
  });

  it('neither changes nor keeps the columns that it is given', () => {
    const given = structuredClone(ten);
    const one = seen(metric, given);
    const { value } = one;
    expect(given).toEqual(ten);
    given.labels!.fill(Number.NaN);
    given.predictions!.fill(Number.NaN);
    for (const column of [...given.probabilities!, ...given.squaredDistances!]) column.fill(Number.NaN);
    one.decay(1);
    expect(one.value).toBe(value);
  });

  it('refuses numbers that are none and columns of another length, and is then as before', () => {
    const one = seen(metric, ten);
    const before = snapshotToText(one.snapshot());
    const spoiled = (column: Float64Array) => column.with(4, Number.NaN);
    const bad: Outcomes = {
      rows: 10,
      labels: spoiled(ten.labels!),
      predictions: spoiled(ten.predictions!),
      probabilities: ten.probabilities!.map(spoiled),
      squaredDistances: [spoiled(ten.squaredDistances![0]), spoiled(ten.squaredDistances![1])],
    };
    expectError(() => one.update(bad), DataError, 'not-finite');
    expectError(() => one.update({ ...ten, weights: ten.weights!.with(9, -1) }), DataError, 'bad-record');
    expectError(() => one.update({ ...ten, rows: 9 }), UsageError, 'wrong-type');
    expectError(() => one.update({ rows: 10 }), UsageError, 'wrong-type');
    expect(snapshotToText(one.snapshot())).toBe(before);
  });

  it('refuses to merge with another kind, and to restore what is not its own', () => {
    const one = seen(metric, ten);
    const before = snapshotToText(one.snapshot());
    const other = all.find((each) => each.name !== name)!;
    expectError(() => one.merge(other), UsageError, 'wrong-type');
    for (const misfit of [{ weights: 'all' }, { sum: null }, { rows: 1 }]) {
      expectError(() => one.restore(misfit), StateError, 'does-not-fit');
    }
    expect(snapshotToText(one.snapshot())).toBe(before);
  });
});
