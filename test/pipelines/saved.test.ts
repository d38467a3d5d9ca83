import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../src/host/log.ts';
import { HashingTF } from '../../src/pipelines/features/hashing-tf.ts';
import { IDFModel } from '../../src/pipelines/features/idf.ts';
import { StandardScaler } from '../../src/pipelines/features/standard-scaler.ts';
import { StringIndexerModel } from '../../src/pipelines/features/string-indexer.ts';
import { Tokenizer } from '../../src/pipelines/features/tokenizer.ts';
import { readTable } from '../../src/pipelines/files/table-file.ts';
import { loadStage } from '../../src/pipelines/load-stage.ts';
import { Pipeline, PipelineModel } from '../../src/pipelines/pipeline.ts';
import { list, string, vector } from '../../src/pipelines/saved/data-types.ts';
import { doubleOfJson, jsonOfDouble, parseJson } from '../../src/pipelines/saved/json-text.ts';
import { fromParquet, toParquet } from '../../src/pipelines/saved/parquet-data.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const scaler = new StandardScaler({ inputCol: 'v', outputCol: 'out' }, 'scaler');

async function directory(): Promise<string> {
  return path.join(await temporaryDirectory(onTestFinished), 'model');
}

/** A saved stage as another version of Spark writes it. */
async function written(metadata: object, data?: Uint8Array, name = 'part-00000'): Promise<string> {
  const at = await directory();
  await fs.mkdir(path.join(at, 'metadata'), { recursive: true });
  await fs.writeFile(path.join(at, 'metadata', name), `${JSON.stringify(metadata)}\n`);
  await fs.writeFile(path.join(at, 'metadata', '_SUCCESS'), '');
  if (data === undefined) return at;
  await fs.mkdir(path.join(at, 'data'));
  await fs.writeFile(path.join(at, 'data', 'part-00000-x.snappy.parquet'), data);
  return at;
}

describe('a saved stage', () => {
  it('lies in a directory as Spark lays it out', async () => {
    const at = await directory();
    await new Pipeline({ stages: [scaler] }, 'all').save(at, { clock: new ManualClock(1234) });
    const metadata = await fs.readFile(path.join(at, 'metadata/part-00000'), 'utf8');
    expect(metadata).toBe(
      '{"class":"org.apache.spark.ml.Pipeline","timestamp":1234,"sparkVersion":"3.5.0","uid":"all",' +
        '"paramMap":{"stageUids":["scaler"]},"defaultParamMap":{}}\n',
    );
    expect(JSON.parse(await fs.readFile(path.join(at, 'stages/0_scaler/metadata/part-00000'), 'utf8'))).toMatchObject({
      paramMap: { inputCol: 'v', outputCol: 'out' },
      defaultParamMap: { outputCol: 'scaler__output', withMean: false, withStd: true },
    });
  });

  it('numbers ten stages with two digits', async () => {
    const at = await directory();
    const stages = Array.from({ length: 10 }, (_, i) => new Tokenizer({ inputCol: 'a', outputCol: `b${i}` }, `t${i}`));
    await new PipelineModel({ stages }).save(at);
    expect((await fs.readdir(path.join(at, 'stages'))).sort()[3]).toBe('03_t3');
    expect((await loadStage(at, PipelineModel)).stages.map(({ uid }) => uid)).toEqual(stages.map(({ uid }) => uid));
  });

  it('is replaced only when asked, and nothing else ever', async () => {
    const at = await directory();
    await scaler.save(at);
    await expect(scaler.save(at)).rejects.toThrow('already exists; ask for overwrite to replace it');
    await scaler.save(at, { overwrite: true });
    await expect(scaler.save(path.dirname(at), { overwrite: true })).rejects.toThrow('holds no saved model');
    expect(await fs.readdir(path.dirname(at))).toEqual(['model']);
    const file = path.join(path.dirname(at), 'notes.txt');
    await fs.writeFile(file, 'mine');
    for (const overwrite of [false, true]) {
      await expect(scaler.save(file, { overwrite })).rejects.toMatchObject({ code: 'io' });
    }
    expect(await fs.readFile(file, 'utf8')).toBe('mine');
  });

  it('is refused by name where it is missing, unknown, another, too new, too old or torn', async () => {
    const basic = { class: 'org.apache.spark.ml.feature.Tokenizer', uid: 't', sparkVersion: '3.5.0', paramMap: {} };
    const load = async (metadata: object) => loadStage(await written(metadata));
    await expect(loadStage(await directory())).rejects.toMatchObject({ code: 'not-found' });
    await expect(load({ ...basic, class: 'com.example.Evil' })).rejects.toThrow('class com.example.Evil is not known');
    await expect(load({ ...basic, sparkVersion: '6.0.0' })).rejects.toMatchObject({ code: 'newer-format' });
    await expect(load({ ...basic, sparkVersion: '1.6.0' })).rejects.toMatchObject({ code: 'unknown-format' });
    await expect(load({ ...basic, uid: '../t' })).rejects.toMatchObject({ code: 'damaged' });
    await expect(load({ class: 3 })).rejects.toMatchObject({ code: 'damaged' });
    await expect(load({ ...basic, paramMap: { inputCol: 7 } })).rejects.toThrow(
      'parameter inputCol: expected a text, got 7',
    );
    await expect(loadStage(await written(basic), PipelineModel)).rejects.toThrow(
      'expected a PipelineModel, got a Tokenizer',
    );
    const empty = await written(basic);
    await fs.rm(path.join(empty, 'metadata'), { recursive: true });
    await expect(loadStage(empty)).rejects.toMatchObject({ code: 'damaged' });
    const pipeline = { ...basic, class: 'org.apache.spark.ml.PipelineModel', paramMap: { stageUids: ['../../x'] } };
    await expect(load(pipeline)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('is refused, as a table is, where its file has a schema with less than no children', async () => {
    // A Gaussian naive Bayes of ours with a piece of its data there twice.
    const file = fileURLToPath(new URL('hostile/less-than-no-children.parquet', import.meta.url));
    await expect(fromParquet(await fs.readFile(file), {}, 'it')).rejects.toMatchObject({ code: 'damaged' });
    await expect(readTable(file)).rejects.toMatchObject({ code: 'bad-record' });
  });

  it('that is replaced again and again while it is read is one of those that were there, whole', async () => {
    const at = await directory();
    const of = (from: number) =>
      new PipelineModel({
        stages: ['a', 'b', 'c'].map(
          (uid, i) => new Tokenizer({ inputCol: `in${from + i}`, outputCol: `out${uid}` }, uid),
        ),
      });
    const models = [of(0), of(10)];
    await models[0]!.save(at);
    let replaced = 0;
    const replacing = (async () => {
      while (replaced < 60) await models[++replaced % 2]!.save(at, { overwrite: true });
    })();
    const known = models.map(({ stages }) => stages.map(({ set }) => set));
    let loaded = 0;
    while (replaced < 60) {
      const { stages } = await loadStage(at, PipelineModel);
      expect(known).toContainEqual(stages.map(({ set }) => set));
      loaded++;
    }
    await replacing;
    expect(loaded).toBeGreaterThan(10);
    expect(await fs.readdir(path.dirname(at))).toEqual(['model']);
  });

  it('that two write at once is of one of them, and the other is told', async () => {
    const at = await directory();
    const of = (from: number) =>
      new PipelineModel({ stages: ['a', 'b', 'c'].map((uid) => new Tokenizer({ inputCol: `in${from}`, outputCol: uid }, uid)) }); // biome-ignore format: one line
    for (let times = 0; times < 20; times++) {
      const saved = await Promise.allSettled([1, 2].map((from) => of(from).save(at, { overwrite: true })));
      const refused = saved.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(refused.map(String)).toEqual([expect.stringContaining('is being written by another program or call')]);
      const { stages } = await loadStage(at, PipelineModel);
      expect(new Set(stages.map(({ set }) => set.inputCol))).toEqual(
        new Set([saved[0]!.status === 'fulfilled' ? 'in1' : 'in2']),
      );
    }
    expect(await fs.readdir(path.dirname(at))).toEqual(['model']);
  });

  it('is the old one after a power cut between the two renames of a replacement, until there is a new one', async () => {
    const at = await directory();
    await scaler.save(at);
    await fs.rename(at, path.join(path.dirname(at), '.model.old'));
    expect(await loadStage(at)).toMatchObject({ uid: 'scaler' });
    await new Tokenizer({ inputCol: 'a', outputCol: 'b' }, 'newer').save(at);
    expect(await loadStage(at)).toMatchObject({ uid: 'newer' });
    expect(await fs.readdir(path.dirname(at))).toEqual(['model']);
  });

  it('warns of parameters that it does not know, and reads the layout of Spark 4', async () => {
    const basic = { class: 'org.apache.spark.ml.feature.Tokenizer', uid: 't', sparkVersion: '4.0.0' };
    const at = await written({ ...basic, paramMap: { inputCol: 'a', fancy: 1 } }, undefined, 'part-00000-1f-c000.txt');
    const warned: string[] = [];
    await loadStage(at, Tokenizer, { log: { ...silentLog, warn: (message) => void warned.push(message) } });
    expect(warned).toEqual([
      `saved model ${at}: parameter fancy of org.apache.spark.ml.feature.Tokenizer is not known`,
    ]);
  });
});

describe('models of Spark 2.4', () => {
  const old = { uid: 'u', sparkVersion: '2.4.4' };

  it('are read: StringIndexer with one list of labels', async () => {
    const metadata = { ...old, class: StringIndexerModel.className, paramMap: { inputCol: 'a', outputCol: 'b' } };
    const labels = toParquet({ columns: { labels: list(string) }, rows: [{ labels: ['b', 'c', 'a'] }] });
    const model = await loadStage(await written(metadata, labels), StringIndexerModel);
    expect(model.labelsArray).toEqual([['b', 'c', 'a']]);
  });

  it('are read: IDF without frequencies', async () => {
    const metadata = { ...old, class: IDFModel.className, paramMap: { inputCol: 'a', outputCol: 'b' } };
    const idf = toParquet({ columns: { idf: vector }, rows: [{ idf: Float64Array.of(0.5, 2) }] });
    const { learned } = await loadStage(await written(metadata, idf), IDFModel);
    expect(learned).toEqual({ idf: Float64Array.of(0.5, 2), docFreq: [0, 0], numDocs: 0 });
  });

  it('are read: HashingTF hashes as then, and is not saved as if it were of today', async () => {
    const metadata = {
      ...old,
      class: HashingTF.className,
      paramMap: { numFeatures: 100, inputCol: 'a', outputCol: 'b' },
    };
    const model = await loadStage(await written(metadata), HashingTF);
    // The hashes of Spark 2, as Apache Spark's HashingTFSuite loads them, mod 100; a length of whole words hashes as today.
    expect(['a', 'b', 'c', 'd', 'test'].map((term) => model.indexOf(term))).toEqual([70, 61, 22, 94, 86]);
    // Apache Spark 3.5.9: spark.mllib's HashingTF, which hashes so to this day.
    const wide = await loadStage(await written({ ...metadata, paramMap: { numFeatures: 2 ** 20 } }), HashingTF);
    const terms = ['', 'a', 'ab', 'abc', 'spark', 'é', '日本', 'hello world'];
    expect(terms.map((term) => wide.indexOf(term))).toEqual([
      1035612, 489554, 464251, 183220, 496801, 983286, 658263, 1036290,
    ]);
    await expect(model.copy([]).save(await directory())).rejects.toThrow('hashes as Spark before 3.0 did');
  });

  it('hash otherwise than those of today', () => {
    // Apache Spark, HashingTFSuite.
    const today = new HashingTF({ numFeatures: 100 });
    expect(['a', 'b', 'c', 'd'].map((term) => today.indexOf(term))).toEqual([67, 65, 68, 90]);
  });
});

describe('the JSON of saved models', () => {
  it('keeps whole numbers of 64 bits, and reads what Python writes', () => {
    const text =
      '{"seed":-7969353092125344463,"n":12,"x":0.1234567890123456,"y":1.0E-6,"s":"1234567890123456789","z":[NaN,-Infinity]}';
    expect(parseJson(text)).toEqual({
      seed: -7969353092125344463n,
      n: 12,
      x: 0.1234567890123456,
      y: 1e-6,
      s: '1234567890123456789',
      z: ['NaN', '-Inf'],
    });
  });

  it.each([0, -0, 1, -2.5, 1e21, 1e-7, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'writes the double %s as Spark reads it',
    (value) => {
      const text = jsonOfDouble(value);
      expect(text).toMatch(/[.e]|^"(NaN|-?Inf)"$/);
      expect(doubleOfJson(parseJson(text))).toBe(value);
    },
  );
});
