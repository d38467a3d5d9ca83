import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import type { TextFileOptions } from '../../src/sources/text-file-source.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** What the context makes of a file, batch by batch, until it stops by itself. */
async function batchesOf(text: string, options: TextFileOptions) {
  const file = path.join(await temporaryDirectory(onTestFinished), 'file');
  await fs.writeFile(file, text);
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.textFile(file, options));
  while (driver.context.getState() !== 'STOPPED') await driver.runBatches(1);
  return outputs.records;
}

test('a file is a stream that ends', async () => {
  expect(await batchesOf('a\nb\r\nc', {})).toEqual([['a', 'b', 'c']]);
});

test('so many lines a batch, without those at the top', async () => {
  expect(await batchesOf('header\na\nb\nc\n', { skipLines: 1, maxRecordsPerBatch: 2 })).toEqual([['a', 'b'], ['c']]);
});

test('a file with nothing in it, or nothing but a header, ends at once', async () => {
  expect(await batchesOf('', {})).toEqual([]);
  expect(await batchesOf('header\n', { skipLines: 1 })).toEqual([]);
  expect(await batchesOf('header\n', { skipLines: 5 })).toEqual([]);
});

test('a file that is not there is refused at the start', async () => {
  const driver = new TestDriver();
  driver.collect(driver.context.textFile('/no/such/file'));
  await expect(driver.context.start()).rejects.toThrow(/^textFile: can't read \/no\/such\/file \(ENOENT/);
});

test.each<[TextFileOptions, string]>([
  [{ skipLines: -1 }, 'textFile: expected a whole number of skipLines, got -1'],
  [{ skipLines: 0.5 }, 'textFile: expected a whole number of skipLines, got 0.5'],
  [{ skipLines: Number.NaN }, 'textFile: expected a whole number of skipLines, got NaN'],
  [{ maxRecordsPerBatch: 0 }, 'textFile: expected whole numbers, 1 ≤ minRecordsPerBatch'],
  [{ maxRecordsPerBatch: 1.5 }, '≤ maxRecordsPerBatch, got 1 and 1.5'],
])('%j is refused', (options, message) => {
  const use = () => new TestDriver().context.textFile('file', options);
  expect(use).toThrow(UsageError);
  expect(use).toThrow(message);
});
