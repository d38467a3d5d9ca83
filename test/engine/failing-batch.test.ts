import { describe, expect, it, onTestFinished } from 'vitest';
import { Batch, type Pair } from '../../src/batch/batch.ts';
import type { Source } from '../../src/contracts/source.ts';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { DataError, TransientError } from '../../src/errors.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { WordCounter } from '../flows/word-count/word-counter.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { ScheduledSource } from './scheduled-source.ts';

const arrivals = [
  [500, 'mill'],
  [1500, 'wheel'],
  [1600, 'bad'],
] as const;

describe('a batch that fails', () => {
  it('leaves state and checkpoint as they were committed, names its place, and stops the context', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const driver = new TestDriver();
    driver.context.checkpoint(directory);
    const counter = new WordCounter();
    const source = new ScheduledSource(arrivals);
    const words = driver.context.sourceStream<string>(source);
    const during: number[] = [];
    words
      .map((word): Pair<string, number> => [word, 1])
      .updateFromBatches('WordCounter', counter, (batch) => {
        counter.add(batch.collect());
        during.push(counter.total('wheel'));
      });
    const checked = words.map((word) => {
      if (word === 'bad') throw new Error('not a word');
      return word;
    });
    const outputs = driver.collect(checked.id('check'));
    await driver.runBatches(1);
    const committed = counter.snapshot();

    await expect(driver.runBatches(1)).rejects.toMatchObject({
      name: 'DataError',
      code: 'bad-record',
      message: 'not a word; the record is "bad" [operator check, batch 1, record 1 of partition 0]',
      context: { operator: 'check', batch: 1, record: '1 of partition 0' },
    });
    expect(during).toEqual([0, 1]);
    expect(counter.snapshot()).toEqual(committed);
    expect(outputs.records).toEqual([['mill']]);
    expect(driver.context.getState()).toBe('STOPPED');
    expect(driver.progress).toHaveLength(1);
    expect(source.calls).toContain('close');
    const found = await readCheckpoint(directory);
    expect(found.committed).toMatchObject({ batch: 0, states: { WordCounter: committed } });
    expect(found.pending).toMatchObject({ batch: 1, time: 2000 });
  });

  it('leaves state as it was committed also when the first one fails, or an output', async () => {
    for (const failing of ['mill', 'wheel']) {
      const driver = new TestDriver();
      const counter = new WordCounter();
      const words = driver.context.sourceStream(new ScheduledSource(arrivals));
      words.updateFromBatches('WordCounter', counter, (batch) => {
        counter.add(batch.collect().map((word) => [word, 1]));
      });
      words.foreachRDD((rdd) => {
        if (rdd.first() === failing) throw new Error('disk full');
      });
      await expect(driver.runBatches(2)).rejects.toThrow('output failed: disk full [operator foreachRDD-2, batch');
      const totals = ['mill', 'wheel'].map((word) => counter.total(word));
      expect(totals).toEqual(failing === 'mill' ? [0, 0] : [1, 0]);
    }
  });

  it('names the output also for an error of our kinds', async () => {
    for (const error of [new DataError('bad-record', 'no'), new TransientError('io', 'no')]) {
      const driver = new TestDriver();
      driver.context.queueStream([['a']]).foreachRDD(() => {
        throw error;
      });
      await expect(driver.runBatches(1)).rejects.toMatchObject({
        name: error.name,
        code: error.code,
        message: 'no [operator foreachRDD-1, batch 0]',
        context: { operator: 'foreachRDD-1', batch: 0 },
      });
    }
  });

  it.each(['plan', 'read', 'commit'] as const)('names the source whose %s fails', async (step) => {
    const broken: Source<string> = new ScheduledSource(arrivals);
    broken[step] = async () => {
      throw new Error('cable cut');
    };
    const driver = new TestDriver();
    driver.context.sourceStream(broken, { id: 'feed' }).foreachRDD(() => {});
    await expect(driver.runBatches(1)).rejects.toMatchObject({
      message: expect.stringMatching(/cable cut \[source feed, batch 0\]$/),
      context: { source: 'feed', batch: 0 },
    });
  });

  it('does not end the batches where it only skips records', async () => {
    const driver = new TestDriver({ badRecords: 'skip' });
    const outputs = driver.collect(
      driver.context.queueStream([new Batch([['1', 'x'], ['2']]), ['y'], ['3']]).map((text) => {
        if (Number.isNaN(Number(text))) throw new DataError('bad-record', 'not a number');
        return Number(text);
      }),
    );
    await driver.runBatches(3);
    await driver.stop();
    expect(outputs.records).toEqual([[1, 2], [], [3]]);
    expect(driver.progress.map(({ rejectedRecords, totals }) => [rejectedRecords, totals.rejected])).toEqual([
      [1, 1],
      [1, 2],
      [0, 2],
    ]);
  });
});
