import { describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../../src/errors.ts';
import {
  Accuracy,
  clusterOutcomes,
  F1,
  fading,
  Kappa,
  KappaM,
  KappaT,
  LogLoss,
  MeanAbsoluteError,
  type Metric,
  Precision,
  R2,
  Recall,
  RocAuc,
  Silhouette,
  WithinClusterCost,
  windowed,
} from '../../../src/index.ts';
import { expectError } from '../expect-error.ts';

function taught<M extends Metric>(metric: M, labels: readonly number[], predictions: readonly number[]): M {
  metric.update({
    rows: labels.length,
    labels: Float64Array.from(labels),
    predictions: Float64Array.from(predictions),
  });
  return metric;
}

const columns = (...values: readonly (readonly number[])[]) => values.map((column) => Float64Array.from(column));

describe('options', () => {
  it.each([0, 1.5, -1, Number.NaN])('windowed refuses %d rows', (rows) => {
    expectError(() => windowed(new Accuracy(), rows), UsageError, 'bad-option');
  });

  it.each([0, -0.5, 1.01, Number.NaN])('fading refuses the decay factor %d', (factor) => {
    expectError(() => fading(new Accuracy(), factor), UsageError, 'bad-option');
  });

  it.each([{ average: 'weighted' }, { positive: -1 }, { positive: 0.5 }])('F1 refuses %o', (options) => {
    expectError(() => new F1(options as never), UsageError, 'bad-option');
  });
});

describe('classes', () => {
  it.each([-1, 0.5, 65_536])('%d is none', (label) => {
    expectError(() => taught(new Accuracy(), [label], [0]), DataError, 'bad-record');
    expectError(() => taught(new KappaT(), [0], [label]), DataError, 'bad-record');
  });

  it('beyond the columns of probabilities are refused, and so is a single column', () => {
    const labels = Float64Array.of(0, 2);
    const probabilities = columns([0.5, 0.5], [0.5, 0.5]);
    expectError(() => new LogLoss().update({ rows: 2, labels, probabilities }), DataError, 'bad-record');
    expectError(() => new RocAuc().update({ rows: 2, labels, probabilities }), DataError, 'bad-record');
    const alone = { rows: 2, labels, probabilities: probabilities.slice(1) };
    expectError(() => new LogLoss().update(alone), UsageError, 'wrong-type');
    const three = { rows: 2, labels: Float64Array.of(0, 1), probabilities: [...probabilities, probabilities[0]!] };
    expectError(() => new RocAuc().update(three), UsageError, 'wrong-type');
  });

  it('that never come and are never said count for nothing', () => {
    expect(taught(new F1({ average: 'macro' }), [5, 5], [5, 5]).value).toBe(1);
    expect(taught(new Precision(), [0, 5], [0, 5]).value).toBe(0);
    expect(taught(new Recall(), [0, 5], [0, 5]).value).toBe(0);
  });
});

describe('figures that would divide by nothing are undefined', () => {
  it.each([new Kappa(), new KappaM(), new KappaT()])('$name of a stream of one class', (metric) => {
    expect(taught(metric, [1, 1, 1], [1, 1, 1]).value).toBeNaN();
  });

  it('R2 of labels that are all equal', () => {
    expect(taught(new R2(), [7, 7], [7, 8]).value).toBeNaN();
  });
});

it('kappa T is 0 for a learner that is as often right as the label before', () => {
  expect(taught(new KappaT(), [0, 1, 1, 0, 1], [0, 0, 0, 0, 0]).value).toBeCloseTo((0.4 - 0.25) / 0.75, 12);
});

it('log-loss of a certain error is large, but no more than that', () => {
  const metric = new LogLoss();
  metric.update({ rows: 1, labels: Float64Array.of(1), probabilities: columns([1], [0]) });
  expect(metric.value).toBeCloseTo(15 * Math.LN10, 9);
});

it('R2 keeps its digits on labels far from 0', () => {
  const labels = [1, 2, 3, 4].map((label) => label + 1e9);
  const predictions = labels.map((label) => label + 0.5);
  expect(taught(new R2(), labels, predictions).value).toBeCloseTo(1 - 1 / 5, 9);
});

it.each([new R2(), new MeanAbsoluteError()])(
  '$name refuses errors that add up to more than there are numbers',
  (metric) => {
    taught(metric, [1, 2], [1, 3]);
    const { value } = metric;
    expectError(() => taught(metric, [1.7e308, 1.7e308], [-1.7e308, -1.7e308]), DataError, 'not-finite');
    expect(metric.value).toBe(value);
  },
);

it('a window knows nothing of what has left it', () => {
  const metric = windowed(new MeanAbsoluteError(), 2);
  taught(metric, [1e300, 0, 0.1], [0, 0, 0]);
  expect(metric.value).toBe(0.05);
  expectError(() => metric.update({ ...new Object(), rows: 1, labels: Float64Array.of(1) }), UsageError, 'wrong-type');
  const more = { rows: 1, labels: Float64Array.of(1), predictions: Float64Array.of(1) };
  expectError(() => metric.update({ ...more, probabilities: columns([1]) }), UsageError, 'wrong-type');
});

describe('clusterOutcomes', () => {
  const features = { rows: 3, columns: columns([0, 4, 5], [0, 0, 0]) };

  it('measures each row against the nearest centre and the second nearest', () => {
    const { predictions, squaredDistances } = clusterOutcomes(features, [[0, 0], [5, 0], [9, 0]]); // biome-ignore format: one line
    expect(predictions).toEqual(Float64Array.of(0, 1, 1));
    expect(squaredDistances).toEqual(columns([0, 1, 0], [25, 16, 16]));
  });

  it('with one centre, or two in one place, there is a cost and no silhouette', () => {
    for (const centers of [
      [[0, 0]],
      [
        [0, 0],
        [0, 0],
      ],
    ]) {
      // biome-ignore format: one line
      const outcomes = clusterOutcomes(features, centers);
      const [cost, silhouette] = [new WithinClusterCost(), new Silhouette()];
      for (const metric of [cost, silhouette]) metric.update(outcomes);
      expect([cost.value, silhouette.value]).toEqual([41 / 3, 0]);
    }
  });

  it('refuses centres of another width, and none', () => {
    expectError(() => clusterOutcomes(features, [[1, 2, 3]]), UsageError, 'wrong-width');
    expectError(() => clusterOutcomes(features, []), UsageError, 'bad-option');
  });
});
