import * as assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

let directory: string;

beforeEach(async () => {
  directory = await temporaryDirectory(onTestFinished);
});

/** Saves one batch of these records, in so many partitions, and gives where. */
async function saved(records: readonly unknown[], numPartitions = 1): Promise<string> {
  const driver = new TestDriver();
  driver.context.queueStream([records]).repartition(numPartitions).saveAsObjectFiles(path.join(directory, 'objects'));
  await driver.runBatches(1);
  await driver.stop();
  return path.join(directory, 'objects-1000');
}

/** All that `objectFile` gives, batch by batch. */
async function read(name: string, maxRecordsPerBatch = 1000): Promise<unknown[][]> {
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.objectFile(name, { maxRecordsPerBatch }));
  await driver.runBatches(5);
  return outputs.records.map((records) => [...records]);
}

test('records are read back as they were, to the bit', async () => {
  const records = [
    ['key', 1],
    { nested: [{ minusZero: -0, none: null }, [Number.NaN, true]], text: 'Zeile\n"ä€😀"' },
    Number.NEGATIVE_INFINITY,
    Float64Array.of(-0, 5e-324),
    [undefined, new Date(0), 2n ** 70n],
    '',
  ];
  assert.deepEqual(await read(await saved(records)), [records]);
});

test('files of several partitions are read in the order of their names, held to the limit', async () => {
  const name = await saved(['a', 'b', 'c', 'd', 'e'], 2);
  expect((await fs.readdir(name)).sort()).toEqual(['_SUCCESS', 'part-00000', 'part-00001']);
  const batches = await read(name, 3);
  expect(batches.map((batch) => batch.length)).toEqual([3, 2]);
  expect(batches.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a record that is no plain data fails the batch, and nothing is left behind', async () => {
  await expect(saved([1, new Map()])).rejects.toMatchObject({
    code: 'wrong-type',
    message: expect.stringContaining(
      'object files: expected records of plain data (JSON values, Date, bigint, Float64Array), got',
    ),
  });
  expect(await fs.readdir(directory)).toEqual([]);
});

test('a line that is no JSON is named', async () => {
  await fs.writeFile(path.join(directory, 'file'), '1\nhalf of a {\n');
  await expect(read(path.join(directory, 'file'))).rejects.toMatchObject({
    name: 'DataError',
    code: 'bad-record',
    message: expect.stringContaining('objectFile: expected a line of JSON, got "half of a {"'),
  });
});
