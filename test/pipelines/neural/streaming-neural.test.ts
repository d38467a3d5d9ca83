import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LabeledPoint } from '../../../src/batch/vector.ts';
import { UsageError } from '../../../src/errors.ts';
import { silentLog } from '../../../src/host/log.ts';
import { loadLearner } from '../../../src/learners/load-learner.ts';
import { OnlinePipeline } from '../../../src/learners/online-pipeline.ts';
import { StandardScaler } from '../../../src/learners/transforms/standard-scaler.ts';
import {
  FrozenLearner,
  loadTensorFlow,
  NeuralClassificationModel,
  NeuralClassifier,
  NeuralRegressionModel,
  StreamingNeuralClassifier,
  StreamingNeuralRegressor,
  Table,
} from '../../../src/pipelines/index.ts';
import { TestDriver } from '../../../src/testing/test-driver.ts';
import { irisTable } from '../../reference/tables.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

await loadTensorFlow({ log: silentLog });

const shape = { numFeatures: 4, numClasses: 3, hiddenLayers: [8] } as const;

/** Iris, row i of each kind in turn, and again. */
function irisBatches(count: number): LabeledPoint[][] {
  const rows = irisTable().toRows() as unknown as LabeledPoint[];
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: 15 }, (__, i) => rows[((i % 3) * 50 + ((5 * batch + Math.floor(i / 3)) % 50)) % 150]!),
  );
}

function examplesOf(rows: readonly LabeledPoint[]) {
  const table = Table.fromRows(rows.map(({ features, label }) => ({ features, label })));
  return { features: table.features('features'), labels: table.numbers('label').values };
}

describe('StreamingNeuralClassifier', () => {
  it('learns the kinds of iris from a stream, behind a scaler that learns too', async () => {
    const learner = new OnlinePipeline({
      transforms: [new StandardScaler({ numFeatures: 4 })],
      learner: new StreamingNeuralClassifier({ ...shape, stepSize: 0.02 }),
    });
    const driver = new TestDriver();
    const batches = irisBatches(120);
    const stream = driver.context.queueStream(batches);
    const predictions = driver.collect(learner.predictOn(stream.map(({ features }) => features)));
    learner.trainOn(stream);
    await driver.runBatches(batches.length);
    await driver.stop();
    const last = predictions.records.slice(-10).flat();
    const right = batches
      .slice(-10)
      .flat()
      .map(({ label }) => label);
    expect(last.filter((prediction, i) => prediction === right[i]).length / right.length).toBeGreaterThan(0.93);
  });

  it('goes on from a model that was fitted offline, and is one again', async () => {
    const table = irisTable();
    const model = await new NeuralClassifier({ hiddenLayers: [8], epochs: 5, activation: 'tanh', seed: 1 }).fit(table);
    const learner = new StreamingNeuralClassifier({ ...shape, activation: 'tanh' }).setInitialModel(model);
    const scored = await model.transform(table);
    expect(learner.predict(table.features('features'))).toEqual(scored.numbers('prediction').values);
    const { labels, features } = examplesOf(irisBatches(1)[0]!);
    const before = learner.update({ features, labels })!;
    expect(learner.update({ features, labels })!).toBeLessThan(before);
    const again = NeuralClassificationModel.of(learner, { predictionCol: 'class' });
    expect(again.get('hiddenLayers')).toEqual([8]);
    const classes = (await again.transform(table)).numbers('class').values;
    expect(classes).toEqual(learner.predict(table.features('features')));
    expect(() => new StreamingNeuralClassifier({ ...shape, numClasses: 2 }).setInitialModel(model)).toThrow(
      /expected a model of layers 4, 8, 2, got 4, 8, 3/,
    );
  });

  it('is loaded behind its scaler by its class', async () => {
    const file = path.join(await temporaryDirectory(onTestFinished), 'model.json');
    const transforms = [new StandardScaler({ numFeatures: 4 })];
    const pipeline = new OnlinePipeline({ transforms, learner: new StreamingNeuralClassifier(shape) });
    pipeline.update(examplesOf(irisBatches(1)[0]!));
    await pipeline.save(file);
    const loaded = await loadLearner(file, { learners: [StreamingNeuralClassifier] });
    const { features } = examplesOf(irisBatches(1)[0]!);
    expect(loaded.predict(features)).toEqual(pipeline.predict(features));
    expect(loaded.snapshot()).toEqual(pipeline.snapshot());
  });

  it('behind a scaler can not be frozen, which is said at once', () => {
    const transforms = [new StandardScaler({ numFeatures: 4 })];
    const pipeline = new OnlinePipeline({ transforms, learner: new StreamingNeuralClassifier(shape) });
    expect(() => FrozenLearner.of(pipeline)).toThrow('unknown learner StreamingNeuralClassifier');
  });

  it('refuses options that it can not have', () => {
    const refused = (options: object, message: RegExp) => {
      expect(() => new StreamingNeuralClassifier({ ...shape, ...options })).toThrow(UsageError);
      expect(() => new StreamingNeuralClassifier({ ...shape, ...options })).toThrow(message);
    };
    refused({ numClasses: 1 }, /at least 2 but got 1/);
    refused({ hiddenLayers: [4, 0] }, /hidden layers must be positive but got 4, 0/);
    refused({ activation: 'step' }, /Activation must be one of relu, .* but got step/);
    refused({ stepSize: 0 }, /Step size must be positive/);
  });

  it('says that TensorFlow.js has to be loaded first', async () => {
    const script = `
      const { StreamingNeuralRegressor } = await import('millrace/pipelines');
      try { new StreamingNeuralRegressor({ numFeatures: 1 }); } catch (error) { console.log(error.code, error.message); }`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout).toMatch(
      /^not-initialised StreamingNeuralRegressor: TensorFlow.js is not loaded; await loadTensorFlow/,
    );
  });
});

describe('StreamingNeuralRegressor', () => {
  it('is a stage that predicts the same', async () => {
    const learner = new StreamingNeuralRegressor({
      numFeatures: 1,
      hiddenLayers: [6],
      stepSize: 0.05,
      activation: 'tanh',
    });
    const rows = Array.from({ length: 40 }, (_, i) => LabeledPoint(Math.sin(i / 6), [(i - 20) / 10]));
    const examples = examplesOf(rows);
    const losses = Array.from({ length: 150 }, () => learner.update(examples)!);
    expect(losses.at(-1)).toBeLessThan(0.1 * losses[0]!);
    const table = Table.fromRows(rows.map(({ features }) => ({ features })));
    const scored = await NeuralRegressionModel.of(learner).transform(table);
    const [given, right] = [scored.numbers('prediction').values, learner.predict(table.features('features'))];
    for (const [i, value] of right.entries()) expect(given[i]).toBeCloseTo(value, 6);
  });
});
