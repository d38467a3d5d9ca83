import { describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../../src/errors.ts';
import { OnnxModel, Table } from '../../../src/pipelines/index.ts';
import type { LoadedOnnx } from '../../../src/pipelines/onnx/loaded-onnx.ts';
import type { TensorValues } from '../../../src/pipelines/tensors/input-values.ts';
import type { GivenValues } from '../../../src/pipelines/tensors/output-column.ts';
import type { Port, ValueType } from '../../../src/pipelines/tensors/port.ts';

function port(name: string, type: ValueType | undefined, ...shape: (number | undefined)[]): Port {
  return { name, type, shape: shape.length === 0 ? undefined : shape };
}

/** A model written here: what a port of it is given and gives can be said exactly. */
function modelOf(inputs: Port[], outputs: Port[], give: (values: TensorValues[]) => GivenValues[]): LoadedOnnx {
  return {
    bytes: new Uint8Array(),
    inputs,
    outputs,
    run: async (given, names) => {
      const values = give([...given.values()]);
      return new Map(names.map((name) => [name, values[outputs.findIndex((each) => each.name === name)]!]));
    },
  };
}

/** What a model with this input is given for a column of these values. */
async function givenTo(input: Port, values: readonly unknown[]): Promise<TensorValues[]> {
  const seen: TensorValues[] = [];
  const loaded = modelOf([input], [port('n', 'float32', undefined)], ([tensor]) => {
    seen.push(tensor!);
    return [{ values: new Float32Array(tensor!.shape[0]!), shape: [tensor!.shape[0]!] }];
  });
  await new OnnxModel(loaded, { batchSize: 2 }).transform(Table.fromRows(values.map((v) => ({ [input.name]: v }))));
  return seen;
}

describe('an input of a model', () => {
  it('is given rows in batches, in the shape that it says', async () => {
    expect(
      await givenTo(port('v', 'float32', undefined, 2), [
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).toEqual([
      { type: 'float32', values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] },
      { type: 'float32', values: Float32Array.of(5, 6), shape: [1, 2] },
    ]);
    const [image] = await givenTo(port('v', 'float64', undefined, 2, undefined, 1), [[1, 2, 3, 4, 5, 6]]);
    expect(image!.shape).toEqual([1, 2, 3, 1]);
    const [single] = await givenTo(port('v', 'int64', undefined), [7, -8]);
    expect(single).toEqual({ type: 'int64', values: BigInt64Array.of(7n, -8n), shape: [2] });
    const [unknown] = await givenTo(port('v', 'int32'), [[1, 2]]);
    expect(unknown!.shape).toEqual([1, 2]);
    const [texts] = await givenTo(port('v', 'string', undefined, 2), [['a', 'b'], ['c', 'd']]); // biome-ignore format: one line
    expect(texts).toEqual({ type: 'string', values: ['a', 'b', 'c', 'd'], shape: [2, 2] });
    const [flags] = await givenTo(port('v', 'bool', undefined, 1), [true, false]);
    expect(flags).toEqual({ type: 'bool', values: Int32Array.of(1, 0), shape: [2, 1] });
  });

  it('takes null for NaN where it can hold that, and no number that it can not hold', async () => {
    const [nulls] = await givenTo(port('v', 'float32', undefined), [1, null]);
    expect(nulls!.values).toEqual(Float32Array.of(1, Number.NaN));
    await expect(givenTo(port('v', 'uint8', undefined), [1, 256])).rejects.toThrow(/row 1: .* from 0 to 255, got 256/);
    await expect(givenTo(port('v', 'int8', undefined, 2), [[0, 0], [0, -129]])).rejects.toThrow(/row 1: .* got -129/); // biome-ignore format: one line
    await expect(givenTo(port('v', 'int64', undefined), [2 ** 60])).rejects.toThrow(/whole number/);
    await expect(givenTo(port('v', 'string', undefined, 2), [['a', 'b'], ['c']])).rejects.toThrow(
      /row 1: .* expected 2 texts, got 1/,
    );
  });

  it('refuses a model that takes only so many rows at once', () => {
    const loaded = modelOf([port('v', 'float32', 8, 2)], [], () => []);
    expect(() => new OnnxModel(loaded)).toThrow(UsageError);
    expect(() => new OnnxModel(loaded)).toThrow(/takes exactly 8 rows at once/);
  });
});

describe('a model that fails', () => {
  const one = port('x', 'float32', undefined);
  /** Gives what it is given, of at most two rows at once, none of them 9. */
  const loaded = modelOf([one], [port('y', 'float32', undefined)], ([tensor]) => {
    const { values, shape } = tensor as { values: Float32Array; shape: readonly number[] };
    if (values.length > 2 || values.includes(9)) throw new Error('no');
    return [{ values, shape }];
  });
  const transformed = (...xs: number[]) =>
    new OnnxModel(loaded, { batchSize: 5 }).transform(Table.fromRows(xs.map((x) => ({ x }))));

  it('on many rows, and not on some of them, gives each row its own', async () => {
    const xs = [1, 2, 3, 4, 5, 6, 7, 8];
    expect([...(await transformed(...xs)).numbers('y').values]).toEqual(xs);
  });

  it('on some rows has these named', async () => {
    const rows = [1, 6].map((position) => ({ position, why: 'the model fails on it (no)' }));
    await expect(transformed(1, 9, 3, 4, 5, 6, 9, 8)).rejects.toMatchObject({ rows });
  });
});

describe('an output of a model', () => {
  const one = port('x', 'float32', undefined);
  const table = Table.fromRows([{ x: 1 }, { x: 2 }, { x: 3 }]);

  async function columnOf(output: Port, give: (rows: number) => GivenValues): Promise<unknown[]> {
    const stage = new OnnxModel(
      modelOf([one], [output], ([tensor]) => [give(tensor!.shape[0]!)]),
      { batchSize: 2 },
    );
    expect(stage.transformSchema(table.schema).field('y').type).toBe(
      (await stage.transform(table)).schema.field('y').type,
    );
    return (await stage.transform(table)).toRows().map(({ y }) => y);
  }

  it('becomes a column of numbers, texts, vectors or lists of texts', async () => {
    const numbers = (rows: number) => ({ values: BigInt64Array.from({ length: rows }, () => 5n), shape: [rows, 1] });
    expect(await columnOf(port('y', 'int64', undefined, 1), numbers)).toEqual([5, 5, 5]);
    const pairs = (rows: number) => ({ values: Array.from({ length: 2 * rows }, (_, i) => `t${i}`), shape: [rows, 2] });
    expect(await columnOf(port('y', 'string', undefined, 2), pairs)).toEqual([['t0', 't1'], ['t2', 't3'], ['t0', 't1']]); // biome-ignore format: one line
    const wide = (rows: number) => ({ values: new Float32Array(3 * rows).fill(2), shape: [rows, 3] });
    expect(await columnOf(port('y', 'float32'), wide)).toEqual([1, 2, 3].map(() => Float64Array.of(2, 2, 2)));
    const single = (rows: number) => ({ values: new Float32Array(rows).fill(2), shape: [rows] });
    expect(await columnOf(port('y', 'float32'), single)).toEqual([1, 2, 3].map(() => Float64Array.of(2)));
  });

  it('is refused where it is not a row for each row, or not as wide as before', async () => {
    const refused = async (output: Port, give: (rows: number) => GivenValues, message: RegExp) => {
      await expect(columnOf(output, give)).rejects.toThrow(DataError);
      await expect(columnOf(output, give)).rejects.toThrow(message);
    };
    const fixed = () => ({ values: new Float32Array(1), shape: [1] });
    await refused(
      port('y', 'float32', undefined),
      fixed,
      /output y is float32\[rows\]: expected 2 rows of 1, got the shape \[1\]/,
    );
    const growing = (rows: number) => ({ values: new Float32Array(rows * (4 - rows)), shape: [rows, 4 - rows] });
    await refused(port('y', 'float32'), growing, /expected 1 rows of 2, got the shape \[1, 3\]/);
  });
});
