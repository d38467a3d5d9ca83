import { describe, expect, it } from 'vitest';
import { LabeledPoint } from '../../src/batch/vector.ts';
import type { StreamingLogisticOptions } from '../../src/learners/streaming-logistic-regression-with-sgd.ts';
import { StreamingLogisticRegressionWithSGD } from '../../src/learners/streaming-logistic-regression-with-sgd.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { teach } from '../learners/teach.ts';
import { expectClose } from './expect-close.ts';
import { LOGISTIC_SUITE, ONE_LOGISTIC_BATCH, PYSPARK_LOGISTIC } from './golden.ts';
import { logisticData, noisyLogisticData, pysparkLogisticData } from './logistic-data.ts';
import { NumpyRandom } from './numpy-random.ts';

const SUITE_OPTIONS = { stepSize: 0.2, numIterations: 25 };

/** The share of each batch that a model with the weight 1.5 gets wrong. */
async function errorRatesOf(batches: readonly LabeledPoint[][]): Promise<number[]> {
  const driver = new TestDriver();
  const keyed = driver.context.queueStream(batches).map(({ label, features }) => [label, features] as const);
  const model = new StreamingLogisticRegressionWithSGD(SUITE_OPTIONS).setInitialWeights([1.5]);
  const predictions = driver.collect(model.predictOnValues(keyed));
  await driver.runBatches(batches.length);
  await driver.stop();
  return predictions.records.map(
    (pairs) => pairs.filter(([label, predicted]) => label !== predicted).length / pairs.length,
  );
}

/** Spark's suite seeds batch i with 42 · (i + 1). */
const suiteBatches = (count: number) =>
  Array.from({ length: count }, (_, i) => logisticData(0, 1.5, 100, 42 * (i + 1)));

describe('StreamingLogisticRegressionWithSGD gives the numbers of Spark’s rule on one batch', () => {
  const { features, labels, stepSize, weightsAfter } = ONE_LOGISTIC_BATCH;

  it.each(weightsAfter)('$numIterations iterations, λ = $regParam', ({ numIterations, regParam, weights }) => {
    const model = new StreamingLogisticRegressionWithSGD({ stepSize, numIterations, regParam, convergenceTol: 0 });
    teach(
      model.setInitialWeights([0, 0]),
      features.map((x, i) => LabeledPoint(labels[i]!, x)),
    );
    expectClose(model.latestModel().weights, weights, 1e-12);
  });
});

describe('StreamingLogisticRegressionWithSGD gives the numbers of Spark’s suite', () => {
  it('parameter accuracy, and convergence', () => {
    const model = new StreamingLogisticRegressionWithSGD(SUITE_OPTIONS).setInitialWeights([0]);
    const weights = suiteBatches(20).map((points) => {
      teach(model, points);
      return model.latestModel().weights[0]!;
    });
    const { afterFirst, afterTenth, afterLast } = LOGISTIC_SUITE;
    expectClose([weights[0]!, weights[9]!, weights[19]!], [afterFirst, afterTenth, afterLast]);
    const errors = weights.map((weight) => Math.abs(weight - 1.5));
    for (let i = 1; i < errors.length; i++) expect(errors[i]! - errors[i - 1]!).toBeLessThanOrEqual(0.1);
    expect(errors.filter((error, i) => error < errors[i - 1]!).length).toBeGreaterThanOrEqual(2);
  });

  it('predictions', async () => {
    expect(await errorRatesOf(suiteBatches(10))).toEqual(LOGISTIC_SUITE.errorRates);
  });

  it('ten batch times without data change nothing', async () => {
    const driver = new TestDriver();
    const model = new StreamingLogisticRegressionWithSGD(SUITE_OPTIONS).setInitialWeights([-0.1]);
    model.trainOn(driver.context.queueStream<LabeledPoint>([]));
    await driver.runBatches(10);
    await driver.stop();
    expect([...model.learnedValues()]).toEqual([-0.1, 0]);
  });
});

describe('StreamingLogisticRegressionWithSGD gives the numbers of PySpark’s tests', () => {
  it('NumPy’s random numbers are those of NumPy', () => {
    const random = new NumpyRandom(42);
    const normal = Array.from({ length: 3 }, () => random.nextNormal());
    expectClose(normal, PYSPARK_LOGISTIC.normalOfSeed42);
  });

  it('parameter accuracy, and convergence', () => {
    const model = new StreamingLogisticRegressionWithSGD(SUITE_OPTIONS).setInitialWeights([0]);
    const weights = Array.from({ length: 20 }, (_, i) => {
      teach(model, pysparkLogisticData(1.5, 100, 42 + i));
      return model.latestModel().weights[0]!;
    });
    const { firstWeights, lastWeight } = PYSPARK_LOGISTIC;
    expect(weights.slice(0, firstWeights.length).map((weight) => Number(weight.toFixed(4)))).toEqual(firstWeights);
    expectClose([weights.at(-1)!], [lastWeight]);
    const rises = weights.slice(1).map((weight, i) => weight - weights[i]!);
    expect(Math.min(...rises)).toBeGreaterThanOrEqual(-0.1);
    expect(rises.filter((rise) => rise > 0).length).toBeGreaterThanOrEqual(2);
  });

  it('predictions', async () => {
    const batches = Array.from({ length: 10 }, (_, i) => pysparkLogisticData(1.5, 100, 42 + i));
    const errorRates = await errorRatesOf(batches);
    const { firstErrorRates, largestErrorRate } = PYSPARK_LOGISTIC;
    expect(errorRates.slice(0, firstErrorRates.length)).toEqual(firstErrorRates);
    expect(Math.max(...errorRates)).toBe(largestErrorRate);
  });
});

describe('its gradient descent does what Spark’s GradientDescentSuite asserts', () => {
  const rows = noisyLogisticData(2, -1.5, 10_000, 42);
  const biasFirst = rows.map(([y, x]) => LabeledPoint(y, [1, x]));
  const biasLast = rows.map(([y, x]) => LabeledPoint(y, [x, 1]));

  /** The weights after one batch, and the mean loss of that batch under them. */
  function descend(points: readonly LabeledPoint[], weights: readonly number[], options: StreamingLogisticOptions) {
    const model = new StreamingLogisticRegressionWithSGD({ stepSize: 1, ...options }).setInitialWeights(weights);
    teach(model, points);
    const after = model.latestModel().weights;
    return { after, loss: teach(model, points)! };
  }

  it('the loss decreases', () => {
    const losses = Array.from(
      { length: 11 },
      (_, numIterations) => descend(biasLast, [-1, 1], { numIterations, convergenceTol: 0 }).loss,
    );
    expect(losses[10]).toBeLessThan(losses[0]!);
    expect(losses.filter((loss, i) => i > 0 && loss < losses[i - 1]!).length).toBeGreaterThan(0.8 * 10);
  });

  it('the first L2 step moves the weights by their own length', () => {
    const [free, penalised] = [0, 1].map(
      (regParam) => descend(biasFirst, [1, 0.5], { numIterations: 1, regParam }).after,
    );
    expectClose(
      penalised!,
      free!.map((weight, j) => weight - [1, 0.5][j]!),
      1e-5,
    );
  });

  it('a tolerance of one half ends the steps early', () => {
    const ended = descend(biasFirst, [0, 0], { numIterations: 100, convergenceTol: 0.5 }).after;
    expect(ended).toEqual(descend(biasFirst, [0, 0], { numIterations: 2, convergenceTol: 0.5 }).after);
    expect(ended).not.toEqual(descend(biasFirst, [0, 0], { numIterations: 100, convergenceTol: 0 }).after);
  });
});
