import { describe, expect, it } from 'vitest';
import { Table } from '../../src/batch/table.ts';
import { Binarizer } from '../../src/pipelines/features/binarizer.ts';
import { StandardScaler } from '../../src/pipelines/features/standard-scaler.ts';
import { StringIndexer } from '../../src/pipelines/features/string-indexer.ts';
import { Tokenizer } from '../../src/pipelines/features/tokenizer.ts';
import { VectorAssembler } from '../../src/pipelines/features/vector-assembler.ts';
import { Pipeline } from '../../src/pipelines/pipeline.ts';
import { outputsOf } from '../dstream/outputs-of.ts';

const table = Table.fromRows([
  { kind: 'a', x: 1 },
  { kind: 'b', x: 2 },
  { kind: 'a', x: 6 },
]);

const indexer = new StringIndexer({ inputCol: 'kind', outputCol: 'index' });
const assembler = new VectorAssembler({ inputCols: ['x', 'index'], outputCol: 'features' });
const scaler = new StandardScaler({ inputCol: 'features', outputCol: 'scaled', withMean: true });

describe('a pipeline', () => {
  it('fits each estimator on what the stages before it give', async () => {
    const model = await new Pipeline({ stages: [indexer, assembler, scaler] }).fit(table);
    const { learned } = model.stages[2] as unknown as { learned: { mean: Float64Array } };
    expect(learned.mean).toEqual(Float64Array.of(3, 1 / 3));
    expect((await model.transform(table)).toRows()[0]).toMatchObject({
      kind: 'a',
      index: 0,
      features: Float64Array.of(1, 0),
    });
  });

  it('runs no stage after the last estimator while it is fitted', async () => {
    const strict = new VectorAssembler({ inputCols: ['gap'], outputCol: 'out' });
    const holes = Table.fromRows([
      { kind: 'a', gap: 1 },
      { kind: 'b', gap: null },
    ]);
    const model = await new Pipeline({ stages: [indexer, strict] }).fit(holes);
    await expect(model.transform(holes)).rejects.toThrow('row 1: column gap: expected a number, got null or NaN');
  });

  it('checks the schema through all stages before it fits any', async () => {
    const unfit = new Tokenizer({ inputCol: 'x', outputCol: 'words' });
    const never = new StringIndexer({ inputCol: 'kind', outputCol: 'index' });
    never.fit = () => expect.fail('it was fitted');
    await expect(new Pipeline({ stages: [never, unfit] }).fit(table)).rejects.toThrow(
      'column x: expected string, got double',
    );
  });

  it('of no stages is the identity, and refuses a stage twice, and what is none', async () => {
    const model = await new Pipeline().fit(table);
    expect(await model.transform(table)).toBe(table);
    expect(() => new Pipeline({ stages: [indexer, indexer] })).toThrow('cannot have duplicate components');
    expect(() => new Pipeline({ stages: [{} as never] })).toThrow('expected an estimator or a transformer');
  });

  it('hands settings on to its stages', () => {
    const pipeline = new Pipeline({ stages: [indexer, scaler] });
    const copy = pipeline.copy([{ parent: scaler.uid, name: 'withMean', value: false }]);
    expect((copy.stages[1] as StandardScaler).get('withMean')).toBe(false);
    expect((pipeline.stages[1] as StandardScaler).get('withMean')).toBe(true);
  });
});

describe('parameters', () => {
  it('are refused by name', () => {
    expect(() => new StandardScaler({ withStd: 'yes' as never }, 'scaler')).toThrow(
      'scaler parameter withStd given invalid value "yes"; expected true or false',
    );
    expect(() => new StandardScaler({ withStdd: true } as never, 'scaler')).toThrow(
      'scaler: no parameter withStdd; there are',
    );
    expect(() => new StandardScaler({}, 'scaler').get('inputCol')).toThrow('scaler: parameter inputCol is not set');
    expect(() => new Binarizer({ inputCol: 'a', inputCols: ['b'] }, 'it').transform(table)).toThrow(
      'one of inputCol and inputCols',
    );
  });

  it('have the defaults of Spark, one of them made of the uid', () => {
    const own = new StandardScaler({ inputCol: 'x' });
    expect(own.uid).toMatch(/^StandardScaler_[0-9a-f]{12}$/);
    expect(own.get('outputCol')).toBe(`${own.uid}__output`);
    expect([own.get('withMean'), own.get('withStd')]).toEqual([false, true]);
  });
});

describe('a fitted pipeline on a stream', () => {
  it('gives the rows of each batch with what the stages add', async () => {
    const model = await new Pipeline({ stages: [indexer, assembler] }).fit(table);
    const batches = [
      [{ kind: 'b', x: 4, id: 7 }],
      [],
      [
        { kind: 'a', x: null, id: 8 },
        { kind: 'a', x: 5, id: 9 },
      ],
    ];
    const outputs = await outputsOf(batches, (stream) => model.transform(stream), { badRecords: 'skip' });
    expect(outputs).toEqual([
      [{ kind: 'b', x: 4, id: 7, index: 1, features: Float64Array.of(4, 1) }],
      [],
      [{ kind: 'a', x: 5, id: 9, index: 0, features: Float64Array.of(5, 0) }],
    ]);
  });

  it('counts each row that a stage cannot take once, and keeps or leaves out what its parameters say', async () => {
    const keeping = new StringIndexer({ inputCol: 'kind', outputCol: 'index', handleInvalid: 'keep' });
    const skipping = new VectorAssembler({ inputCols: ['x', 'index'], outputCol: 'features', handleInvalid: 'skip' });
    const model = await new Pipeline({ stages: [keeping, skipping] }).fit(table);
    const rows = [
      { kind: 'unseen', x: 1 },
      { kind: null, x: 2 },
      { kind: 'a', x: Number.NaN },
      { kind: 'a', x: 'text' },
    ];
    const outputs = await outputsOf([rows], (stream) => model.transform(stream), { badRecords: 'skip' });
    expect(outputs).toEqual([
      [
        { kind: 'unseen', x: 1, index: 2, features: Float64Array.of(1, 2) },
        { kind: null, x: 2, index: 2, features: Float64Array.of(2, 2) },
      ],
    ]);
  });

  it('fails the batch for a bad row unless told otherwise, and names it', async () => {
    const model = await new Pipeline({ stages: [indexer] }).fit(table);
    const run = outputsOf([[{ kind: 'a' }, { kind: 'z' }]], (stream) => model.transform(stream));
    await expect(run).rejects.toThrow(/column kind: the unseen label z; set handleInvalid to skip or keep/);
  });
});
