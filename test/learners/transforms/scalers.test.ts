import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../../src/batch/examples.ts';
import { DataError, UsageError } from '../../../src/errors.ts';
import { Imputer } from '../../../src/learners/transforms/imputer.ts';
import { MinMaxScaler } from '../../../src/learners/transforms/min-max-scaler.ts';
import { StandardScaler } from '../../../src/learners/transforms/standard-scaler.ts';
import { expectRefusal } from '../expect-refusal.ts';

const columnOf = (...values: number[]) => ({ rows: values.length, columns: [Float64Array.from(values)] });
const numFeatures = 1;

describe('StandardScaler', () => {
  it('gives each value by the population moments of those up to it', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    const scaler = new StandardScaler({ numFeatures });
    const scaled = scaler.update(columnOf(...values)).columns[0]!;
    for (const [i, value] of values.entries()) {
      const seen = values.slice(0, i + 1);
      const mean = seen.reduce((sum, x) => sum + x) / seen.length;
      const variance = seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / seen.length;
      expect(scaled[i]).toBeCloseTo(variance === 0 ? 0 : (value - mean) / Math.sqrt(variance), 14);
    }
    expect([scaler.means[0], scaler.variances[0]]).toEqual([5, 4]);
    expect([...scaler.transform(columnOf(9, 5, 1)).columns[0]!]).toEqual([2, 0, -2]);
  });

  it('gives 0 where nothing varies, or nothing was learned', () => {
    const scaler = new StandardScaler({ numFeatures });
    expect([...scaler.transform(columnOf(3)).columns[0]!]).toEqual([0]);
    expect([...scaler.update(columnOf(3, 3)).columns[0]!]).toEqual([0, 0]);
  });

  it('counts a value by its weight', () => {
    const [weighted, repeated] = [new StandardScaler({ numFeatures }), new StandardScaler({ numFeatures })];
    weighted.update(columnOf(1, 100, 4), Float64Array.of(2, 0, 1));
    repeated.update(columnOf(1, 1, 4));
    expect(weighted.means[0]).toBeCloseTo(repeated.means[0]!, 15);
    expect(weighted.variances[0]).toBeCloseTo(repeated.variances[0]!, 15);
  });

  it('leaves the mean or the scale on request', () => {
    const options = { numFeatures, withMean: false };
    const scaler = new StandardScaler(options);
    scaler.update(columnOf(2, 4, 4, 4, 5, 5, 7, 9));
    expect([...scaler.transform(columnOf(9)).columns[0]!]).toEqual([4.5]);
    const centring = new StandardScaler({ numFeatures, withStd: false });
    centring.update(columnOf(1, 3));
    expect([...centring.transform(columnOf(7)).columns[0]!]).toEqual([5]);
  });

  it('refuses values whose squares overflow, and is then as before', () => {
    const scaler = new StandardScaler({ numFeatures });
    scaler.update(columnOf(1, 2));
    const before = scaler.snapshot();
    expect(() => scaler.update(columnOf(1e300))).toThrow(DataError);
    expect(scaler.snapshot()).toEqual(before);
  });
});

describe('MinMaxScaler', () => {
  it('gives the place between the smallest and the largest so far, and the middle before there are two', () => {
    const scaler = new MinMaxScaler({ numFeatures, min: -1, max: 1 });
    expect([...scaler.update(columnOf(5, 10, 0, 2.5)).columns[0]!]).toEqual([0, 1, -1, -0.5]);
    expect([...scaler.transform(columnOf(-3, 12)).columns[0]!]).toEqual([-1, 1]);
  });

  it('takes a range wider than the largest number', () => {
    const scaler = new MinMaxScaler({ numFeatures });
    expect([...scaler.update(columnOf(-1.7e308, 1.7e308, 0)).columns[0]!]).toEqual([0.5, 1, 0.5]);
  });
});

describe('Imputer', () => {
  it('puts the mean so far in the place of what is missing', () => {
    const imputer = new Imputer({ numFeatures, missingValue: -1 });
    expect([...imputer.update(columnOf(-1, 4, -1, 8, -1)).columns[0]!]).toEqual([0, 4, 4, 8, 6]);
    imputer.update(columnOf(0), Float64Array.of(2));
    expect([...imputer.transform(columnOf(-1, 5)).columns[0]!]).toEqual([3, 5]);
  });
});

it.each<[use: () => unknown, message: string]>([
  [() => new StandardScaler({ numFeatures: 0 }), 'StandardScaler: Number of features must be positive but got 0'],
  [() => new MinMaxScaler({ numFeatures, min: 1 }), 'MinMaxScaler: Max must be above 1 but got 1'],
  [() => new MinMaxScaler({ numFeatures, min: Number.NaN }), 'MinMaxScaler: Range must be finite but got NaN'],
  [
    () => new Imputer({ numFeatures, missingValue: Number.NaN }),
    'Imputer: Missing value must be a finite number but got NaN',
  ],
])('refuses by name: %s', (use, message) => {
  expectRefusal(use, UsageError, 'bad-option', message);
});

it('refuses features of another width', () => {
  const scaler = new StandardScaler({ numFeatures: 2 });
  for (const use of [() => scaler.update(toFeatures([[1]], 1)), () => scaler.transform(toFeatures([[1]], 1))]) {
    expectRefusal(use, UsageError, 'wrong-width', 'StandardScaler: expected 2 features, got 1');
  }
});
