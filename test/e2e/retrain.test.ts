import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { silentLog } from 'millrace';
import {
  type Judge,
  LinearRegression,
  loadStage,
  Pipeline,
  PipelineModel,
  RegressionEvaluator,
  type Row,
  retrainEvery,
  scoreWithVersions,
  Table,
  VectorAssembler,
} from 'millrace/pipelines';
import { TestDriver } from 'millrace/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';

const ROWS = 60;

/** A line whose slope changes in the middle of the stream. */
const batches: Row[][] = Array.from({ length: 60 }, (_, batch) =>
  Array.from({ length: ROWS }, (_, i) => {
    const x = Math.sin(batch * ROWS + i);
    return { x, label: (batch < 10 ? 2 : -3) * x };
  }),
);

const pipeline = new Pipeline({
  stages: [new VectorAssembler({ inputCols: ['x'], outputCol: 'features' }), new LinearRegression()],
});

/** Mean squared error, to twelve places: what floating point adds is no difference. */
const evaluator: Judge = {
  evaluate(table) {
    const [labels, predictions] = [table.numbers('label').values, table.numbers('prediction').values];
    const sum = labels.reduce((total, label, i) => total + (label - predictions[i]!) ** 2, 0);
    return Number((sum / table.rows).toFixed(12));
  },
  isLargerBetter: false,
};

it('a model fitted anew on a sliding window takes over where it is better, and only there', async () => {
  const models = path.join(await temporaryDirectory(onTestFinished), 'models');
  const log: string[] = [];
  const driver = new TestDriver({
    log: { ...silentLog, info: (text) => log.push(text), warn: (text) => log.push(text) },
  });
  onTestFinished(() => driver.stop());
  const stream = driver.context.queueStream(batches);
  retrainEvery(stream, 5000, { pipeline, directory: models, window: 5000, evaluator });
  const first = await pipeline.fit(Table.fromRows(batches[0]!));
  await first.save(path.join(models, '1'));
  const scored = driver.collect(scoreWithVersions(stream, models, { checkEvery: 1 }));

  const fitted = () => log.filter((line) => line.includes('held back') || line.includes('fitted anew'));
  for (let batch = 0; batch < batches.length && !(await fs.readdir(models)).includes('2'); batch++) {
    await driver.runBatches(1);
    if ((batch + 1) % 5 === 0) await expect.poll(() => fitted().length, { timeout: 30_000 }).toBe((batch + 1) / 5);
  }
  await driver.runBatches(2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await driver.runBatches(2); // the commit of the first says that the second uses it

  const versions = scored.records.map((rows) => rows[0]!['modelVersion'] as number);
  expect(versions.at(-1)).toBe(2);
  expect(versions).toEqual([...versions].sort()); // never an older one
  expect(scored.records.every((rows) => rows.length === ROWS)).toBe(true);
  expect(log[0]).toMatch(/version 1 stays, at \S+ against \S+ on rows held back$/); // it knew the line already
  const second = await loadStage(path.join(models, '2'), PipelineModel);
  const [row] = (await second.transform(Table.fromRows([{ x: 1, label: 0 }]))).toRows();
  expect(row!['prediction']).toBeCloseTo(-3, 6);
}, 120_000);

describe('what is fitted anew', () => {
  /** A program that fits on the last two seconds every second, and tells what it said and which rows it judged models by. */
  async function program(models: string, checkpoint: string, startMs = 0) {
    const log: string[] = [];
    const judgedBy: number[][] = [];
    const driver = new TestDriver({
      startMs,
      log: { ...silentLog, info: (text) => log.push(text), warn: (text) => log.push(text) },
    });
    driver.context.checkpoint(checkpoint);
    onTestFinished(() => driver.stop());
    const usual = new RegressionEvaluator();
    const judge: Judge = {
      isLargerBetter: usual.isLargerBetter,
      evaluate(table) {
        judgedBy.push([...table.numbers('x').values]);
        return usual.evaluate(table);
      },
    };
    const options = { pipeline, directory: models, window: 2000, evaluator: judge, minRows: 2 * ROWS };
    retrainEvery(driver.context.queueStream(batches.slice(10)), 1000, options);
    const fitted = () => log.filter((line) => line.includes('held back') || line.includes('fitted anew'));
    const step = async () => {
      const before = fitted().length;
      await driver.runBatches(1);
      await expect.poll(() => fitted().length, { timeout: 30_000 }).toBe(before + 1);
    };
    return { driver, log, judgedBy, step };
  }

  it('is judged by rows that were never fitted on, also by a program that starts again', async () => {
    const [models, checkpoint] = [await temporaryDirectory(onTestFinished), await temporaryDirectory(onTestFinished)];
    const first = await program(models, checkpoint);
    await first.driver.runBatches(1); // too few rows
    for (let n = 0; n < 2; n++) await first.step();
    await first.driver.stop();
    const second = await program(models, checkpoint, first.driver.clock.now());
    await second.step();
    const windows = [...new Map([...first.judgedBy, ...second.judgedBy].map((xs) => [xs.join(), xs])).values()];
    expect(windows).toHaveLength(3);
    const rowsOf = (batch: number) => batches[10 + batch]!.map(({ x }) => x as number);
    for (const [i, heldBack] of windows.entries()) {
      expect(heldBack.length).toBeGreaterThan(0.08 * 2 * ROWS);
      expect(heldBack.length).toBeLessThan(0.35 * 2 * ROWS);
      expect([...rowsOf(i), ...rowsOf(i + 1)]).toEqual(expect.arrayContaining(heldBack));
      const shared = new Set(rowsOf(i + 1));
      const inNext = windows[i + 1]?.filter((x) => shared.has(x));
      if (inNext !== undefined) expect(inNext).toEqual(heldBack.filter((x) => shared.has(x)));
    }
  });

  it('is compared with the newest version that can be loaded, and wins over one that can not judge the rows', async () => {
    const [models, checkpoint] = [await temporaryDirectory(onTestFinished), await temporaryDirectory(onTestFinished)];
    await new PipelineModel({
      stages: [new VectorAssembler({ inputCols: ['nowhere'], outputCol: 'prediction' })],
    }).save(path.join(models, '1'));
    await fs.mkdir(path.join(models, '2'));
    const { driver, log, step } = await program(models, checkpoint);
    await driver.runBatches(1);
    await step();
    expect(log).toEqual([
      expect.stringMatching(/version 2 is passed over \(/),
      expect.stringMatching(/version 1 can't be judged \(no column nowhere/),
      expect.stringMatching(/version 3 is fitted, at \S+ against NaN on rows held back$/),
    ]);
  });

  it('says why where it can not be', async () => {
    const models = await temporaryDirectory(onTestFinished);
    const log: string[] = [];
    const driver = new TestDriver({ log: { ...silentLog, warn: (text) => log.push(text) } });
    onTestFinished(() => driver.stop());
    const rows = Array.from({ length: 20 }, () => ({ x: null, label: 1 }));
    const options = { pipeline, directory: models, window: 1000, evaluator, minRows: 1 };
    retrainEvery(driver.context.queueStream<Row>([rows]), 1000, options);
    await driver.runBatches(1);
    await expect
      .poll(() => log, { timeout: 30_000 })
      .toEqual([expect.stringMatching(/can't be fitted anew \(.+\); the old one stays$/)]);
    expect((await fs.readdir(models)).sort()).toEqual(['pipeline']);
  });
});
