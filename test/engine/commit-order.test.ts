import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { ScheduledSource } from './scheduled-source.ts';

describe('a batch with a checkpoint', () => {
  it('is planned, logged, run, written and committed, in this order', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const source = new ScheduledSource([[500, 'a'], [1500, 'b']]); // biome-ignore format: one line
    const driver = new TestDriver();
    driver.context.checkpoint(directory);
    const seen: string[] = [];
    const look = async (step: string) => {
      const { committed, pending } = await readCheckpoint(directory);
      const range = pending && `${pending.ranges['source']!.start} to ${pending.ranges['source']!.end}`;
      seen.push(`${step}: committed ${committed.batch}, pending ${pending?.batch} at ${pending?.time}, ${range}`);
    };
    const records = driver.context.sourceStream(source).transform(async (rdd) => {
      await look('run');
      return rdd;
    });
    records.foreachRDD(() => look('write'));
    await driver.runBatches(1);
    await look('committed');
    await driver.runBatches(1);
    await look('committed');
    await driver.stop();
    expect(seen).toEqual([
      'run: committed -1, pending 0 at 1000, 0 to 1',
      'write: committed -1, pending 0 at 1000, 0 to 1',
      'committed: committed 0, pending undefined at undefined, undefined',
      'run: committed 0, pending 1 at 2000, 1 to 2',
      'write: committed 0, pending 1 at 2000, 1 to 2',
      'committed: committed 1, pending undefined at undefined, undefined',
    ]);
    const perBatch = (time: number, start: number) => [
      `plan ${start} at ${time}`,
      `read ${start} to ${start + 1}`,
      `commit ${start + 1}`,
    ];
    expect(source.calls).toEqual(['open undefined', ...perBatch(1000, 0), ...perBatch(2000, 1), 'close']);
  });

  it('is flushed twice: once for the plan, before it runs, and once for the commit', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const handle = await fs.open(path.join(directory, 'any'), 'w');
    const fileHandle = Object.getPrototypeOf(handle) as fs.FileHandle;
    await handle.close();
    const flushes = [vi.spyOn(fileHandle, 'datasync'), vi.spyOn(fileHandle, 'sync')];
    onTestFinished(() => flushes.forEach((spy) => void spy.mockRestore())); // biome-ignore format: one line
    const count = () => flushes.reduce((sum, spy) => sum + spy.mock.calls.length, 0);

    const driver = new TestDriver();
    driver.context.checkpoint(path.join(directory, 'checkpoint'));
    const atRun: number[] = [];
    const atCommit: number[] = [];
    driver.context.queueStream([['a'], [], ['b']]).foreachRDD(() => void atRun.push(count()));
    driver.context.addStreamingListener({ onBatchCompleted: () => void atCommit.push(count()) });
    await driver.context.start();
    const before = count();
    await driver.runBatches(4);
    await driver.stop();
    expect(atRun).toEqual([1, 3, 5, 7].map((n) => before + n));
    expect(atCommit).toEqual([2, 4, 6, 8].map((n) => before + n));
  });
});
