import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StateError, UsageError } from '../../../src/errors.ts';
import { BadRowsError, loadStage, loadTensorFlow, Table, TensorFlowModel } from '../../../src/pipelines/index.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

/** Models of TensorFlow and Keras, and what they predict there: `make-tensorflow-models.py` there made both. */
const REFERENCE = fileURLToPath(new URL('../../reference/tensorflow/', import.meta.url));
type Values = readonly (number | readonly number[])[];
const expected: Record<string, Record<string, Values>> = JSON.parse(
  await fs.readFile(path.join(REFERENCE, 'expected.json'), 'utf8'),
);

/** Single precision, after some arithmetic. */
const SINGLE = 5;

/** What TensorFlow gave for some inputs, which are a table's columns. */
function caseOf(name: string, inputs: readonly string[]) {
  const { [inputs[0]!]: first = [] } = expected[name]!;
  const valueIn = (input: string, i: number) => {
    const value = expected[name]![input]![i]!;
    return typeof value !== 'number' && value.length === 1 ? value[0] : value;
  };
  const rows = first.map((_, i) => Object.fromEntries(inputs.map((input) => [input, valueIn(input, i)])));
  return { table: Table.fromRows(rows), outputs: expected[name]! };
}

function expectOutput(table: Table, column: string, values: Values): void {
  for (const [i, row] of table.toRows().entries()) {
    const [got, right] = [numbersIn(row[column]), numbersIn(values[i])];
    expect(got.length).toBe(right.length);
    for (const [j, value] of right.entries()) expect(got[j], `row ${i} of ${column}`).toBeCloseTo(value, SINGLE);
  }
}

function numbersIn(value: unknown): number[] {
  return typeof value === 'number' ? [value] : Array.from(value as ArrayLike<number>);
}

describe('a TensorFlowModel', () => {
  it.each([
    ['keras-two-inputs', ['numbers', 'age'], ['kinds', 'price']],
    ['keras-image', ['image_input'], ['digit']],
    ['graph-einsum', ['features'], ['best', 'scores']],
    ['graph-loop', ['size'], ['halvings']],
    ['graph-half-precision', ['dense_1_input'], ['dense_2']],
  ])('of %s gives what TensorFlow gives, whole and in batches, saved and loaded', async (name, inputs, outputs) => {
    const keys = Object.keys(expected[name]!);
    const { table, outputs: right } = caseOf(name, keys.slice(0, inputs.length));
    const columns = {
      inputs: Object.fromEntries(inputs.map((input, k) => [input, keys[k]!])),
      outputs: Object.fromEntries(outputs.map((output) => [output, `out ${output}`])),
    };
    const model = await TensorFlowModel.fromDirectory(path.join(REFERENCE, name), columns);
    expect(model.learned.inputs.map((port) => port.name).sort()).toEqual([...inputs].sort());
    expect(model.learned.outputs.map((port) => port.name).sort()).toEqual([...outputs].sort());
    const scored = await model.transform(table);
    for (const [k, output] of [...outputs].sort().entries()) {
      expectOutput(scored, `out ${output}`, right[output] ?? right[keys[inputs.length + k]!]!);
    }
    const few = model.copy([{ parent: model.uid, name: 'batchSize', value: 2 }]);
    const inFew = await few.transform(table);
    for (const output of outputs) {
      const values = scored.toRows().map((row) => numbersIn(row[`out ${output}`]));
      expectOutput(inFew, `out ${output}`, values);
    }
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    await model.save(directory);
    expect((await (await loadStage(directory, TensorFlowModel)).transform(table)).toRows()).toEqual(scored.toRows());
  });

  it('of TensorFlow.js gives what that gives, and leaves no tensor behind', async () => {
    await loadTensorFlow();
    const model = layers.sequential();
    model.add(layers.layers.reshape({ targetShape: [4, 2], inputShape: [8], name: 'series' }));
    model.add(layers.layers.lstm({ units: 3 }));
    model.add(layers.layers.dense({ units: 2, activation: 'softmax', name: 'kind' }));
    const directory = path.join(await temporaryDirectory(onTestFinished), 'tfjs');
    await writeLayersModel(model, directory);
    const rows = Array.from({ length: 11 }, (_, i) => Array.from({ length: 8 }, (__, j) => Math.sin(i * 8 + j)));
    const right = (model.predict(tf.tensor2d(rows)) as tf.Tensor2D).arraySync();
    const stage = await TensorFlowModel.fromDirectory(directory, { batchSize: 4, inputs: { series_input: 'v' } });
    const table = Table.fromRows(rows.map((v) => ({ v })));
    expectOutput(await stage.transform(table), 'kind', right);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) await stage.transform(table);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('may use a layer on inputs of several lengths', async () => {
    await loadTensorFlow();
    const [long, short] = [
      layers.input({ shape: [5, 2], name: 'long' }),
      layers.input({ shape: [3, 2], name: 'short' }),
    ];
    const shared = layers.layers.dense({ units: 4, activation: 'tanh' });
    const pooled = [long, short].map((each) => layers.layers.globalMaxPooling1d().apply(shared.apply(each)));
    const sum = layers.layers.add().apply(pooled as layers.SymbolicTensor[]);
    const model = layers.model({ inputs: [long, short], outputs: layers.layers.dense({ units: 1, name: 'y' }).apply(sum) as layers.SymbolicTensor }); // biome-ignore format: one line
    const directory = path.join(await temporaryDirectory(onTestFinished), 'tfjs');
    await writeLayersModel(model, directory);
    const wave = (length: number) => Array.from({ length }, (_, i) => Math.sin(i));
    const right = model.predict([tf.tensor3d(wave(10), [1, 5, 2]), tf.tensor3d(wave(6), [1, 3, 2])]) as tf.Tensor2D;
    const stage = await TensorFlowModel.fromDirectory(directory);
    expectOutput(await stage.transform(Table.fromRows([{ long: wave(10), short: wave(6) }])), 'y', right.arraySync());
  });

  it('may have a layer of several outputs, each of them large', async () => {
    await loadTensorFlow();
    const input = layers.input({ shape: [2, 2], name: 'x' });
    const lstm = layers.layers.lstm({
      units: 420,
      returnSequences: true,
      returnState: true,
      recurrentInitializer: 'zeros',
    });
    const [, last] = lstm.apply(input) as layers.SymbolicTensor[];
    const y = layers.layers.dense({ units: 1, name: 'y' }).apply(last!) as layers.SymbolicTensor;
    const model = layers.model({ inputs: input, outputs: y });
    const directory = path.join(await temporaryDirectory(onTestFinished), 'tfjs');
    await writeLayersModel(model, directory);
    const right = (model.predict(tf.tensor3d([1, 2, 3, 4], [1, 2, 2])) as tf.Tensor2D).arraySync();
    const stage = await TensorFlowModel.fromDirectory(directory);
    expectOutput(await stage.transform(Table.fromRows([{ x: [1, 2, 3, 4] }])), 'y', right);
  });

  it('frees its weights when nobody has it any more', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const load = () => TensorFlowModel.fromDirectory(path.join(REFERENCE, 'keras-two-inputs'));
    const { table } = caseOf('keras-two-inputs', ['numbers', 'age']);
    await (await load()).transform(table);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 30; i++) await (await load()).transform(table);
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    for (let i = 0; i < 50 && tf.memory().numTensors > before; i++) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('refuses columns that do not fit its inputs, before it sees data', async () => {
    const model = await TensorFlowModel.fromDirectory(path.join(REFERENCE, 'keras-two-inputs'));
    const refuse = (row: Record<string, unknown>, message: RegExp) => {
      const { schema } = Table.fromRows([row]);
      expect(() => model.transformSchema(schema)).toThrow(UsageError);
      expect(() => model.transformSchema(schema)).toThrow(message);
    };
    refuse({ numbers: [1, 2, 3] }, /no column age/);
    refuse(
      { numbers: [1, 2], age: 1 },
      /input numbers is float32\[rows, 3\], but column numbers is a vector of 2 numbers/,
    );
    refuse({ numbers: 1, age: 1 }, /but column numbers is one number/);
    const loop = await TensorFlowModel.fromDirectory(path.join(REFERENCE, 'graph-loop'));
    expect(() => loop.transformSchema(Table.fromRows([{ size: [1, 2] }]).schema)).toThrow(
      /input size is float32\[rows\]/,
    );
    const ragged = Table.fromRows([{ numbers: [1, 2, 3], age: 1 }, { numbers: null, age: 1 }]); // biome-ignore format: one line
    await expect(model.transform(ragged)).rejects.toThrow(BadRowsError);
  });
});

describe('files that are no model', () => {
  it('are refused by name', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const load = (name: string) => TensorFlowModel.fromDirectory(path.join(directory, name));
    await expect(load('nothing')).rejects.toThrow(UsageError);
    const harmed = async (name: string, harm: (json: ModelJson, folder: string) => unknown, message: RegExp) => {
      const folder = path.join(directory, name);
      await fs.cp(path.join(REFERENCE, 'keras-two-inputs'), folder, { recursive: true });
      const file = path.join(folder, 'model.json');
      const json: ModelJson = JSON.parse(await fs.readFile(file, 'utf8'));
      await fs.writeFile(file, JSON.stringify((await harm(json, folder)) ?? json));
      await expect(load(name), name).rejects.toThrow(StateError);
      await expect(load(name), name).rejects.toThrow(message);
    };
    const [{ weights }] = (await modelJson('keras-two-inputs')).weightsManifest as [ModelJson['weightsManifest'][0]];
    await harmed(
      'no topology',
      () => ({ format: 'layers-model' }),
      /expected a TensorFlow.js model with a modelTopology/,
    );
    await harmed(
      'torn weights',
      (_, folder) => fs.truncate(path.join(folder, 'group1-shard1of1.bin'), 100),
      /bytes of weights/,
    );
    await harmed(
      'a file elsewhere',
      (json) => {
        json.weightsManifest[0]!.paths[0] = '../../x';
      },
      /in the same directory/,
    );
    await harmed(
      'weights of texts',
      (json) => {
        json.weightsManifest[0]!.weights[0]!.dtype = 'string';
      },
      /type of number/,
    );
    await harmed(
      'a name twice',
      (json) => {
        json.weightsManifest[0]!.weights[1]!.name = weights[0]!.name;
      },
      /once/,
    );
    await harmed(
      'weights of others',
      (json) => {
        json.weightsManifest[0]!.weights[1]!.name = 'x';
      },
      /can't make the model/,
    );
    await harmed(
      'an input from nowhere',
      (json) => replaceIn(json, '[["concatenate",0,0,{}]]', '[["nowhere",0,0,{}]]'),
      /layer dense has inputs that no layer gives/,
    );
    await harmed('one name twice', (json) => replaceIn(json, '"age"', '"numbers"'), /layer numbers: expected a name/);
    await harmed(
      'layers in a circle',
      (json) => replaceIn(json, '[["concatenate",0,0,{}]]', '[["price",0,0,{}]]'),
      /has inputs that no layer gives/,
    );
    await harmed('layers unknown', (json) => replaceIn(json, '"Concatenate"', '"Nonsense"'), /Nonsense/);
  });

  it('do not make us hold more than they hold themselves', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const bomb = async (name: string, from: string, to: string, message: RegExp) => {
      const folder = path.join(directory, name);
      await fs.cp(path.join(REFERENCE, 'keras-image'), folder, { recursive: true });
      const file = path.join(folder, 'model.json');
      const text = (await fs.readFile(file, 'utf8')).replaceAll(from, to);
      await fs.writeFile(file, text);
      const before = process.memoryUsage().rss;
      await expect(TensorFlowModel.fromDirectory(folder), name).rejects.toThrow(message);
      expect(process.memoryUsage().rss - before, name).toBeLessThan(100e6);
    };
    await bomb('units', '"units": 4', '"units": 40000000', /more than the \d+ weights that are saved/);
    await bomb('filters', '"filters": 2', '"filters": 200000000', /more than the \d+ weights that are saved/);
    await bomb('rows of an image', '6,', '600000000,', /weights that are saved|values a row/);
  });
});

interface ModelJson {
  readonly weightsManifest: { readonly paths: string[]; readonly weights: { name: string; dtype: string }[] }[];
}

async function modelJson(name: string): Promise<ModelJson> {
  return JSON.parse(await fs.readFile(path.join(REFERENCE, name, 'model.json'), 'utf8'));
}

function replaceIn(json: ModelJson, from: string, to: string): ModelJson {
  return JSON.parse(JSON.stringify(json).replaceAll(from, to));
}

/** As `model.save('file://…')` of the native binding writes it. */
async function writeLayersModel(model: layers.LayersModel, directory: string): Promise<void> {
  await fs.mkdir(directory);
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const { modelTopology, weightSpecs, weightData } = artifacts;
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    await fs.writeFile(path.join(directory, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
    await fs.writeFile(path.join(directory, 'weights.bin'), Buffer.from(weightData as ArrayBuffer));
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  });
  await model.save(handler);
}
