import * as assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { isSparseRows } from '../batch/column.ts';
import { Schema } from '../batch/schema.ts';
import { toDense, toSparse } from '../batch/sparse-rows.ts';
import { Table } from '../batch/table.ts';
import { toDenseVector, type Vector } from '../batch/vector.ts';
import { StateError, UsageError } from '../errors.ts';
import { loadStage } from '../pipelines/load-stage.ts';
import type { PipelineStage, TransformerOf } from '../pipelines/pipeline.ts';
import { type Check, check, notApplicable } from './check.ts';

/** A stage to be checked. */
export interface StageSubject {
  /** A new estimator or transformer; each time with the same parameters. */
  stage(): PipelineStage;
  /** A table of at least three rows that it can take. */
  table(): Table;
  /** Why rows hang together, where they do; as in "not applicable because …". */
  readonly rowsHangTogether?: string;
  /** Why its model takes tables without its columns, where it does. */
  readonly columnsMayLack?: string;
}

/** The laws of `contracts/transformer.ts` and `contracts/estimator.ts`, and of saved models. Of an estimator, its model is checked too. */
export function* stageSuite(subject: StageSubject): Iterable<Check> {
  yield* estimatorLaws(subject);
  yield* transformerLaws(subject);
  yield* savingLaws(subject);
}

function* estimatorLaws({ stage, table }: StageSubject): Iterable<Check> {
  const applies = 'fit' in stage() ? undefined : notApplicable('it learns nothing');
  yield check(
    'fits the same model from the same table, which has its uid and what it shares of its parameters',
    async () => {
      if (applies !== undefined) return applies;
      const [first, second] = [await fitted(stage()), await fitted(stage())];
      assert.deepEqual(second.savedData(), first.savedData());
      assert.deepEqual(second.savedExtra(), first.savedExtra());
      const estimator = stage();
      const model = await fitted(estimator);
      assert.equal(model.uid, estimator.uid);
      for (const [name, value] of Object.entries(estimator.set)) {
        if (name in model.stageClass.params) assert.deepEqual(Reflect.get(model.set, name), value, name);
      }
      return undefined;
    },
  );
  yield check('changes neither the table that it is fitted on nor itself', async () => {
    if (applies !== undefined) return applies;
    const given = table();
    const estimator = stage();
    const before = [given.toRows(), estimator.savedParams()];
    await fitted(estimator, given);
    assert.deepEqual([given.toRows(), estimator.savedParams()], before);
    return undefined;
  });
  yield check('says before fitting which schema its model gives', async () => {
    if (applies !== undefined) return applies;
    const estimator = stage();
    const foretold = estimator.transformSchema(table().schema);
    const { schema } = await (await fitted(estimator)).transform(table());
    assert.deepEqual(namesAndTypes(schema), namesAndTypes(foretold));
    return undefined;
  });
  yield check('refuses to learn from no rows', async () => {
    if (applies !== undefined) return applies;
    await assert.rejects(async () => fitted(stage(), table().take(new Int32Array())), UsageError);
    return undefined;
  });

  async function fitted(one: PipelineStage, given = table()): Promise<TransformerOf> {
    assert.ok('fit' in one);
    return one.fit(given);
  }
}

function* transformerLaws(subject: StageSubject): Iterable<Check> {
  const { table } = subject;
  yield check('gives tables of the schema that it says', async () => {
    const model = await modelOf(subject);
    const given = table();
    const { schema } = await model.transform(given);
    assert.deepEqual(namesAndTypes(schema), namesAndTypes(model.transformSchema(given.schema)));
  });
  yield check('leaves the table that it is given as it was, and gives the same again', async () => {
    const model = await modelOf(subject);
    const given = table();
    const before = given.toRows();
    const first = (await model.transform(given)).toRows();
    assert.deepEqual(given.toRows(), before);
    assert.deepEqual((await model.transform(given)).toRows(), first);
  });
  yield check('gives each row the same, whatever rows are beside it', async () => {
    if (subject.rowsHangTogether !== undefined) return notApplicable(subject.rowsHangTogether);
    const model = await modelOf(subject);
    const given = table();
    const together = (await model.transform(given)).toRows();
    const alone: unknown[] = [];
    for (let i = 0; i < given.rows; i++) {
      alone.push(...(await model.transform(given.take(Int32Array.of(i)))).toRows());
    }
    assert.deepEqual(alone, together);
    return undefined;
  });
  yield check('gives the same for sparse vectors as for dense ones', async () => {
    const given = table();
    const others = withOtherVectors(given);
    if (others === undefined) return notApplicable('its table has no vectors');
    const model = await modelOf(subject);
    const own = given.schema.names;
    assertNear(comparable(await model.transform(others), own), comparable(await model.transform(given), own));
    return undefined;
  });
  yield check('copied, and the copy copied, transforms as before', async () => {
    const model = await modelOf(subject);
    const copy = model.copy([]).copy([{ parent: 'another', name: 'any', value: 1 }]);
    assert.deepEqual((await copy.transform(table())).toRows(), (await model.transform(table())).toRows());
  });
  yield check('takes a table without rows', async () => {
    const model = await modelOf(subject);
    const given = await model.transform(table().take(new Int32Array()));
    assert.equal(given.rows, 0);
  });
  yield check('refuses a table without its columns, before it sees data', async () => {
    if (subject.columnsMayLack !== undefined) return notApplicable(subject.columnsMayLack);
    const model = await modelOf(subject);
    assert.throws(() => model.transformSchema(new Schema([])), UsageError);
    await assert.rejects(async () => model.transform(Table.of({})), UsageError);
    return undefined;
  });
}

function* savingLaws(subject: StageSubject): Iterable<Check> {
  const { stage, table } = subject;
  yield check('saved and loaded, transforms as before', () =>
    inDirectory(async (directory) => {
      const model = await modelOf(subject);
      await model.save(directory);
      const loaded = await loadStage(directory, model.stageClass);
      assert.equal(loaded.uid, model.uid);
      assert.deepEqual(loaded.savedParams(), model.savedParams());
      assert.deepEqual((await loaded.transform(table())).toRows(), (await model.transform(table())).toRows());
    }),
  );
  yield check('saved and loaded before fitting, has its parameters', () =>
    inDirectory(async (directory) => {
      const before = stage();
      await before.save(directory);
      const loaded = await loadStage(directory);
      assert.deepEqual([loaded.uid, loaded.savedParams()], [before.uid, before.savedParams()]);
    }),
  );
  yield check('refuses a saved model of which a part is missing or changed', () =>
    inDirectory(async (directory) => {
      await (await modelOf(subject)).save(directory);
      const names = await fs.readdir(directory, { recursive: true });
      for (const name of names.filter((each) => /part-[^/]*$/.test(each) && !each.endsWith('.crc'))) {
        const file = path.join(directory, name);
        const whole = await fs.readFile(file);
        for (const harmed of [whole.subarray(0, whole.length / 2), flipped(whole)]) {
          await fs.writeFile(file, harmed);
          await assert.rejects(loadStage(directory), StateError, name);
        }
        await fs.writeFile(file, whole);
      }
      await loadStage(directory);
    }),
  );
}

/** The stage, fitted where it has something to learn. */
async function modelOf({ stage, table }: StageSubject): Promise<TransformerOf> {
  const one = stage();
  return 'fit' in one ? one.fit(table()) : one;
}

async function inDirectory(f: (directory: string) => Promise<void>): Promise<undefined> {
  const parent = await fs.mkdtemp(path.join(os.tmpdir(), 'millrace-stage-'));
  try {
    await f(path.join(parent, 'model'));
  } finally {
    await fs.rm(parent, { recursive: true, force: true });
  }
}

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.length >> 1]! ^= 1;
  return changed;
}

/** The table with its dense vectors sparse, and its sparse ones dense; undefined where it has none. */
function withOtherVectors(table: Table): Table | undefined {
  const changed = table.schema.names.flatMap((name) => {
    const column = table.column(name);
    if (!('matrix' in column)) return [];
    const { matrix } = column;
    return [[name, { ...column, matrix: isSparseRows(matrix) ? toDense(matrix) : toSparse(matrix) }] as const];
  });
  if (changed.length === 0) return undefined;
  return changed.reduce((current, [name, column]) => current.withColumn(name, column), table);
}

/** Row by row what a stage has added, vectors as plain numbers. */
function comparable(table: Table, given: readonly string[]): unknown[][] {
  const plain = (value: unknown) =>
    typeof value === 'object' && value !== null && ('indices' in value || ArrayBuffer.isView(value))
      ? Array.from(toDenseVector(value as Vector))
      : value;
  return table
    .drop(given)
    .toRows()
    .map((row) => Object.values(row).flatMap(plain));
}

function assertNear(got: readonly unknown[][], expected: readonly unknown[][]): void {
  const places = (rows: readonly unknown[][]) =>
    rows.map((row) => row.map((value) => (typeof value === 'number' ? Number(value.toPrecision(9)) + 0 : value)));
  assert.deepEqual(places(got), places(expected));
}

function namesAndTypes({ fields }: Schema): string[] {
  return fields.map(({ name, type }) => `${name}: ${type}`);
}
