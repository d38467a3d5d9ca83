import { describe, expect, it } from 'vitest';
import { StreamingKMeans, type TimeUnit } from '../../src/learners/streaming-k-means.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { teach } from '../learners/teach.ts';
import { expectClose } from './expect-close.ts';
import { FLINK_UPDATE, HALF_LIFE, SINGLE_CENTER, XOR_SHIFT_42 } from './golden.ts';
import { kMeansData } from './k-means-data.ts';

/** Centres, one after the other, and weights. */
function modelOf(learner: StreamingKMeans): [centers: Float64Array, weights: number[]] {
  return [learner.learnedValues(), [...learner.latestModel().clusterWeights]];
}

const column = (...values: number[]) => values.map((value) => [value]);
const diagonal = (...values: number[]) => values.map((value) => [value, value]);

describe('StreamingKMeans gives the numbers of Spark’s suite', () => {
  it('setRandomCenters draws Spark’s centres', () => {
    const learner = new StreamingKMeans({ k: 3 }).setRandomCenters(2, 0, 42);
    expectClose(learner.learnedValues(), XOR_SHIFT_42.nextGaussian, 1e-15);
  });

  it.each(HALF_LIFE)('a half-life of $halfLife $timeUnit', ({ halfLife, timeUnit, decayFactor }) => {
    const params = new StreamingKMeans().setHalfLife(halfLife, timeUnit).params();
    expectClose([params['decayFactor'] as number], [decayFactor], 1e-15);
    expect(params['timeUnit']).toBe(timeUnit);
  });

  it('a single centre ends on the grand mean', async () => {
    const { centers, batches } = kMeansData(SINGLE_CENTER.data);
    expectClose(centers.flat(), SINGLE_CENTER.trueCenter, 1e-15);
    const driver = new TestDriver();
    const learner = new StreamingKMeans({ k: 1 }).setInitialCenters([[0, 0, 0, 0, 0]], [0]);
    learner.trainOn(driver.context.queueStream(batches));
    await driver.runBatches(batches.length);
    await driver.stop();

    const [center, weights] = modelOf(learner);
    const points = batches.flat();
    const means = centers[0]!.map((_, f) => points.reduce((sum, point) => sum + point[f]!, 0) / points.length);
    expectClose(center, SINGLE_CENTER.center, 1e-12);
    expectClose(center, means, 1e-12);
    expect(weights).toEqual([SINGLE_CENTER.weight]);
  });
});

describe('StreamingKMeans gives the numbers of PySpark', () => {
  const square = [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ];

  it('the doctest of StreamingKMeansModel', () => {
    const learner = new StreamingKMeans().setInitialCenters(diagonal(0, 1), [1, 1]);
    teach(learner, diagonal(-0.1, 0.1, 0.9, 1.1));
    expectClose(learner.learnedValues(), [0, 0, 1, 1], 1e-15);
    expect(modelOf(learner)[1]).toEqual([3, 3]);
    expect(learner.latestModel().predict([-0.1, -0.1])).toBe(0);
    expect(learner.latestModel().predict([0.9, 0.9])).toBe(1);

    learner.setDecayFactor(0);
    teach(learner, diagonal(1.5, 0.2));
    expectClose(learner.learnedValues(), [0.2, 0.2, 1.5, 1.5], 1e-15);
    expect(modelOf(learner)[1]).toEqual([1, 1]);
  });

  it('four batches that are offset evenly around the centres leave them where they are', () => {
    const learner = new StreamingKMeans({ k: 4 }).setInitialCenters(square, [1, 1, 1, 1]);
    for (const [dx, dy] of [
      [0, 0.1],
      [0, -0.1],
      [0.1, 0],
      [-0.1, 0],
    ]) {
      teach(
        learner,
        square.map(([x, y]) => [x! + dx!, y! + dy!]),
      );
    }
    expectClose(learner.learnedValues(), square.flat(), 1e-15);
    expect(modelOf(learner)[1]).toEqual([5, 5, 5, 5]);
  });

  it('predictOn with fixed centres names the centre of each corner', async () => {
    const driver = new TestDriver();
    const learner = new StreamingKMeans({ k: 4 }).setInitialCenters(square, [1, 1, 1, 1]);
    const corners = square.map((corner) => [corner.map((x) => 1.5 * x)]);
    const predictions = driver.collect(learner.predictOn(driver.context.queueStream(corners)));
    await driver.runBatches(4);
    await driver.stop();
    expect(predictions.records).toEqual([[0], [1], [2], [3]]);
  });

  it('trainOn before predictOn, with a decay factor of 0', async () => {
    const driver = new TestDriver();
    const points = driver.context.queueStream([column(-0.5, 0.6, 0.8), column(0.2, -0.1, 0.3)]);
    const learner = new StreamingKMeans({ decayFactor: 0 }).setInitialCenters(column(0, 1), [1, 1]);
    learner.trainOn(points);
    const predictions = driver.collect(learner.predictOn(points));
    await driver.runBatches(1);
    expectClose(learner.learnedValues(), [-0.5, 0.7], 1e-15);
    expect(modelOf(learner)[1]).toEqual([1, 2]);
    await driver.runBatches(1);
    await driver.stop();
    expectClose(learner.learnedValues(), [-0.1, 0.25], 1e-15);
    expect(predictions.records).toEqual([
      [0, 1, 1],
      [1, 0, 1],
    ]);
  });
});

it('StreamingKMeans gives the centres and weights of Flink ML’s test', () => {
  const { centers, weights, decayFactor, batch, centersAfter, weightsAfter } = FLINK_UPDATE;
  const learner = new StreamingKMeans({ decayFactor }).setInitialCenters(centers, weights);
  teach(learner, batch);
  expectClose(learner.learnedValues(), centersAfter, 1e-12);
  expect(modelOf(learner)[1]).toEqual(weightsAfter);
});

/** What follows from Spark's code, computed by an independent re-implementation of it. */
describe('StreamingKMeans follows Spark’s update to its consequences', () => {
  it.each<[TimeUnit, number, number[]]>([
    ['batches', 0.6666666666666666, [9, 5]],
    ['points', 1.2972972972972974, [4.625, 0.625]],
  ])('a decay factor of one half by %s', (timeUnit, center, weights) => {
    const learner = new StreamingKMeans({ decayFactor: 0.5, timeUnit }).setInitialCenters(column(0, 10), [10, 10]);
    teach(learner, column(1, 1, 2, 2));
    expectClose(learner.learnedValues(), [center, 10], 1e-15);
    expect(modelOf(learner)[1]).toEqual(weights);
  });

  it('a decay factor of 0 makes a cluster that gets no point a twin of the other', () => {
    const learner = new StreamingKMeans({ decayFactor: 0 }).setInitialCenters(column(0, 10), [1, 1]);
    teach(learner, column(1, 3));
    const [centers, weights] = modelOf(learner);
    expect([...centers]).toEqual([2 + 2e-14, 2 - 2e-14]);
    expect(weights).toEqual([1, 1]);
  });

  it('a decay factor of 2 amplifies the past', () => {
    const learner = new StreamingKMeans({ decayFactor: 2 }).setInitialCenters(column(0, 10), [1, 1]);
    teach(learner, column(1, 3));
    expectClose(learner.learnedValues(), [1, 10], 1e-15);
    expect(modelOf(learner)[1]).toEqual([4, 2]);
  });

  it('random centres of weight 0: the first batch that misses two clusters splits the one it hits, once', () => {
    const learner = new StreamingKMeans({ k: 3 }).setRandomCenters(2, 0, 42);
    const [x, y] = XOR_SHIFT_42.nextGaussian;
    const near = Array.from({ length: 10 }, (_, i) => [x! + 0.01 * i, y! - 0.01 * i]);
    teach(learner, near);
    const [centers, weights] = modelOf(learner);
    expect(weights).toEqual([5, 5, 0]);
    for (const at of [0, 1]) expect(Math.abs(centers[2 + at]! - centers[at]!)).toBeLessThanOrEqual(1e-13);
    expectClose(centers.subarray(4), XOR_SHIFT_42.nextGaussian.slice(4), 1e-15);
    teach(learner, near);
    expect(modelOf(learner)[1][2]).toBeGreaterThan(0);
  });
});
