import { describe, expect, it } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { LabeledPoint, type Vector } from '../../src/batch/vector.ts';
import { StateError, UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { KeyedModels, type KeyedModelsOptions } from '../../src/learners/keyed-models.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { teach } from './teach.ts';

type Row = Pair<string, LabeledPoint>;

const regressor = () => new SGDRegressor({ numFeatures: 2, stepSize: 0.1 });

/** Batches of rows of several keys; each key has a line of its own. */
function batchesOf(keys: readonly string[], batches: number, rows: number): Row[][] {
  const random = seededRandom(3);
  return Array.from({ length: batches }, () =>
    Array.from({ length: rows }, (): Row => {
      const key = Math.floor(keys.length * random.next());
      const features = [nextNormal(random), nextNormal(random)];
      return [keys[key]!, LabeledPoint(key * features[0]! - features[1]!, features)];
    }),
  );
}

async function trained(
  batches: readonly Row[][],
  options: KeyedModelsOptions = {},
): Promise<KeyedModels<string, LabeledPoint>> {
  const driver = new TestDriver();
  const models = new KeyedModels<string, LabeledPoint>(regressor, options);
  models.trainOn(driver.context.queueStream(batches));
  await driver.runBatches(batches.length);
  await driver.stop();
  return models;
}

const row = (key: string): Row => [key, LabeledPoint(1, [1, 0])];

describe('KeyedModels', () => {
  it('lets each model learn what it would have learned alone', async () => {
    const batches = batchesOf(['a', 'b', 'c'], 4, 30);
    const models = await trained(batches);
    expect(models.size).toBe(3);
    for (const key of ['a', 'b', 'c']) {
      const alone = regressor();
      for (const batch of batches)
        teach(
          alone,
          batch.flatMap(([each, point]) => (each === key ? [point] : [])),
        );
      expect(models.latestModel(key)!.snapshot()).toEqual(alone.snapshot());
    }
    expect(models.latestModel('d')).toBeUndefined();
  });

  it('takes equal keys for one, whatever they are made of, and learners that need no labels', async () => {
    const driver = new TestDriver();
    const models = new KeyedModels<readonly (string | number)[], Vector>(() =>
      new StreamingKMeans({ k: 1 }).setInitialCenters([[0]], [0]),
    );
    models.trainOn(
      driver.context.queueStream<Pair<readonly (string | number)[], Vector>>([
        [
          [['x', 1], [2]],
          [['x', 1], [4]],
          [['x', 2], [8]],
        ],
      ]),
    );
    await driver.runBatches(1);
    expect(models.size).toBe(2);
    expect(models.latestModel(['x', 1])!.learnedValues()).toEqual(Float64Array.of(3));
    await driver.stop();
  });

  it('predicts in the order of the records, a key without a model by a new one', async () => {
    const batches = batchesOf(['a', 'b'], 3, 30);
    const driver = new TestDriver();
    const models = new KeyedModels<string, LabeledPoint>(regressor);
    models.trainOn(driver.context.queueStream(batches));
    const asked: Pair<string, number[]>[] = [
      ['b', [1, 2]],
      ['new', [1, 1]],
      ['a', [1, 2]],
      ['b', [3, 4]],
    ];
    const given = driver.collect(models.predictOnValues(driver.context.queueStream([[], [], asked])));
    await driver.runBatches(3);
    const alone = (key: string, features: number[]) =>
      (models.latestModel(key) ?? regressor()).predict({
        rows: 1,
        columns: features.map((x) => Float64Array.of(x)),
      })[0];
    expect(given.records[2]).toEqual(asked.map(([key, features]) => [key, alone(key, features)]));
    await driver.stop();
  });

  it('says on request which version of its key’s model made a prediction', async () => {
    const driver = new TestDriver();
    const models = new KeyedModels<string, LabeledPoint>(regressor);
    const asked = (...keys: string[]) => keys.map((key): Pair<string, number[]> => [key, [1, 0]]);
    models.trainOn(driver.context.queueStream([[row('a')], [row('a'), row('b')]]));
    const stream = driver.context.queueStream([asked('a'), asked('b', 'new', 'a')]);
    const given = driver.collect(models.predictOnValuesWithVersion(stream));
    await driver.runBatches(2);
    await driver.stop();
    const versions = given.records.map((pairs) => pairs.map(([key, { version }]) => [key, version]));
    expect(versions).toEqual([
      [['a', 1]],
      [
        ['b', 1],
        ['new', 0],
        ['a', 2],
      ],
    ]);
    const ofA = models.latestModel('a')!.predict({ rows: 1, columns: [Float64Array.of(1), Float64Array.of(0)] })[0];
    expect(given.records[1]![2]).toEqual(['a', { prediction: ofA, version: 2 }]);
  });

  it('drops those that have not learned for longest when there are too many', async () => {
    const models = await trained([[row('a'), row('b')], [row('c'), row('a')], [row('d')]], { maxModels: 3 });
    expect(['a', 'b', 'c', 'd'].filter((key) => models.latestModel(key) !== undefined)).toEqual(['a', 'c', 'd']);
    expect(models.metrics()).toMatchObject({ models: 3, dropped: 1 });
  });

  it('drops them when they take too much, and keeps one whatever it takes', async () => {
    const one = (await trained([[row('a')]])).metrics()['bytes']!;
    const two = await trained([[row('a'), row('b'), row('c')]], { maxBytes: 2 * one });
    expect(two.metrics()).toMatchObject({ models: 2, bytes: 2 * one, dropped: 1 });
    expect(two.latestModel('a')).toBeUndefined();
    const last = await trained([[row('a'), row('b'), row('c')]], { maxBytes: 1 });
    expect([last.size, last.latestModel('c')?.version]).toEqual([1, 1]);
  });

  it('commits the models that a batch changed, and those that it dropped', async () => {
    const models = new KeyedModels<string, LabeledPoint>(regressor, { maxModels: 2 });
    const other = new KeyedModels<string, LabeledPoint>(regressor, { maxModels: 2 });
    const driver = new TestDriver();
    models.trainOn(driver.context.queueStream([[row('a'), row('b')], [row('b')], [row('c')]]));
    await driver.context.start();
    other.restore(models.snapshot());
    const keep = models.keepChanges.bind(models);
    const changed: string[][] = [];
    models.keepChanges = () => {
      const changes = snapshotFromText(snapshotToText(models.changes() ?? {})) as SnapshotRecord;
      const { set = [], removed = [] } = changes as { set?: [string][]; removed?: string[] };
      changed.push([...set.map(([key]) => `+${key}`), ...removed.map((key) => `-${key}`)]);
      if ('set' in changes) other.applyChanges(changes);
      other.keepChanges();
      keep();
    };
    await driver.runBatches(3);
    expect(changed.filter(({ length }) => length > 0)).toEqual([['+a', '+b'], ['+b'], ['+c', '-a']]);
    expect(other.snapshot()).toEqual(models.snapshot());
    expect(other.metrics()['bytes']).toBe(models.metrics()['bytes']);
    await driver.stop();
  });

  it('tells the mean loss of the rows, whatever their keys', async () => {
    const rows: Row[] = [row('a'), row('a'), row('a'), ['b', LabeledPoint(5, [0, 0])]];
    const alone = regressor();
    const ofA = teach(alone, [row('a')[1], row('a')[1], row('a')[1]])!;
    expect((await trained([rows])).metrics()['loss']).toBe((3 * ofA + 25) / 4);
  });

  it('is as before after a batch that one of its models refuses, and says which', async () => {
    const models = await trained([[row('a'), row('b')]]);
    const before = models.snapshot();
    const driver = new TestDriver();
    const huge: Row = ['b', LabeledPoint(1e300, [1e300, 1e300])];
    models.trainOn(driver.context.queueStream([[row('c'), huge, huge]]));
    await expect(driver.runBatches(1)).rejects.toThrow(
      /^SGDRegressor: .* \[key b\] \[operator KeyedModels-\d, batch 0\]$/,
    );
    expect(models.snapshot()).toEqual(before);
    expect(models.metrics()['bytes']).toBe((await trained([[row('a'), row('b')]])).metrics()['bytes']);
    await driver.stop().catch(() => {});
  });

  it('leaves out a bad record, and says where it stood', async () => {
    const driver = new TestDriver({ badRecords: 'skip' });
    const models = new KeyedModels<string, LabeledPoint>(regressor);
    models.trainOn(driver.context.queueStream<Row>([[row('a'), ['b', LabeledPoint(Number.NaN, [1, 1])], row('a')]]));
    await driver.runBatches(1);
    expect([models.size, driver.progress[0]!.rejectedRecords]).toEqual([1, 1]);
    await driver.stop();
    const asked = new TestDriver({ badRecords: 'skip' });
    const pairs: Pair<string, number[]>[] = [
      ['a', [1, 0]],
      ['a', [Number.NaN, 1]],
      ['new', [1, 1]],
      ['a', [0, 1]],
    ];
    const given = asked.collect(models.predictOnValues(asked.context.queueStream([pairs])));
    await asked.runBatches(1);
    const [first, second] = models.latestModel('a')!.predict({ rows: 2, columns: [Float64Array.of(1, 0), Float64Array.of(0, 1)] }); // biome-ignore format: one line
    expect(given.records).toEqual([
      [
        ['a', first],
        ['new', 0],
        ['a', second],
      ],
    ]);
    await asked.stop();
  });

  it('refuses a snapshot of other models by key, and stays as it was', async () => {
    const models = await trained([[row('a')]]);
    const before = models.snapshot();
    const wide = new KeyedModels<string, LabeledPoint>(() => new SGDRegressor({ numFeatures: 3 }));
    const driver = new TestDriver();
    wide.trainOn(driver.context.queueStream<Row>([[['a', LabeledPoint(1, [1, 2, 3])]]]));
    await driver.runBatches(1);
    await driver.stop();
    expect(() => models.restore(wide.snapshot())).toThrow(StateError);
    expect(() => models.restore(wide.snapshot())).toThrow(/\[key a\]/);
    expect(models.snapshot()).toEqual(before);
  });

  it.each([{ maxModels: 0 }, { maxModels: 1.5 }, { maxBytes: 0 }])('refuses %j', (options) => {
    expect(() => new KeyedModels(regressor, options)).toThrow(UsageError);
  });
});
