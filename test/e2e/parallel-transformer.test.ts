import { readdir } from 'node:fs/promises';
import { DataError, seededRandom } from 'millrace';
import {
  BadRowsError,
  Binarizer,
  HashingTF,
  ParallelTransformer,
  Pipeline,
  PipelineModel,
  type PipelineStage,
  RandomForestClassifier,
  type Row,
  SQLTransformer,
  StandardScaler,
  StringIndexer,
  Table,
  Tokenizer,
  type TransformerOf,
  VectorAssembler,
} from 'millrace/pipelines';
import { TestDriver } from 'millrace/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';

const ROWS = 5000;

const rows: Row[] = ((random = seededRandom(5)) =>
  Array.from({ length: ROWS }, (_, i) => ({
    kind: ['a', 'b', 'c', null][Math.floor(4 * random.next())],
    x: random.next() < 0.05 ? null : random.next(),
    y: random.next(),
    label: i % 3,
    text: `The row ${i} of ${i % 7}`,
    when: new Date(i * 1000),
    list: Float64Array.of(i, i / 2).slice(i % 2),
  })))();
const table = Table.fromRows(rows);

const fitted = (...stages: PipelineStage[]) => new Pipeline({ stages }).fit(table);
const assembler = (handleInvalid: 'skip' | 'keep' | 'error') =>
  new VectorAssembler({ inputCols: ['x', 'y'], outputCol: 'features', handleInvalid });

/** What the transformer makes of the table on three threads. */
async function onThreads(transformer: TransformerOf, columns?: readonly string[]): Promise<Table> {
  const parallel = new ParallelTransformer(transformer, { threads: 3, columns });
  onTestFinished(() => parallel.close());
  return parallel.transform(table);
}

/** What the process takes for the directory of temporary files until the test ends. */
async function ownTemporaryDirectory(): Promise<string> {
  const temporary = await temporaryDirectory(onTestFinished);
  const { TMPDIR: usual } = process.env;
  process.env['TMPDIR'] = temporary;
  onTestFinished(() => {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  });
  return temporary;
}

describe('rows shared among threads', () => {
  it.each<[string, () => Promise<PipelineModel>]>([
    [
      'categories, of which the schema tells',
      () => fitted(new StringIndexer({ inputCol: 'kind', outputCol: 'k', handleInvalid: 'keep' })),
    ],
    [
      'left-out rows',
      () => fitted(assembler('skip'), new StandardScaler({ inputCol: 'features', outputCol: 'scaled' })),
    ],
    [
      'texts as sparse vectors',
      () =>
        fitted(
          new Tokenizer({ inputCol: 'text', outputCol: 'words' }),
          new HashingTF({ inputCol: 'words', outputCol: 'tf', numFeatures: 50 }),
        ),
    ],
    ['forests', () => fitted(assembler('skip'), new RandomForestClassifier({ numTrees: 3, leafCol: 'leaves' }))],
    [
      'other columns in the place of those of their name',
      () => fitted(new SQLTransformer({ statement: 'SELECT y + 1 AS y, text, x FROM __THIS__ WHERE y > 0.3' })),
    ],
  ])('give what one thread gives: %s', async (_, model) => {
    const transformer = await model();
    const [alone, shared] = [await transformer.transform(table), await onThreads(transformer)];
    expect(shared.schema.fields).toEqual(alone.schema.fields);
    expect(shared.toRows()).toEqual(alone.toRows());
    expect(Array.from({ length: shared.rows }, (__, i) => shared.positionOf(i))).toEqual(
      Array.from({ length: alone.rows }, (__, i) => alone.positionOf(i)),
    );
  });

  it('share columns that are not changed with the table', async () => {
    const model = await fitted(new Binarizer({ inputCol: 'y', outputCol: 'high', threshold: 0.5 }));
    const shared = await onThreads(model);
    expect(shared.column('x')).toBe(table.column('x'));
  });

  it('give the columns that are asked for only', async () => {
    const model = await fitted(new Binarizer({ inputCol: 'y', outputCol: 'high', threshold: 0.5 }));
    const parallel = new ParallelTransformer(model, { threads: 2, columns: ['high', 'label'] });
    onTestFinished(() => parallel.close());
    expect(parallel.transformSchema(table.schema).names).toEqual(['high', 'label']);
    const all = (await model.transform(table)).select(['high', 'label']);
    expect((await parallel.transform(table)).toRows()).toEqual(all.toRows());
    await expect(new ParallelTransformer(model, { columns: ['no'] }).transform(table)).rejects.toThrow('no column no');
  });

  it('refuse the rows of all shares, each by its place in the whole table', async () => {
    const model = new PipelineModel({ stages: [assembler('error')] });
    const bad = async (table: Promise<Table>) => {
      const error = await table.then(
        () => expect.fail('no row was refused'),
        (thrown) => thrown,
      );
      expect(error).toBeInstanceOf(BadRowsError);
      return (error as BadRowsError).rows;
    };
    const alone = await bad(model.transform(table));
    expect(alone.length).toBeGreaterThan(100);
    expect(await bad(onThreads(model))).toEqual(alone);
  });

  it('leave nothing in the temporary directory, also where the transformer can not be saved', async () => {
    const temporary = await ownTemporaryDirectory();
    const binarizer = new Binarizer({ inputCol: 'y', outputCol: 'high' });
    const known = new ParallelTransformer(binarizer, { threads: 2 });
    await known.transform(table);
    expect(await readdir(temporary)).toHaveLength(1);
    await known.close();
    class Nameless extends Binarizer {
      override savedParams(): never {
        throw new Error('not to be saved');
      }
    }
    const unknown = new ParallelTransformer(new Nameless({ inputCol: 'y', outputCol: 'high' }), { threads: 2 });
    await expect(unknown.transform(table)).rejects.toThrow('not to be saved');
    await unknown.close();
    expect(await readdir(temporary)).toEqual([]);
  });

  it('end with the error of a share, and refuse a number of threads that is none', async () => {
    const model = new PipelineModel({ stages: [assembler('keep')] });
    const parallel = new ParallelTransformer(model, { threads: 2 });
    await expect(parallel.transform(table.drop(['y']))).rejects.toThrow('no column y');
    await parallel.close();
    await parallel.close();
    await expect(parallel.transform(table)).rejects.toThrow('the threads are closed');
    expect(() => new ParallelTransformer(model, { threads: 0 })).toThrow(
      'threads: expected a whole number of at least 1, got 0',
    );
  });
});

describe('a stream', () => {
  const model = new PipelineModel({
    stages: [assembler('error'), new Binarizer({ inputCol: 'y', outputCol: 'high', threshold: 0.5 })],
  });

  async function scored<T extends Row | Table>(records: readonly T[], threads: number, columns?: readonly string[]) {
    const driver = new TestDriver({ badRecords: 'skip' });
    onTestFinished(() => driver.stop());
    const stream = driver.context.queueStream([records, []]);
    const outputs = driver.collect(model.transform(stream as never, { threads, columns }));
    await driver.runBatches(2);
    return outputs.records[0] as unknown as T[];
  }

  it('of rows, and of tables, gives on several threads what it gives on one', async () => {
    const good = rows.filter(({ x }) => x !== null);
    const [one, two] = [await scored(rows, 1), await scored(rows, 2)];
    expect(one).toHaveLength(good.length);
    expect(two).toEqual(one);
    const tables = [table.range(0, 3000), table.range(3000, ROWS)];
    for (const threads of [1, 2]) {
      const out = await scored(tables, threads);
      expect(out.map((each) => each instanceof Table)).toEqual([true, true]);
      expect(out.flatMap((each) => each.toRows())).toEqual(one);
    }
  });

  it('has as many threads as it is told to, and ends them with the context', async () => {
    const temporary = await ownTemporaryDirectory();
    const driver = new TestDriver({ badRecords: 'skip' });
    driver.collect(model.transform(driver.context.queueStream([[table], [table]]), { threads: 1 }));
    await driver.runBatches(1);
    expect(await readdir(temporary)).toEqual([]); // of other threads, there would be a saved transformer
    await driver.stop();
    const shared = new TestDriver({ badRecords: 'skip' });
    shared.collect(model.transform(shared.context.queueStream([[table]]), { threads: 2 }));
    await shared.runBatches(1);
    expect(await readdir(temporary)).toHaveLength(1);
    await shared.stop();
    expect(await readdir(temporary)).toEqual([]);
    const stream = new TestDriver().context.queueStream<Row>([]);
    expect(() => model.transform(stream, { threads: 0 })).toThrow('threads: expected a whole number of at least 1');
  });

  it('gives the columns that are asked for', async () => {
    const out = await scored(rows, 1, ['high']);
    expect(Object.keys(out[0]!)).toEqual(['high']);
  });

  it('fails the batch by the first bad row of a table, which it names', async () => {
    const driver = new TestDriver();
    onTestFinished(() => driver.stop());
    driver.collect(model.transform(driver.context.queueStream([[table]])));
    const failed = await driver.runBatches(1).then(
      () => expect.fail('it did not fail'),
      (error) => error,
    );
    expect(failed).toBeInstanceOf(DataError);
    const first = rows.findIndex(({ x }) => x === null);
    expect(String(failed.message)).toContain('column x: expected a number, got null or NaN');
    expect(failed.context).toMatchObject({ operator: expect.stringContaining('transform'), record: String(first) });
  });
});
