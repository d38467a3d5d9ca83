import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataError, StateError, UsageError } from '../../../src/errors.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import {
  BadRowsError,
  loadStage,
  MulticlassClassificationEvaluator,
  NeuralClassificationModel,
  NeuralClassifier,
  NeuralRegressionModel,
  NeuralRegressor,
  type NeuralRegressorOptions,
  Pipeline,
  PipelineModel,
  RegressionEvaluator,
  StandardScaler,
  Table,
} from '../../../src/pipelines/index.ts';
import { irisTable } from '../../reference/tables.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

/** What no linear model tells: a wave and a product, on labels of a large scale. */
const wave = (seed: number, rows = 300) => {
  const random = seededRandom(seed);
  return Table.fromRows(
    Array.from({ length: rows }, () => {
      const [a, b] = [nextNormal(random), nextNormal(random)];
      return { features: [a, b], label: 5000 + 1000 * (Math.sin(2 * a) + a * b) };
    }),
  );
};

const learning = { hiddenLayers: [24], stepSize: 0.01, epochs: 60, seed: 1 } as const;

async function fitted(options: NeuralRegressorOptions, table = wave(1)): Promise<NeuralRegressionModel> {
  return new NeuralRegressor({ ...learning, ...options }).fit(table);
}

describe('NeuralRegressor', () => {
  it('learns what no line tells, on rows that it has not seen, whatever the scale of the labels', async () => {
    const model = await fitted({});
    const r2 = new RegressionEvaluator({ metricName: 'r2' }).evaluate(await model.transform(wave(2)));
    expect(r2).toBeGreaterThan(0.9);
    const line = await fitted({ hiddenLayers: [] });
    expect(new RegressionEvaluator({ metricName: 'r2' }).evaluate(await line.transform(wave(2)))).toBeLessThan(0.6);
  });

  it('fits the same from the same seed, and something else from another', async () => {
    const [one, same, other] = [await fitted({ epochs: 2 }), await fitted({ epochs: 2 }), await fitted({ epochs: 2, seed: 2 })]; // biome-ignore format: one line
    expect(same.learned.weights).toEqual(one.learned.weights);
    expect(other.learned.weights).not.toEqual(one.learned.weights);
  });

  it('ends when the loss on held-back rows gets no better, with the weights of the best epoch', async () => {
    const table = wave(1, 60);
    const watching = { validationSplit: 0.3, patience: 3, stepSize: 0.1, epochs: 40 };
    const stopped = await fitted(watching, table);
    const afterEpochs = async (epochs: number) => (await fitted({ ...watching, epochs, patience: 0 }, table)).learned;
    const learned = await Promise.all(Array.from({ length: 40 }, (_, i) => afterEpochs(i + 1)));
    const best = 1 + learned.findIndex(({ weights }) => isSame(weights, stopped.learned.weights));
    expect(best).toBeGreaterThan(1);
    expect(best).toBeLessThan(37);
    // With as many epochs as it takes to see that nothing gets better, and no more, the same is found.
    const { weights } = (await fitted({ ...watching, epochs: best + 3 }, table)).learned;
    expect(weights).toEqual(stopped.learned.weights);
  });

  it('ends at once where nothing gets better by more than tol', async () => {
    const table = wave(1, 60);
    const first = (await fitted({ epochs: 1 }, table)).learned;
    expect((await fitted({ epochs: 20, patience: 1, tol: 1e9 }, table)).learned).toEqual(first);
    expect((await fitted({ epochs: 20, patience: 1, tol: 0 }, table)).learned).not.toEqual(first);
  });

  it('takes a step for each batch of rows', async () => {
    const table = wave(1, 60);
    const options = { epochs: 1, optimizer: 'sgd', stepSize: 0.5, hiddenLayers: [] } as const;
    const inOneStep = (await fitted({ ...options, batchSize: 60 }, table)).learned;
    // A step over all rows is the same in any order; a batch of more rows than there are is one of all.
    const inOrder = (await fitted({ ...options, batchSize: 1000, epochs: 1 }, table)).learned;
    expect(inOrder).toEqual(inOneStep);
    expect((await fitted({ ...options, batchSize: 20 }, table)).learned).not.toEqual(inOneStep);
  });

  it('learns nothing from rows that weigh nothing', async () => {
    const table = wave(1, 60);
    const weight = Float64Array.from({ length: table.rows }, (_, i) => i % 2);
    const withWeights = table.withColumn('weight', { type: 'double', values: weight });
    const values = table.numbers('label').values.map((label, i) => (i % 2 === 0 ? 1e6 : label));
    const spoiled = withWeights.withColumn('label', { type: 'double', values });
    const options = { epochs: 3, weightCol: 'weight', validationSplit: 0.2 };
    expect((await fitted(options, spoiled)).learned).toEqual((await fitted(options, withWeights)).learned);
    expect((await fitted({ epochs: 3 }, spoiled)).learned).not.toEqual(
      (await fitted({ epochs: 3 }, withWeights)).learned,
    );
  });

  it('shrinks weights under a penalty', async () => {
    const sizeOf = ({ learned }: NeuralRegressionModel) =>
      learned.weights.subarray(0, 2 * 24).reduce((sum, weight) => sum + weight ** 2, 0); // of the first layer
    expect(sizeOf(await fitted({ regParam: 0.05 }))).toBeLessThan(0.7 * sizeOf(await fitted({})));
  });

  it('takes a column of one label for what it is', async () => {
    const model = await fitted({ epochs: 1 }, Table.fromRows([{ features: [1], label: 7 }, { features: [2], label: 7 }])); // biome-ignore format: one line
    const scored = await model.transform(Table.fromRows([{ features: [1] }]));
    expect(Math.abs(scored.numbers('prediction').values[0]! - 7)).toBeLessThan(2);
  });

  it('refuses rows that are no numbers, widths that differ, and steps that leave the finite numbers', async () => {
    const bad = Table.fromRows([{ features: [1], label: 1 }, { features: [Number.NaN], label: 1 }]); // biome-ignore format: one line
    await expect(fitted({}, bad)).rejects.toThrow(BadRowsError);
    await expect(fitted({}, bad)).rejects.toThrow(/row 1: column features/);
    await expect((await fitted({ epochs: 1 })).transform(Table.fromRows([{ features: [1] }]))).rejects.toThrow(
      /expected vectors of 2 numbers, got 1/,
    );
    await expect(fitted({ optimizer: 'sgd', stepSize: 1e6 })).rejects.toThrow(DataError);
    await expect(fitted({ optimizer: 'sgd', stepSize: 1e6 })).rejects.toThrow(/smaller stepSize/);
    expect(() => new NeuralRegressor({ hiddenLayers: [0] })).toThrow(UsageError);
    expect(() => new NeuralRegressor({ validationSplit: 1 })).toThrow(/at least 0 and below 1/);
  });
});

describe('NeuralClassifier', () => {
  it('tells the kinds of iris as well as one can, in a pipeline that is saved and loaded', async () => {
    const table = irisTable();
    const pipeline = new Pipeline({
      stages: [
        new StandardScaler({ inputCol: 'features', outputCol: 'scaled', withMean: true }),
        new NeuralClassifier({ featuresCol: 'scaled', hiddenLayers: [16], stepSize: 0.01, epochs: 60, seed: 4 }),
      ],
    });
    const model = await pipeline.fit(table);
    const scored = await model.transform(table);
    const accuracy = new MulticlassClassificationEvaluator({ metricName: 'accuracy' }).evaluate(scored);
    expect(accuracy).toBeGreaterThan(0.96);
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    await model.save(directory);
    expect((await (await loadStage(directory, PipelineModel)).transform(table)).toRows()).toEqual(scored.toRows());
  });

  it('gives probabilities that add up to 1, and goes by thresholds', async () => {
    const table = irisTable();
    const model = await new NeuralClassifier({ hiddenLayers: [4], epochs: 3, thresholds: [1, 1e-9, 1] }).fit(table);
    const scored = await model.transform(table);
    const { columns } = scored.features('probability');
    for (let i = 0; i < table.rows; i++) expect(columns[0]![i]! + columns[1]![i]! + columns[2]![i]!).toBeCloseTo(1, 12);
    expect(new Set(scored.numbers('prediction').values)).toEqual(new Set([1]));
    expect(() => new NeuralClassificationModel(model.learned, { thresholds: [1, 1] })).toThrow(/3 thresholds/);
  });

  it('refuses labels that are no classes', async () => {
    const table = Table.fromRows([{ features: [1], label: 0 }, { features: [2], label: 0.5 }]); // biome-ignore format: one line
    await expect(new NeuralClassifier().fit(table)).rejects.toThrow(/row 1: column label: expected a class/);
  });
});

describe('a saved network', () => {
  it('is refused by name where its files are torn, changed or another network', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    const model = await fitted({ epochs: 1 });
    await model.save(directory);
    for (const name of ['model.json', 'weights.bin']) {
      const file = path.join(directory, 'tensorflow', name);
      await fs.rm(path.join(directory, 'tensorflow', `.${name}.crc`));
      const whole = await fs.readFile(file);
      const changed = Buffer.from(whole);
      changed[20]! ^= 1;
      for (const content of [whole.subarray(0, -4), changed, Buffer.concat([whole, Buffer.alloc(4)])]) {
        await fs.writeFile(file, content);
        await expect(loadStage(directory), name).rejects.toThrow(StateError);
        await expect(loadStage(directory), name).rejects.toThrow(name);
      }
      await fs.writeFile(file, whole);
    }
    await loadStage(directory, NeuralRegressionModel);
    const classifier = await new NeuralClassifier({ epochs: 1 }).fit(irisTable());
    await classifier.save(directory, { overwrite: true });
    const metadata = path.join(directory, 'metadata', 'part-00000');
    const text = await fs.readFile(metadata, 'utf8');
    await fs.rm(path.join(directory, 'metadata', '.part-00000.crc'));
    await fs.writeFile(metadata, text.replace('NeuralClassificationModel', 'NeuralRegressionModel'));
    await expect(loadStage(directory)).rejects.toThrow(/expected 1 outputs, got 3/);
  });
});

function isSame(one: Float32Array, other: Float32Array): boolean {
  return one.every((weight, p) => weight === other[p]);
}
