import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LabeledPoint } from '../../../src/batch/vector.ts';
import { seededRandom } from '../../../src/host/random.ts';
import type { StreamingLinearAlgorithm } from '../../../src/learners/streaming-linear-algorithm.ts';
import {
  FrozenLearner,
  KMeans,
  LinearRegression,
  LogisticRegression,
  type LogisticRegressionOptions,
  loadStage,
  streamingKMeansOf,
  streamingLinearRegressionOf,
  streamingLogisticRegressionOf,
  Table,
} from '../../../src/pipelines/index.ts';
import { TestDriver } from '../../../src/testing/index.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const random = seededRandom(11);
const rows = Array.from({ length: 300 }, (_, i) => {
  const [x, y] = [random.next() + (i % 3) * 4, random.next() - (i % 3) * 2];
  return { features: [x, y], label: 2 * x - y + random.next(), late: Number(x + 3 * random.next() > 6) };
});
const table = Table.fromRows(rows);
const points = rows.map(({ features }) => features);

/** What the learner learned from the labels of another stream, in two batches; after the first, the program is stopped and made again. */
async function learnedOn<L extends StreamingLinearAlgorithm>(
  make: () => L,
  label: (row: (typeof rows)[0]) => number,
  stop: boolean,
) {
  const checkpoint = await temporaryDirectory(onTestFinished);
  const batch = rows.map((row) => LabeledPoint(label(row), row.features));
  let learner = make();
  for (const batches of stop ? [1, 1] : [2]) {
    const driver = new TestDriver({ startMs: stop && learner.version > 0 ? 1000 : 0 });
    driver.context.checkpoint(checkpoint);
    if (stop && learner.version > 0) learner = make();
    learner.trainOn(driver.context.queueStream([batch, batch]));
    await driver.runBatches(batches);
    await driver.stop();
  }
  return learner;
}

describe('a StreamingKMeans that starts from a KMeansModel', () => {
  const model = new KMeans({ k: 3, seed: 2 }).fit(table);
  const predicted = [...model.transform(table).numbers('prediction').values];

  it('predicts as the model does, and learns on', async () => {
    const learner = streamingKMeansOf(model, { decayFactor: 0.5, clusterWeights: [10, 20, 30] });
    expect(learner.latestModel()).toMatchObject({ clusterWeights: Float64Array.of(10, 20, 30) });
    expect(points.map((point) => learner.latestModel().predict(point))).toEqual(predicted);
    const driver = new TestDriver();
    const far = Array.from({ length: 10 }, () => [100, 100]);
    learner.trainOn(driver.context.queueStream([far]));
    await driver.runBatches(1);
    await driver.stop();
    const moved = learner.latestModel().predict([100, 100]);
    const [center, before] = [learner.latestModel().clusterCenters[moved]!, model.clusterCenters[moved]!];
    const weight = [10, 20, 30][moved]! / 2; // decayed
    expect(center[0]).toBeCloseTo((weight * before[0]! + 10 * 100) / (weight + 10), 10);
  });

  it('frozen again, saved and loaded is a stage that predicts as the model does', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'stage');
    await FrozenLearner.of(streamingKMeansOf(model)).save(directory);
    const stage = await loadStage(directory, FrozenLearner);
    expect([...stage.transform(table).numbers('prediction').values]).toEqual(predicted);
    expect(stage.thawed().snapshot()).toEqual(streamingKMeansOf(model).snapshot());
  });

  it('can not be had from cosine distances', () => {
    const cosine = new KMeans({ k: 3, distanceMeasure: 'cosine' }).fit(table);
    expect(() => streamingKMeansOf(cosine)).toThrow('a StreamingKMeans has Euclidean distances');
  });
});

describe('a streaming linear regression that starts from a LinearRegressionModel', () => {
  const model = new LinearRegression({ regParam: 0.01 }).fit(table);

  it('predicts as the model does', () => {
    const line = streamingLinearRegressionOf(model).latestModel();
    const predicted = model.transform(table).numbers('prediction').values;
    expect(points.map((point) => line.predict(point))).toEqual([...predicted]);
  });

  it.each([true, false])('learns an intercept as the model had one, or none: %s', async (fitIntercept) => {
    const own = new LinearRegression({ regParam: 0.01, fitIntercept }).fit(table);
    const learner = await learnedOn(() => streamingLinearRegressionOf(own, { stepSize: 0.02 }), (row) => row.label + 5, false); // biome-ignore format: one line
    expect(learner.latestModel().intercept !== own.intercept).toBe(fitIntercept);
  });

  it('learns on, the same over a stop and a start from the checkpoint', async () => {
    const make = () => streamingLinearRegressionOf(model, { stepSize: 0.02 });
    const opposite = (row: (typeof rows)[0]) => -row.label;
    const whole = await learnedOn(make, opposite, false);
    expect((await learnedOn(make, opposite, true)).snapshot()).toEqual(whole.snapshot());
    expect(whole.latestModel().weights[0]).toBeLessThan(model.coefficients[0]!);
  });
});

describe('a streaming logistic regression that starts from a LogisticRegressionModel', () => {
  it.each<[string, LogisticRegressionOptions]>([
    ['binomial', {}],
    ['multinomial', { family: 'multinomial' }],
    ['with a threshold', { threshold: 0.3 }],
    ['with two thresholds', { thresholds: [0.2, 0.6], family: 'multinomial' }],
    ['without an intercept', { fitIntercept: false }],
  ])('predicts as the model does: %s', async (_, options) => {
    const model = new LogisticRegression({ labelCol: 'late', regParam: 0.1, ...options }).fit(table);
    const border = streamingLogisticRegressionOf(model).latestModel();
    const scored = model.transform(table);
    expect(points.map((point) => border.predict(point))).toEqual([...scored.numbers('prediction').values]);
    const scores = streamingLogisticRegressionOf(model, { threshold: null }).latestModel();
    const [, one] = scored.features('probability').columns;
    for (const [i, point] of points.entries()) expect(scores.predict(point)).toBeCloseTo(one![i]!, 12);
  });

  it.each([true, false])('learns an intercept as the model had one, or none: %s', async (fitIntercept) => {
    const model = new LogisticRegression({ labelCol: 'late', regParam: 0.1, fitIntercept }).fit(table);
    const learner = await learnedOn(() => streamingLogisticRegressionOf(model), () => 1, false); // biome-ignore format: one line
    expect(learner.latestModel().intercept !== model.learned.interceptVector[0]).toBe(fitIntercept);
  });

  it('learns on, the same over a stop and a start from the checkpoint', async () => {
    const model = new LogisticRegression({ labelCol: 'late', regParam: 0.1 }).fit(table);
    const make = () => streamingLogisticRegressionOf(model, { stepSize: 0.5 });
    const whole = await learnedOn(make, (row) => row.late, false);
    expect((await learnedOn(make, (row) => row.late, true)).snapshot()).toEqual(whole.snapshot());
    expect(whole.latestModel().weights).not.toEqual(streamingLogisticRegressionOf(model).latestModel().weights);
  });

  it('can not be had from more than two classes', () => {
    const three = Table.fromRows(rows.map(({ features }, i) => ({ features, label: i % 3 })));
    expect(() => streamingLogisticRegressionOf(new LogisticRegression().fit(three))).toThrow(
      'expected a model of two classes, got 3',
    );
  });
});
