import { describe, expect, it } from 'vitest';
import { Vectors } from '../../src/batch/vector.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import type { CenterMethod } from '../../src/learners/chosen-centers.ts';
import { type CountRule, StreamingKMeans, type TimeUnit } from '../../src/learners/streaming-k-means.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const column = (...values: number[]) => values.map((value) => [value]);

/** Two clusters on a line, at 0 and 10, each of weight 4. */
const pair = (options = {}) => new StreamingKMeans(options).setInitialCenters(column(0, 10), [4, 4]);

const centersOf = (learner: StreamingKMeans) => [...learner.learnedValues()];
const weightsOf = (learner: StreamingKMeans) => [...learner.latestModel().clusterWeights];

describe('StreamingKMeans refuses', () => {
  const learner = () => new StreamingKMeans();
  it.each<[what: string, () => unknown, message: string]>([
    ['k = 0', () => learner().setK(0), 'Number of clusters must be positive but got 0'],
    ['k = 1.5', () => learner().setK(1.5), 'Number of clusters must be positive but got 1.5'],
    [
      'k = NaN, constructed',
      () => new StreamingKMeans({ k: Number.NaN }),
      'Number of clusters must be positive but got NaN',
    ],
    ['α = −1', () => learner().setDecayFactor(-1), 'Decay factor must be nonnegative but got -1'],
    ['α = ∞', () => learner().setDecayFactor(Infinity), 'Decay factor must be nonnegative but got Infinity'],
    ['α = NaN', () => new StreamingKMeans({ decayFactor: Number.NaN }), 'Decay factor must be nonnegative but got NaN'],
    ['a half-life of 0', () => learner().setHalfLife(0, 'batches'), 'Half life must be positive but got 0'],
    [
      'another time unit',
      () => learner().setHalfLife(1, 'Batches' as TimeUnit),
      "Invalid time unit for decay: Batches; expected 'batches' or 'points'",
    ],
    [
      'another time unit, constructed',
      () => new StreamingKMeans({ timeUnit: 'rows' as TimeUnit }),
      "Invalid time unit for decay: rows; expected 'batches' or 'points'",
    ],
    [
      'another count rule',
      () => learner().setCountRule('none' as CountRule),
      "Invalid count rule: none; expected 'decayed' or 'undecayed'",
    ],
    [
      'too few centres',
      () => learner().setInitialCenters(column(1), [1]),
      'Number of initial centers must be 2 but got 1',
    ],
    [
      'too few weights',
      () => learner().setInitialCenters(column(1, 2), [1]),
      'Number of initial weights must be 2 but got 1',
    ],
    [
      'a negative weight',
      () => learner().setInitialCenters(column(1, 2), [1, -1]),
      'Initial weights must be nonnegative but got [1, -1]',
    ],
    [
      'an infinite weight',
      () => learner().setInitialCenters(column(1, 2), [1, Infinity]),
      'Initial weights must be nonnegative but got [1, Infinity]',
    ],
    [
      'centres of different widths',
      () => learner().setInitialCenters([[1], [2, 3]], [1, 1]),
      'Initial center 1: features: expected 1 values, got 2',
    ],
    [
      'a centre that is not finite',
      () => learner().setInitialCenters([[1], [Number.NaN]], [1, 1]),
      'Initial center 1: feature 0: expected a finite number, got NaN',
    ],
    [
      'centres without coordinates',
      () => learner().setInitialCenters([[], []], [1, 1]),
      'Number of dimensions must be positive but got 0',
    ],
    ['0 dimensions', () => learner().setRandomCenters(0, 1), 'Number of dimensions must be positive but got 0'],
    [
      'random centres of negative weight',
      () => learner().setRandomCenters(1, -1),
      'Weight for each center must be nonnegative but got -1',
    ],
    [
      'k set after the centres',
      () => pair().setK(3).latestModel(),
      'k is 3 but there are 2 initial centers; set k first',
    ],
  ])('%s', (_what, use, message) => {
    expectRefusal(use, UsageError, 'bad-option', `StreamingKMeans: ${message}`);
  });

  it('to be asked for a model before it has centres', () => {
    const message =
      'StreamingKMeans: Initial cluster centers must be set before starting predictions; ' +
      'call setInitialCenters or setRandomCenters';
    expectRefusal(() => learner().latestModel(), UsageError, 'not-initialised', message);
  });

  it('a batch whose squared distances overflow, and keeps its centres', () => {
    const learner = pair();
    const message = 'StreamingKMeans: centres would leave the finite numbers; scale the features';
    expectRefusal(() => teach(learner, column(1e200)), DataError, 'not-finite', message);
    expect(centersOf(learner)).toEqual([0, 10]);
    expect(weightsOf(learner)).toEqual([4, 4]);
  });
});

describe('StreamingKMeans takes', () => {
  it('a decay factor above 1, as Spark does', () => {
    expect(new StreamingKMeans().setDecayFactor(2).params()['decayFactor']).toBe(2);
  });

  it('sparse centres and sparse points', () => {
    const learner = new StreamingKMeans().setInitialCenters([Vectors.zeros(2), Vectors.sparse(2, [1], [10])], [0, 0]);
    teach(learner, [Vectors.sparse(2, [0], [3]), Vectors.dense(0, 9)]);
    expect(centersOf(learner)).toEqual([3, 0, 0, 9]);
  });

  it('a setter’s refusal without any change', () => {
    const learner = pair();
    expect(() => learner.setInitialCenters([[7], [Number.NaN]], [1, 1])).toThrow(UsageError);
    expect(() => learner.setHalfLife(-1, 'points')).toThrow(UsageError);
    expect(centersOf(learner)).toEqual([0, 10]);
    expect(learner.params()).toEqual(pair().params());
  });
});

describe('StreamingKMeans, batch by batch', () => {
  it('an empty batch decays the weights by batches, and not by points, and moves nothing', () => {
    const byBatches = pair({ decayFactor: 0.5 });
    const byPoints = pair({ decayFactor: 0.5, timeUnit: 'points' });
    for (const learner of [byBatches, byPoints]) expect(teach(learner, [])).toBeUndefined();
    expect(weightsOf(byBatches)).toEqual([2, 2]);
    expect(weightsOf(byPoints)).toEqual([4, 4]);
    expect([centersOf(byBatches), centersOf(byPoints)]).toEqual([
      [0, 10],
      [0, 10],
    ]);
  });

  it('by points, all points of the batch count, not only those of the cluster', () => {
    const learner = pair({ decayFactor: 0.5, timeUnit: 'points' });
    teach(learner, column(1, 10, 10)); // α³ = 1/8, so that each old weight is 1/2
    expect(weightsOf(learner)).toEqual([0.5 + 1, 0.5 + 2]);
    expect(centersOf(learner)[0]).toBeCloseTo((0.5 * 0 + 1) / 1.5, 14);
  });

  it('a tie goes to the centre of the lowest index', () => {
    const learner = new StreamingKMeans({ k: 3 }).setInitialCenters(column(2, 0, 0), [1, 1, 1]);
    teach(learner, column(1, 0));
    expect(weightsOf(learner)).toEqual([2, 2, 1]);
    expect(learner.latestModel().predict([1])).toBe(0);
  });

  it('assigns with the centres of before the batch', () => {
    const learner = new StreamingKMeans({ decayFactor: 0 }).setInitialCenters(column(0, 10), [1, 1]);
    teach(learner, column(4, 4, 11)); // the first 4 moves centre 0 next to the second only afterwards
    expect(centersOf(learner)).toEqual([4, 11]);
  });

  it('zero weights and an empty batch split nothing', () => {
    const learner = new StreamingKMeans().setInitialCenters(column(0, 10), [0, 0]);
    teach(learner, []);
    expect(centersOf(learner)).toEqual([0, 10]);
    expect(weightsOf(learner)).toEqual([0, 0]);
  });

  it('an empty batch still lets a dying cluster take over half of the heaviest', () => {
    const learner = new StreamingKMeans({ k: 3 }).setInitialCenters(column(0, 500, 7), [1e-9, 2, 1]);
    teach(learner, []);
    expect(centersOf(learner)).toEqual([500 - 500e-14, 500 + 500e-14, 7]);
    expect(weightsOf(learner)).toEqual([(2 + 1e-9) / 2, (2 + 1e-9) / 2, 1]);
  });

  it('a cluster at exactly the dying share lives', () => {
    const learner = new StreamingKMeans().setInitialCenters(column(0, 10), [1, 1e8]);
    teach(learner, []);
    expect(weightsOf(learner)).toEqual([1, 1e8]);
  });

  it('splits at most once a batch, and takes the lightest of the lowest index', () => {
    const learner = new StreamingKMeans({ k: 3 }).setInitialCenters(column(0, 10, 20), [0, 0, 8]);
    teach(learner, []);
    expect(weightsOf(learner)).toEqual([4, 0, 4]);
    teach(learner, []);
    expect(weightsOf(learner)).toEqual([2, 2, 4]);
  });

  it('the loss is the mean squared distance to the centres of before', () => {
    const learner = pair();
    expect(teach(learner, column(1, 8, 13))).toBe((1 + 4 + 9) / 3);
    expect(learner.metrics()).toEqual({ loss: (1 + 4 + 9) / 3 });
  });

  it('a weight moves a cluster that weighs nothing onto its rows, down to 1e-16', () => {
    for (const [weight, share] of [
      [1e-15, 1],
      [2e-17, 0.2],
    ] as const) {
      const learner = new StreamingKMeans({ k: 1 }).setInitialCenters([[0]], [0]);
      teach(learner, [{ features: [10], weight }]);
      expect(centersOf(learner)[0]).toBeCloseTo(10 * share, 12);
    }
  });

  it('k may be larger than the data', () => {
    const learner = new StreamingKMeans({ k: 5 }).setInitialCenters(column(0, 10, 20, 30, 40), [1, 1, 1, 1, 1]);
    teach(learner, column(12));
    expect(centersOf(learner)).toEqual([0, 11, 20, 30, 40]);
    expect(weightsOf(learner)).toEqual([1, 2, 1, 1, 1]);
  });
});

it('a decay weighs all clusters less, and moves none', () => {
  const learner = pair();
  learner.decay(0.25);
  expect([centersOf(learner), weightsOf(learner)]).toEqual([
    [0, 10],
    [1, 1],
  ]);
  teach(learner, column(1));
  expect(centersOf(learner)[0]).toBe(0.5);
});

describe('the undecayed count rule', () => {
  it('discounts the old centre in the average, but never the count', () => {
    const learner = pair({ decayFactor: 0.5, countRule: 'undecayed' });
    teach(learner, column(3, 3)); // c = (0.5·4·0 + 2·3) / (0.5·4 + 2), n = 4 + 2
    expect(centersOf(learner)).toEqual([6 / 4, 10]);
    expect(weightsOf(learner)).toEqual([6, 4]);
    teach(learner, column(3)); // c = (0.5·6·1.5 + 3) / (0.5·6 + 1), n = 6 + 1
    expect(centersOf(learner)[0]).toBeCloseTo(7.5 / 4, 14);
    expect(weightsOf(learner)).toEqual([7, 4]);
    expect(learner.params()['countRule']).toBe('undecayed');
  });

  it('is the decayed rule where nothing is forgotten', () => {
    const [decayed, undecayed] = [pair(), pair().setCountRule('undecayed')];
    for (const learner of [decayed, undecayed]) teach(learner, column(1, 2, 9));
    expect(undecayed.snapshot()).toEqual(decayed.snapshot());
  });
});

describe('nothing given or taken is shared with the learner', () => {
  it('neither centres nor weights that were given', () => {
    const centers = [Float64Array.of(0), Float64Array.of(10)];
    const weights = [4, 4];
    const learner = new StreamingKMeans().setInitialCenters(centers, weights);
    centers[0]!.fill(99);
    weights.fill(99);
    expect(learner.snapshot()).toEqual(pair().snapshot());
    teach(learner, column(1));
    expect(centers[1]).toEqual(Float64Array.of(10));
  });

  it('nor the latest model, which stays as it was', () => {
    const learner = pair();
    const model = learner.latestModel();
    teach(learner, column(1, 9));
    expect(model.clusterCenters).toEqual([Float64Array.of(0), Float64Array.of(10)]);
    expect([...model.clusterWeights]).toEqual([4, 4]);
    model.clusterCenters[0]!.fill(99);
    expect(centersOf(learner)[0]).toBeLessThan(1);
  });
});

it('the latest model knows k, predicts and costs', () => {
  const model = pair().latestModel();
  expect(model.k).toBe(2);
  expect(model.predict([6])).toBe(1);
  expect(model.predict(Vectors.sparse(1, [], []))).toBe(0);
  expect(model.computeCost(column(1, 8, 13))).toBe(1 + 4 + 9);
});

describe.each<CenterMethod>(['k-means++', 'k-means||'])('%s', (initialCenters) => {
  const corners = [
    [0, 0],
    [100, 0],
    [0, 100],
  ];
  const around = Array.from({ length: 30 }, (_, i) => corners[i % 3]!.map((x, f) => x + ((i * (f + 7)) % 5)));
  const started = (seed: number) => new StreamingKMeans({ k: 3, initialCenters, numFeatures: 2, seed });

  it.each([1, 2, 3, 4, 5])('begins with a centre in each of three far clusters (seed %i)', (seed) => {
    const learner = started(seed);
    teach(learner, around);
    const near = learner.latestModel().clusterCenters.map((center) => center.map((x) => Math.round(x / 100)).join());
    expect(new Set(near)).toEqual(new Set(['0,0', '1,0', '0,1']));
    expect([...learner.latestModel().clusterWeights]).toEqual([10, 10, 10]);
  });

  it('waits for the first rows, and chooses once', () => {
    const [waited, prompt] = [started(1), started(1)];
    teach(waited, []);
    teach(waited, around);
    teach(prompt, around);
    expect(waited.learnedValues()).toEqual(prompt.learnedValues());
    const before = prompt.latestModel().clusterCenters;
    teach(prompt, [[1, 1]]);
    expect(
      prompt.latestModel().clusterCenters.filter((center, j) => center.every((x, f) => x === before[j]![f])),
    ).toHaveLength(2);
  });

  it('repeats centres where fewer rows differ', () => {
    const learner = started(1);
    teach(learner, [
      [7, 7],
      [7, 7],
    ]);
    expect(centersOf(learner).every((x) => Math.abs(x - 7) < 1e-12)).toBe(true);
  });

  it.each([
    [{ numFeatures: 0 }, 'Number of dimensions must be positive but got 0'],
    [{ numFeatures: 2, seed: 0.5 }, 'Seed must be a whole number but got 0.5'],
    [
      { numFeatures: 2, initialCenters: 'best' as CenterMethod },
      "Initial centers must be 'k-means++' or 'k-means||' but got best",
    ],
  ])('refuses %j', (options, message) => {
    expectRefusal(
      () => new StreamingKMeans({ initialCenters, ...options }),
      UsageError,
      'bad-option',
      `StreamingKMeans: ${message}`,
    );
  });
});
