import { expect, it, onTestFinished } from 'vitest';
import { GeneratorSource } from '../../../src/sources/generators/generator-source.ts';
import { generators } from '../../../src/sources/generators/generators.ts';
import { TestDriver } from '../../../src/testing/test-driver.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { rowsOf } from './rows-of.ts';

const sea = generators.sea({ seed: 9 });

it('gives so many rows a batch, in their order, and ends after so many', async () => {
  const driver = new TestDriver();
  const rows = driver.collect(
    driver.context.sourceStream(new GeneratorSource(sea, { maxRecordsPerBatch: 4, rows: 10 })),
  );
  await driver.runBatches(3);
  expect(rows.records.map((batch) => batch.length)).toEqual([4, 4, 2]);
  expect(rows.records.flat()).toEqual(rowsOf(sea, 10));
  await driver.context.awaitTermination();
});

it('gives the same rows for the same range, forwards and backwards', async () => {
  const source = new GeneratorSource(sea);
  const rows = rowsOf(sea, 60);
  for (const [start, end] of [
    [0, 20],
    [20, 40],
    [10, 30],
    [10, 30],
    [50, 60],
  ] as const) {
    expect((await source.read({ start, end })).collect()).toEqual(rows.slice(start, end));
  }
});

it('goes on after a restart where the checkpoint ends', async () => {
  const checkpoint = await temporaryDirectory(onTestFinished);
  const seen: unknown[] = [];
  for (const startMs of [0, 3000]) {
    const driver = new TestDriver({ startMs });
    driver.context.checkpoint(checkpoint);
    const rows = driver.collect(driver.context.sourceStream(new GeneratorSource(sea, { maxRecordsPerBatch: 5 })));
    await driver.runBatches(3);
    await driver.stop();
    seen.push(...rows.records.flat());
  }
  expect(seen).toEqual(rowsOf(sea, 30));
});

it('refuses rows that are no number of rows, limits that contradict each other, and rows that end', async () => {
  for (const rows of [-1, 1.5, Number.NaN]) {
    expect(() => new GeneratorSource(sea, { rows })).toThrow(
      `expected rows to be a whole number of at least 0, got ${rows}`,
    );
  }
  expect(() => new GeneratorSource(sea, { maxRecordsPerBatch: 0 })).toThrow('maxRecordsPerBatch');
  await expect(new GeneratorSource([1, 2]).read({ start: 0, end: 3 })).rejects.toThrow('expected endless rows, got 2');
});
