import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Row } from '../../../src/batch/table.ts';
import { DataError } from '../../../src/errors.ts';
import { silentLog } from '../../../src/host/log.ts';
import { Binarizer, PipelineModel } from '../../../src/pipelines/index.ts';
import { scoreWithVersions, type VersionedScoringOptions } from '../../../src/pipelines/serving/score-with-versions.ts';
import { TestDriver, type TestDriverOptions } from '../../../src/testing/index.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const batches: Row[][] = Array.from({ length: 12 }, (_, batch) => [{ x: batch }, { x: 5 }, { x: batch + 0.5 }]);

/** A model that says which values lie above a threshold. */
function above(threshold: number, outputCol = 'high'): PipelineModel {
  return new PipelineModel({ stages: [new Binarizer({ inputCol: 'x', outputCol, threshold })] });
}

async function saved(directory: string, version: number, model = above(version)): Promise<void> {
  await model.save(path.join(directory, String(version)));
}

interface Settings extends TestDriverOptions, Pick<VersionedScoringOptions, 'sample' | 'accept'> {
  readonly models: string;
  readonly checkpoint?: string;
}

/** A program that scores the batches, one after another; it looks at the directory in every batch. */
function scoring({ models, checkpoint, sample, accept, ...options }: Settings) {
  const log: string[] = [];
  const tell = (text: string) => void log.push(text.replaceAll(models, 'models'));
  const driver = new TestDriver({ log: { ...silentLog, info: tell, warn: tell }, ...options });
  if (checkpoint !== undefined) driver.context.checkpoint(checkpoint);
  const stream = driver.context.queueStream(batches);
  const tried = { ...(sample && { sample }), ...(accept && { accept }) };
  const output = scoreWithVersions(stream, models, { checkEvery: 1, ...tried });
  const scored = driver.collect(output);
  onTestFinished(() => driver.stop());
  const versions = () => scored.records.map((rows) => rows.map((row) => row['modelVersion']));
  return { driver, output, scored, versions, log };
}

/** Runs batches until the look that the last one began has ended. */
async function runUntil(driver: TestDriver, done: () => boolean): Promise<void> {
  for (let n = 0; n < 10; n++) {
    await driver.runBatches(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (done()) return;
  }
  expect.fail('ten batches, and it has not come');
}

describe('a stream scored with a directory of versions', () => {
  it('takes the newest, gives the rows with its columns, and says its version', async () => {
    const models = await temporaryDirectory(onTestFinished);
    for (const version of [1, 2, 10]) await saved(models, version);
    await fs.mkdir(path.join(models, 'notes'));
    const { driver, scored } = scoring({ models });
    await driver.runBatches(1);
    expect(scored.records[0]).toEqual([
      { x: 0, high: 0, modelVersion: 10 },
      { x: 5, high: 0, modelVersion: 10 },
      { x: 0.5, high: 0, modelVersion: 10 },
    ]);
  });

  it('goes over to a newer one between two batches, and every row is scored once', async () => {
    const models = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    const { driver, scored, versions, log } = scoring({ models });
    await driver.runBatches(2);
    await saved(models, 7);
    await runUntil(driver, () => versions().at(-1)![0] === 7);
    expect(log).toEqual(['model models: version 7 takes over']);
    for (const of of versions()) expect(new Set(of).size).toBe(1);
    const all = scored.records.flat();
    expect(all.map(({ x }) => x)).toEqual(
      batches.slice(0, versions().length).flatMap((rows) => rows.map(({ x }) => x)),
    );
    for (const { x, high, modelVersion } of all) expect(high).toBe(Number((x as number) > (modelVersion as number)));
  });

  it.each<[string, (models: string) => Promise<void>, string]>([
    ['can not be read', (models) => fs.mkdir(path.join(models, '2')), 'models/2'],
    ['gives other columns', (models) => saved(models, 2, above(2, 'other')), 'it gives no column high'],
    [
      'takes fewer rows',
      (models) =>
        saved(models, 2, new PipelineModel({ stages: [new Binarizer({ inputCol: 'y', outputCol: 'high' })] })),
      'y',
    ],
  ])('refuses, for good, a version that %s, and keeps the old one', async (_what, add, why) => {
    const models = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    const { driver, versions, log } = scoring({ models });
    await driver.runBatches(1);
    await add(models);
    await runUntil(driver, () => log.length > 0);
    await driver.runBatches(2);
    expect(log).toEqual([expect.stringMatching(/^model models: version 2 is refused \(.*\)$/)]);
    expect(log[0]).toContain(why);
    expect(new Set(versions().flat())).toEqual(new Set([1]));
    await saved(models, 3);
    await runUntil(driver, () => versions().at(-1)![0] === 3);
  });

  it('tries no version before there are rows to try it on', async () => {
    const models = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    await saved(models, 2, above(2, 'other'));
    const log: string[] = [];
    const driver = new TestDriver({ log: { ...silentLog, warn: (text) => void log.push(text) } });
    onTestFinished(() => driver.stop());
    await fs.rename(path.join(models, '2'), path.join(models, 'later'));
    const stream = driver.context.queueStream<Row>([[{ x: 1 }], [], [], [], [{ x: 2 }], [{ x: 3 }], [{ x: 4 }]]);
    const scored = driver.collect(scoreWithVersions(stream, models, { checkEvery: 1 }));
    await driver.runBatches(1);
    await fs.rename(path.join(models, 'later'), path.join(models, '2'));
    for (let n = 0; n < 6; n++) {
      await driver.runBatches(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(scored.records.flat().map((row) => row['modelVersion'])).toEqual([1, 1, 1, 1]);
    expect(log).toEqual([expect.stringContaining('it gives no column high')]);
  });

  it('asks `accept` about the given sample', async () => {
    const models = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    const seen: unknown[] = [];
    const { driver, log } = scoring({
      models,
      sample: [{ x: 1.5 }, { x: 99 }],
      accept: (scored) => {
        seen.push(scored.toRows());
        return false;
      },
    });
    await driver.runBatches(1);
    await saved(models, 2);
    await runUntil(driver, () => log.length > 0);
    expect(seen).toEqual([[{ x: 1.5, high: 0 }, { x: 99, high: 1 }]]); // biome-ignore format: one line
    expect(log[0]).toContain('what it makes of the sample is not accepted');
  });

  it('leaves rows that the model can not take to the bad-record policy', async () => {
    const models = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    const driver = new TestDriver({ badRecords: 'skip' });
    const stream = driver.context.queueStream<Row>([[{ x: 3 }, { x: 'three' }]]);
    const scored = driver.collect(scoreWithVersions(stream, models));
    await driver.runBatches(1);
    await driver.stop();
    expect(scored.records).toEqual([[{ x: 3, high: 1, modelVersion: 1 }]]);
    expect(driver.progress[0]!.rejectedRecords).toBe(1);
  });

  it('without any version is refused, and so is one where all are damaged', async () => {
    const models = await temporaryDirectory(onTestFinished);
    const none = scoring({ models });
    await expect(none.driver.runBatches(1)).rejects.toMatchObject({ code: 'not-found' });
    await fs.mkdir(path.join(models, '4'));
    const damaged = scoring({ models });
    await expect(damaged.driver.runBatches(1)).rejects.toThrow('saved model: expected a directory');
    expect(damaged.log).toEqual([expect.stringContaining('version 4 is refused')]);
  });
});

describe('the version in use', () => {
  it('is committed: a program that starts again never takes an older one', async () => {
    const models = await temporaryDirectory(onTestFinished);
    const checkpoint = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    await saved(models, 3);
    const first = scoring({ models, checkpoint });
    await first.driver.runBatches(2);
    await first.driver.stop();
    await fs.rm(path.join(models, '3'), { recursive: true });
    const older = scoring({ models, checkpoint, startMs: 2000 });
    await expect(older.driver.runBatches(1)).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringContaining('version 3, and there is none from that on (there are: 1)'),
    });
    await saved(models, 4);
    const newer = scoring({ models, checkpoint, startMs: 3000 });
    await newer.driver.start(); // runs the batch that failed
    expect(newer.versions()).toEqual([[4, 4, 4]]);
  });

  it('is the same where a batch is run again after a crash, whatever has come meanwhile', async () => {
    const models = await temporaryDirectory(onTestFinished);
    const checkpoint = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    const first = scoring({ models, checkpoint });
    const seen: number[] = [];
    let failures = 0;
    first.output.foreachRDD((rdd) => {
      seen.push(rdd.first()['modelVersion'] as number);
      if (failures > 0) throw new DataError('bad-record', `failure ${failures--}`);
    });
    await first.driver.runBatches(1);
    await saved(models, 2);
    await runUntil(first.driver, () => first.log.length > 0);
    const batches = seen.length;
    expect(seen.at(-1)).toBe(2); // and the commit before it says so
    await saved(models, 3);
    failures = 1;
    await expect(first.driver.runBatches(2)).rejects.toThrow('failure 1');
    const lost = seen.at(-1);
    await first.driver.stop().catch(() => {});

    await saved(models, 4);
    const second = scoring({ models, checkpoint, startMs: first.driver.clock.now() });
    await second.driver.start(); // runs the batch that was lost
    expect(second.versions()).toEqual([[lost, lost, lost]]);
    expect(lost).toBeLessThan(4);
    await runUntil(second.driver, () => second.versions().at(-1)![0] === 4);
    expect(batches).toBeGreaterThan(1);
  });

  it('is a newer one where the committed one can not be loaded any more', async () => {
    const models = await temporaryDirectory(onTestFinished);
    const checkpoint = await temporaryDirectory(onTestFinished);
    await saved(models, 1);
    const first = scoring({ models, checkpoint });
    await first.driver.runBatches(1);
    await first.driver.stop();
    await fs.rm(path.join(models, '1'), { recursive: true });
    await saved(models, 2);
    const second = scoring({ models, checkpoint, startMs: 1000 });
    await second.driver.runBatches(1);
    expect(second.versions()).toEqual([[2, 2, 2]]);
    expect(second.log[0]).toMatch(/^model models: version 1, which the checkpoint goes on with, can't be loaded \(/);
  });
});
