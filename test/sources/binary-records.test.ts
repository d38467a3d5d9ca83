import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

async function putBytes(directory: string, name: string, modifiedMs: number, bytes: readonly number[]): Promise<void> {
  await fs.mkdir(directory, { recursive: true });
  const file = path.join(directory, name);
  await fs.writeFile(file, Uint8Array.from(bytes));
  await fs.utimes(file, modifiedMs / 1000, modifiedMs / 1000);
}

test('the files of a directory are cut into records of one length, a partition a file', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.binaryRecordsStream(directory, 3).map((record) => [...record]));
  await putBytes(directory, 'a', 500, [1, 2, 3, 4, 5, 6]);
  await putBytes(directory, 'b', 700, [7, 8, 9]);
  await driver.runBatches(1);
  await driver.stop();
  expect(outputs.batches[0]!.batch.partitions).toEqual([
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [[7, 8, 9]],
  ]);
});

test('a record of another length fails the batch in Spark’s words', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const driver = new TestDriver();
  driver.collect(driver.context.binaryRecordsStream(directory, 4));
  await putBytes(directory, 'a', 500, [1, 2, 3, 4, 5]);
  await expect(driver.runBatches(1)).rejects.toMatchObject({
    name: 'DataError',
    code: 'bad-record',
    message: expect.stringContaining('Byte array does not have correct length. 1 did not equal recordLength: 4'),
  });
});

test('a record of another length is skipped where bad records are', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const driver = new TestDriver({ badRecords: 'skip' });
  const outputs = driver.collect(driver.context.binaryRecordsStream(directory, 2).map((record) => [...record]));
  await putBytes(directory, 'a', 500, [1, 2, 3]);
  await driver.runBatches(1);
  await driver.stop();
  expect(outputs.records).toEqual([[[1, 2]]]);
  expect(driver.progress[0]!.rejectedRecords).toBe(1);
});

test('the directories that a pattern names are watched, also those that appear later', async () => {
  const root = await temporaryDirectory(onTestFinished);
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.textFileStream(path.join(root, 'day-*')));
  await putBytes(path.join(root, 'day-1'), 'a', 500, [...Buffer.from('one\n')]);
  await putBytes(path.join(root, 'other'), 'a', 500, [...Buffer.from('no\n')]);
  await driver.runBatches(1);
  await putBytes(path.join(root, 'day-2'), 'a', 1500, [...Buffer.from('two\n')]);
  await putBytes(path.join(root, 'day-1'), 'b', 1700, [...Buffer.from('three\n')]);
  await driver.runBatches(1);
  await driver.stop();
  expect(outputs.records).toEqual([['one'], ['two', 'three']]);
});

test.each([0, -1, 1.5, Number.NaN])('a record length of %d is refused', (recordLength) => {
  expect(() => new TestDriver().context.binaryRecordsStream('anywhere', recordLength)).toThrow(
    `binaryRecordsStream: expected recordLength ≥ 1 byte, got ${recordLength}`,
  );
});
