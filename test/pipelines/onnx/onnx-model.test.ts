import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StateError, UsageError } from '../../../src/errors.ts';
import {
  BadRowsError,
  loadStage,
  OnnxModel,
  PipelineModel,
  type Row,
  Table,
  VectorAssembler,
} from '../../../src/pipelines/index.ts';
import { TestDriver } from '../../../src/testing/test-driver.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

/** Models that skl2onnx exported, and what scikit-learn predicts with them: `make-onnx-models.py` there made both. */
const REFERENCE = fileURLToPath(new URL('../../reference/onnx/', import.meta.url));
type Expected = Record<string, Record<string, readonly (number | string | readonly number[])[]>>;
const expected: Expected = JSON.parse(await fs.readFile(path.join(REFERENCE, 'expected.json'), 'utf8'));

/** Single precision, after some arithmetic. */
const SINGLE = 5;

function fileOf(name: string): string {
  return path.join(REFERENCE, `${name}.onnx`);
}

/** The rows that the model of this name was asked about. */
function rowsOf(name: string, column = 'X'): Table {
  return Table.fromRows(expected[name]!['rows']!.map((row) => ({ [column]: row })));
}

describe('an OnnxModel of scikit-learn', () => {
  it('gives a label and a probability for each class, as scikit-learn does', async () => {
    const { label, probabilities } = expected['iris-logistic-float']!;
    const model = await OnnxModel.fromFile(fileOf('iris-logistic-float'), {
      outputs: { label: 'prediction', probabilities: 'probability' },
      batchSize: 4,
    });
    const scored = await model.transform(rowsOf('iris-logistic-float'));
    expect(Array.from(scored.numbers('prediction').values)).toEqual(label);
    expectVectors(scored, 'probability', probabilities as number[][]);
  });

  it('computes in double precision where the model does', async () => {
    const { variable } = expected['iris-linear-double']!;
    const model = await OnnxModel.fromFile(fileOf('iris-linear-double'));
    const scored = await model.transform(rowsOf('iris-linear-double'));
    const values = scored.numbers('variable').values;
    for (const [i, value] of (variable as number[]).entries()) expect(values[i]).toBeCloseTo(value, 12);
  });

  it('gives labels that are texts', async () => {
    const { label, probabilities } = expected['iris-forest-text']!;
    const model = await OnnxModel.fromFile(fileOf('iris-forest-text'), { inputs: { X: 'features' } });
    const scored = await model.transform(rowsOf('iris-forest-text', 'features'));
    expect(scored.strings('label')).toEqual(label);
    expectVectors(scored, 'probabilities', probabilities as number[][]);
  });

  it('takes texts, whole numbers of 64 bits and numbers from columns of their own', async () => {
    const { variable, ...columns } = expected['readings-boosted-mixed']!;
    const names = Object.keys(columns);
    const rows = (variable as number[]).map((_, i) =>
      Object.fromEntries(names.map((name) => [name, columns[name]![i]])),
    );
    const model = await OnnxModel.fromFile(fileOf('readings-boosted-mixed'));
    const scored = await model.transform(Table.fromRows(rows));
    const values = scored.numbers('variable').values;
    for (const [i, value] of (variable as number[]).entries()) expect(values[i]).toBeCloseTo(value, SINGLE);
  });

  it('asks only for the outputs that are named', async () => {
    const model = await OnnxModel.fromFile(fileOf('iris-logistic-zipmap'), { outputs: { output_label: 'prediction' } });
    const scored = await model.transform(rowsOf('iris-logistic-zipmap'));
    expect(scored.schema.names).toEqual(['X', 'prediction']);
    expect(Array.from(scored.numbers('prediction').values)).toEqual(expected['iris-logistic-zipmap']!['label']);
  });

  it('is a stage of a pipeline that is saved and loaded', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const rows = expected['iris-logistic-float']!['rows']!.map((row) =>
      Object.fromEntries(names.map((name, j) => [name, (row as number[])[j]])),
    );
    const stages = [
      new VectorAssembler({ inputCols: names, outputCol: 'X' }),
      await OnnxModel.fromFile(fileOf('iris-logistic-float')),
    ];
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    const model = new PipelineModel({ stages });
    await model.save(directory);
    const loaded = await loadStage(directory, PipelineModel);
    const scored = await loaded.transform(Table.fromRows(rows));
    expect(scored.toRows()).toEqual((await model.transform(Table.fromRows(rows))).toRows());
    expect(Array.from(scored.numbers('label').values)).toEqual(expected['iris-logistic-float']!['label']);
  });
});

describe('an OnnxModel', () => {
  it('gives a model a row at a time that takes no more', async () => {
    const model = await OnnxModel.fromFile(fileOf('one-row-at-a-time'));
    const scored = await model.transform(Table.fromRows([{ x: [1, 2] }, { x: [3, 4] }, { x: [-1, 0.5] }]));
    expect(scored.toRows().map(({ y }) => Array.from(y as ArrayLike<number>))).toEqual([[2, 4], [6, 8], [-2, 1]]); // biome-ignore format: one line
  });

  it('refuses columns that do not fit its inputs, before it sees data', async () => {
    const model = await OnnxModel.fromFile(fileOf('iris-logistic-float'), {});
    const refused = (rows: object[], message: RegExp) => {
      const { schema } = Table.fromRows(rows as Record<string, unknown>[]);
      expect(() => model.transformSchema(schema)).toThrow(UsageError);
      expect(() => model.transformSchema(schema)).toThrow(message);
    };
    refused([{ Y: 1 }], /no column X; there are Y/);
    refused([{ X: [1, 2, 3] }], /input X is float32\[rows, 4\], but column X is a vector of 3 numbers/);
    refused([{ X: 7 }], /input X is float32\[rows, 4\], but column X is one number/);
    refused([{ X: 'seven' }], /column X: expected numbers, got string/);
    const mixed = await OnnxModel.fromFile(fileOf('readings-boosted-mixed'));
    const { schema } = Table.fromRows([{ place: 1, count: 1, wide: 1, high: 1 }]);
    expect(() => mixed.transformSchema(schema)).toThrow(/input place is string\[rows, 1\], but column place is double/);
  });

  it('names rows whose values an input can not hold', async () => {
    const model = await OnnxModel.fromFile(fileOf('readings-boosted-mixed'));
    const good = { place: 'roof', count: 1, wide: 0, high: 0 };
    const bad = async (row: object, message: RegExp) => {
      const scoring = model.transform(Table.fromRows([good, { ...good, ...row }]));
      await expect(scoring).rejects.toThrow(BadRowsError);
      await expect(scoring).rejects.toThrow(message);
    };
    await bad({ place: null }, /row 1: column place: expected a text, got null/);
    await bad({ count: 1.5 }, /row 1: column count: expected a whole number from .* got 1.5/);
    await bad({ count: null }, /row 1: column count: expected a whole number from .* got NaN/);
  });

  it('refuses names that the model has not, and outputs that no column can hold', async () => {
    const file = fileOf('iris-logistic-zipmap');
    await expect(OnnxModel.fromFile(file, { inputs: { Z: 'z' } })).rejects.toThrow(
      /inputs: the model has no Z; there are X/,
    );
    await expect(OnnxModel.fromFile(file, { outputs: { p: 'p' } })).rejects.toThrow(/outputs: the model has no p/);
    await expect(OnnxModel.fromFile(file, { outputs: { output_probability: 'p' } })).rejects.toThrow(/zipmap=False/);
  });

  it('names the rows that the model itself refuses', async () => {
    const model = await OnnxModel.fromFile(fileOf('readings-boosted-mixed'));
    const places = ['roof', 'attic', 'yard', 'cellar', 'moon', 'roof'];
    const rows = places.map((place) => ({ place, count: 1, wide: 0, high: 0 }));
    const scoring = model.transform(Table.fromRows(rows));
    await expect(scoring).rejects.toThrow(BadRowsError);
    await expect(scoring).rejects.toMatchObject({ rows: [{ position: 1 }, { position: 4 }] });
    await expect(scoring).rejects.toThrow(/row 1: the model fails on it \(.*Unknown Category/);
  });

  it('lets a stream go on without the rows that it refuses, each counted once', async () => {
    const model = new PipelineModel({ stages: [await OnnxModel.fromFile(fileOf('readings-boosted-mixed'))] });
    const driver = new TestDriver({ badRecords: 'skip' });
    const row = (place: unknown, count: unknown) => ({ place, count, wide: 0, high: 0 });
    const batches = [[row('roof', 1), row('attic', 1), row('yard', 2.5)], [row('cellar', 3)], [row('moon', 1)]];
    const scored = driver.collect(model.transform(driver.context.queueStream<Row>(batches)));
    await driver.runBatches(3);
    await driver.stop();
    expect(scored.records.map((rows) => rows.map(({ place }) => place))).toEqual([['roof'], ['cellar'], []]);
    expect(driver.progress.map(({ rejectedRecords }) => rejectedRecords)).toEqual([2, 0, 1]);
  });

  it('refuses files that are missing, or no model', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    await expect(OnnxModel.fromFile(path.join(directory, 'none.onnx'))).rejects.toThrow(UsageError);
    const whole = await fs.readFile(fileOf('iris-logistic-float'));
    for (const [name, content] of Object.entries({ torn: whole.subarray(0, 300), empty: '', text: 'no model' })) {
      const file = path.join(directory, `${name}.onnx`);
      await fs.writeFile(file, content);
      const loading = OnnxModel.fromFile(file);
      await expect(loading, name).rejects.toThrow(StateError);
      await expect(loading, name).rejects.toThrow(file);
    }
  });

  it('refuses a saved model whose file is missing, torn or changed, though its checksums agree', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    await (await OnnxModel.fromFile(fileOf('iris-forest-text'))).save(directory);
    const file = path.join(directory, 'onnx', 'model.onnx');
    await fs.rm(path.join(directory, 'onnx', '.model.onnx.crc'));
    const whole = await fs.readFile(file);
    const changed = Buffer.from(whole);
    changed[2000]! ^= 1;
    for (const content of [whole.subarray(0, 1000), changed, Buffer.concat([whole, Buffer.of(0)])]) {
      await fs.writeFile(file, content);
      await expect(loadStage(directory)).rejects.toThrow(/model.onnx: it is not the file that was saved/);
    }
    await fs.rm(file);
    await expect(loadStage(directory)).rejects.toThrow(StateError);
  });
});

function expectVectors(table: Table, name: string, vectors: readonly (readonly number[])[]): void {
  const { columns } = table.features(name);
  expect(columns.length).toBe(vectors[0]!.length);
  for (const [i, vector] of vectors.entries()) {
    for (const [j, value] of vector.entries()) expect(columns[j]![i]).toBeCloseTo(value, SINGLE);
  }
}
