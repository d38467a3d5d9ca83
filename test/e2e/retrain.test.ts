import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { silentLog } from 'millrace';
import {
  type Judge,
  LinearRegression,
  loadStage,
  Pipeline,
  PipelineModel,
  type Row,
  retrainEvery,
  scoreWithVersions,
  Table,
  VectorAssembler,
} from 'millrace/pipelines';
import { TestDriver } from 'millrace/testing';
import { expect, it, onTestFinished } from 'vitest';
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
  isLargerBetter: () => false,
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
  await driver.runBatches(1);

  const versions = scored.records.map((rows) => rows[0]!['modelVersion'] as number);
  expect(versions.at(-1)).toBe(2);
  expect(versions).toEqual([...versions].sort()); // never an older one
  expect(scored.records.every((rows) => rows.length === ROWS)).toBe(true);
  expect(log[0]).toMatch(/version 1 stays, at \S+ against \S+ on rows held back$/); // it knew the line already
  const second = await loadStage(path.join(models, '2'), PipelineModel);
  const [row] = (await second.transform(Table.fromRows([{ x: 1, label: 0 }]))).toRows();
  expect(row!['prediction']).toBeCloseTo(-3, 6);
}, 120_000);
