import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import type { LabeledPoint } from '../../src/batch/vector.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { teach } from '../learners/teach.ts';
import { expectClose, expectDigits } from './expect-close.ts';
import { LINEAR_SUITE, ONE_LINEAR_BATCH, PYSPARK_LINEAR } from './golden.ts';
import { linearData } from './linear-data.ts';

const SUITE_OPTIONS = { stepSize: 0.2, numIterations: 25 };

/** Spark's suite seeds batch i with 42 · (i + 1). */
const suiteBatches = (weights: readonly number[]) =>
  Array.from({ length: 10 }, (_, i) => linearData(weights, 100, 42 * (i + 1)));

/** PySpark's tests seed batch i with 42 + i. */
const pysparkBatches = (weights: readonly number[], count = 10) =>
  Array.from({ length: count }, (_, i) => linearData(weights, 100, 42 + i));

function learner(weights: readonly number[], numIterations = SUITE_OPTIONS.numIterations) {
  return new StreamingLinearRegressionWithSGD({ ...SUITE_OPTIONS, numIterations }).setInitialWeights(weights);
}

/** The weights after each batch. */
function weightsAfterEach(model: StreamingLinearRegressionWithSGD, batches: readonly LabeledPoint[][]) {
  return batches.map((points) => {
    teach(model, points);
    return [...model.latestModel().weights];
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function meanAbsoluteError(predictions: ArrayLike<number>, points: readonly LabeledPoint[]): number {
  return mean(points.map(({ label }, i) => Math.abs(label - predictions[i]!)));
}

/** Mean absolute error of each batch, trained on first or not, from a streaming program that keeps labels as keys. */
async function errorsOnStream(batches: LabeledPoint[][], initial: readonly number[], train: 'train' | 'predict only') {
  const driver = new TestDriver();
  const points = driver.context.queueStream(batches);
  const model = learner(initial);
  if (train === 'train') model.trainOn(points);
  const keyed = points.map(({ label, features }) => [label, features] as const);
  const predictions = driver.collect(model.predictOnValues(keyed));
  await driver.runBatches(batches.length);
  await driver.stop();
  return predictions.records.map((pairs) => mean(pairs.map(([label, predicted]) => Math.abs(label - predicted))));
}

describe('StreamingLinearRegressionWithSGD gives the numbers of Spark’s rule on one batch', () => {
  const { features, labels, stepSize, weightsAfter } = ONE_LINEAR_BATCH;

  it.each(weightsAfter)('$numIterations iterations', ({ numIterations, weights }) => {
    const model = new StreamingLinearRegressionWithSGD({ stepSize, numIterations, convergenceTol: 0 });
    teach(
      model.setInitialWeights([0, 0]),
      features.map((x, i) => ({ label: labels[i]!, features: x })),
    );
    expectClose(model.latestModel().weights, weights, 1e-12);
  });
});

describe('StreamingLinearRegressionWithSGD gives the numbers of Spark’s suite', () => {
  it('parameter convergence', () => {
    const distances = weightsAfterEach(learner([0]), suiteBatches([10])).map(([w]) => Math.abs(w! - 10));
    expectDigits(distances, LINEAR_SUITE.distance, 4);
    for (let i = 1; i < distances.length; i++) expect(distances[i]! - distances[i - 1]!).toBeLessThanOrEqual(0.1);
  });

  it('stops each batch after as many updates as Spark', () => {
    const updates: number[] = [];
    const model = learner([0]);
    for (const points of suiteBatches([10])) {
      const before = model.latestModel().weights;
      teach(model, points);
      const [after] = model.latestModel().weights;
      const weightWithin = (limit: number) => {
        const limited = learner([...before], limit);
        teach(limited, points);
        return limited.latestModel().weights[0];
      };
      updates.push(Array.from({ length: 25 }, (_, t) => t + 1).find((limit) => weightWithin(limit) === after)!);
    }
    expect(updates).toEqual(LINEAR_SUITE.updates);
  });

  it('predictions', async () => {
    const errors = await errorsOnStream(suiteBatches([10, 10]), [10, 10], 'predict only');
    expectDigits(errors, LINEAR_SUITE.errors, 4);
  });

  it('training and prediction', async () => {
    const errors = await errorsOnStream(suiteBatches([10, 10]), [0, 0], 'train');
    expectDigits([errors[0]!, errors.at(-1)!], [LINEAR_SUITE.firstError, LINEAR_SUITE.lastError], 4);
  });

  it('ten batch times without data change nothing', async () => {
    const driver = new TestDriver();
    const model = learner([0, 0]);
    model.trainOn(driver.context.queueStream<LabeledPoint>([]));
    const predictions = driver.collect(model.predictOn(driver.context.queueStream<number[]>([])));
    await driver.runBatches(10);
    await driver.stop();
    expect(predictions.records).toEqual(Array.from({ length: 10 }, () => []));
    expect([...model.learnedValues()]).toEqual([0, 0, 0]);
  });
});

describe('StreamingLinearRegressionWithSGD gives the numbers of PySpark’s tests', () => {
  it('parameter accuracy', () => {
    const weights = weightsAfterEach(learner([0, 0]), pysparkBatches([10, 10])).at(-1)!;
    expectClose(weights, PYSPARK_LINEAR.accuracyWeights, 1e-9);
  });

  it('parameter convergence', () => {
    const weights = weightsAfterEach(learner([0]), pysparkBatches([10])).map(([w]) => w!);
    expectDigits(weights, PYSPARK_LINEAR.weights, 4);
  });

  it('prediction', () => {
    const errors = pysparkBatches([10, 10]).map((points) => {
      const features = toFeatures(
        points.map((point) => point.features),
        2,
      );
      return meanAbsoluteError(learner([10, 10]).predict(features), points);
    });
    expectDigits([errors[0]!, errors.at(-1)!], [PYSPARK_LINEAR.firstError, PYSPARK_LINEAR.lastError], 4);
  });

  it('training and prediction, where each batch is learned before it is predicted', () => {
    const model = learner([0]);
    const shortfalls = pysparkBatches([10], 15).map((points) => {
      teach(model, points);
      return mean(
        points.map(({ label, features }) => Math.abs(label) - Math.abs(model.latestModel().predict(features))),
      );
    });
    expectDigits(shortfalls.slice(0, 3), PYSPARK_LINEAR.firstShortfalls, 3);
    expectDigits([shortfalls.at(-1)!], [PYSPARK_LINEAR.lastShortfall], 3);
  });
});
