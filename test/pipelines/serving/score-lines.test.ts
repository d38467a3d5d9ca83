import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataError } from '../../../src/errors.ts';
import {
  Binarizer,
  type Column,
  csvRows,
  inLines,
  jsonRows,
  type LineScoringOptions,
  PipelineModel,
  type RecordRows,
  Schema,
  type ScoringModel,
  StoredRows,
  scoreLines,
  Table,
  VectorAssembler,
} from '../../../src/pipelines/index.ts';
import { TestDriver, type TestDriverOptions } from '../../../src/testing/index.ts';
import { sourceSuite } from '../../../src/testing/source-suite.ts';
import { registerChecks } from '../../contracts/register-checks.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const model = new PipelineModel({
  stages: [
    new VectorAssembler({ inputCols: ['x', 'y'], outputCol: 'v', handleInvalid: 'skip' }),
    new Binarizer({ inputCol: 'x', outputCol: 'prediction', threshold: 2 }),
  ],
});

const schema = new Schema([
  { name: 'x', type: 'double' },
  { name: 'name', type: 'string' },
  { name: 'y', type: 'int' },
]);

async function scored(
  lines: readonly string[],
  options: Omit<LineScoringOptions<string>, 'rows'> & { readonly rows: RecordRows<string> },
  { by = model, ...context }: TestDriverOptions & { readonly by?: ScoringModel } = {},
) {
  const driver = new TestDriver(context);
  const sink = driver.collect(scoreLines(driver.context.queueStream([lines]), by, options));
  onTestFinished(() => driver.stop());
  await driver.runBatches(1);
  return { lines: sink.records[0], rejected: driver.progress[0]!.rejectedRecords };
}

describe('lines of CSV', () => {
  const rows = csvRows(schema);

  it('come out with predictions at their end, those that a stage leaves out not at all', async () => {
    const { lines } = await scored(['1,a,1', '3,"b, or ""c""",1', '4,d,', '5,,6'], { rows });
    expect(lines).toEqual(['1,a,1,0', '3,"b, or ""c""",1,1', '5,,6,1']);
  });

  it('come out with other columns on request, vectors as JSON', async () => {
    const { lines } = await scored(['1,a,2'], { rows, columns: ['v', 'prediction'] });
    expect(lines).toEqual(['1,a,2,"[1,2]",0']);
  });

  it('are bad records where they are no rows, each counted once', async () => {
    const bad = ['1,a', 'one,a,1', '0x10,a,1', ' ,a,1', '1,"a,1', '1,a,1,1'];
    const { lines, rejected } = await scored([...bad, '7,a,1'], { rows }, { badRecords: 'skip' });
    expect(lines).toEqual(['7,a,1,1']);
    expect(rejected).toBe(bad.length);
    await expect(scored(['1,a,1', 'one,a,1'], { rows })).rejects.toThrow('column x: expected double, got "one"');
    await expect(scored(['1,a'], { rows })).rejects.toThrow('expected 3 fields, got 2 in "1,a"');
  });

  it('have numbers as tables from CSV have them', async () => {
    const numbers = ['0', '-0', '00.5', '1e3', '+4', '.5', ' 7 ', 'inf', '-Infinity', 'NaN', ''];
    const { values, nulls } = csvRows(new Schema([{ name: 'x', type: 'double' }]))
      .tableOf(numbers, (_, why) => expect.fail(why))
      .numbers('x');
    expect([...values]).toEqual([0, -0, 0.5, 1000, 4, 0.5, 7, Infinity, -Infinity, NaN, NaN]);
    expect([...nulls!]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('can hold no vectors', () => {
    expect(() => csvRows(new Schema([{ name: 'v', type: 'vector' }]))).toThrow('column v: CSV holds numbers, texts');
  });
});

describe('lines of JSON', () => {
  it('come out with fields at their end', async () => {
    const given = ['{"x":1,"y":2}', ' { "y": 1, "x": 3.0 } ', '{"x":9,"y":null}'];
    const { lines } = await scored(given, { rows: jsonRows(), columns: ['prediction', 'v'] });
    expect(lines).toEqual(['{"x":1,"y":2,"prediction":0,"v":[1,2]}', ' { "y": 1, "x": 3.0,"prediction":1,"v":[3,1]}']);
    expect(JSON.parse(lines![1]!)).toEqual({ x: 3, y: 1, prediction: 1, v: [3, 1] });
  });

  it('are bad records where they are no rows, each counted once', async () => {
    const bad = ['', '[1]', '{"x":', 'null', '{"x":"one","y":1}'];
    const given = ['{"x":1,"y":1}', ...bad];
    const { lines, rejected } = await scored(given, { rows: jsonRows() }, { badRecords: 'skip' });
    expect(lines).toEqual(['{"x":1,"y":1,"prediction":0}']);
    expect(rejected).toBe(bad.length);
  });
});

it('records with a line in them are scored by it; one that has none is a bad record, once', async () => {
  const rows = inLines(csvRows(schema), (record: { readonly value?: string }) => {
    if (record.value === undefined) throw new DataError('bad-record', 'it has no text');
    return record.value;
  });
  const driver = new TestDriver({ badRecords: 'skip' });
  const stream = driver.context.queueStream([[{ value: '1,a,1' }, {}, { value: '' }, { value: '3,b,1' }]]);
  const sink = driver.collect(scoreLines(stream, model, { rows }));
  onTestFinished(() => driver.stop());
  await driver.runBatches(1);
  expect(sink.records[0]).toEqual(['1,a,1,0', '3,b,1,1']);
  expect(driver.progress[0]!.rejectedRecords).toBe(2);
});

it('each line says the version of the model, where a directory of versions is watched', async () => {
  const models = await temporaryDirectory(onTestFinished);
  await model.save(path.join(models, '3'));
  const { lines } = await scored(['4,a,1'], { rows: csvRows(schema) }, { by: models });
  expect(lines).toEqual(['4,a,1,1,3']);
});

describe('stored rows', () => {
  const table = Table.fromRows([{ x: 1, y: 0 }, { x: 3, y: null }, { x: 5, y: 1 }, { x: 2.5, y: 2 }]); // biome-ignore format: one line

  registerChecks(sourceSuite({ records: [0, 1, 2, 3], make: () => new StoredRows(table, { maxRecordsPerBatch: 3 }) }));

  it('come out with whatever a file had in its columns', () => {
    const any = (value: unknown): Column => ({ type: 'any', values: [value] });
    const odd = Table.of({ t: any(new Date(0)), n: any(2n ** 60n), list: any([1n, -2n]), none: any(null), x: any({ y: NaN }) }); // biome-ignore format: one line
    const line = new StoredRows(odd).rows.lineWith(0, ['prediction'], [Number.POSITIVE_INFINITY]);
    const text = '{"t":"1970-01-01T00:00:00.000Z","n":"1152921504606846976","list":[1,-2],"none":null,"x":{"y":null},"prediction":null}'; // biome-ignore format: one line
    expect(line).toBe(text);
  });

  it('are scored as columns, batch after batch, and come out as JSON', async () => {
    const driver = new TestDriver();
    const stored = new StoredRows(table, { maxRecordsPerBatch: 3 });
    const stream = driver.context.sourceStream(stored);
    const all = driver.collect(scoreLines(stream, model, { rows: stored.rows }));
    const some = driver.collect(
      scoreLines(
        stream.filter((place) => place !== 1),
        model,
        { rows: stored.rows },
      ),
    );
    onTestFinished(() => driver.stop());
    await driver.runBatches(2);
    const expected = [
      ['{"x":1,"y":0,"prediction":0}', '{"x":5,"y":1,"prediction":1}'],
      ['{"x":2.5,"y":2,"prediction":1}'],
    ];
    expect(all.records).toEqual(expected);
    expect(some.records).toEqual(expected); // the row left out was one that the model leaves out
  });
});
