import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { TransientError } from '../../src/errors.ts';
import { silentLog } from '../../src/host/log.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { TextFilesSink } from '../../src/sinks/text-files-sink.ts';
import { TestDriver, type TestDriverOptions } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { readTextFiles } from '../text-files.ts';

function below10(x: number): number {
  if (x >= 10) throw new RangeError('the number is too large');
  return x;
}

/** Takes numbers below 10, in two partitions, and diverts all others. */
async function diverting(options: TestDriverOptions = {}) {
  const diverted = new MemorySink();
  const driver = new TestDriver({ badRecords: { divert: diverted }, ...options });
  const input = [new Batch([[1, 20], [30]]), [2], [40]];
  const outputs = driver.collect(driver.context.queueStream(input).map(below10).id('check'));
  await driver.runBatches(3);
  await driver.stop();
  return { driver, diverted, outputs };
}

describe('under the policy divert', () => {
  it('a bad record goes to the sink as plain data, with the id and the time of its batch', async () => {
    const { diverted, outputs } = await diverting();
    const rejected = (batch: number, record: number, position: string) => {
      const message = `the number is too large; the record is ${record}`;
      return { operator: 'check', position, record, batch, message };
    };
    expect(diverted.batches.map(({ id, time, batch }) => [id, time, batch.collect()])).toEqual([
      [0, 1000, [rejected(0, 20, '1 of partition 0'), rejected(0, 30, '0 of partition 1')]],
      [2, 3000, [rejected(2, 40, '0 of partition 0')]],
    ]);
    expect(outputs.records).toEqual([[1], [2], []]);
  });

  it('is counted, and the first of a batch is a warning', async () => {
    const warnings: string[] = [];
    const { driver } = await diverting({ log: { ...silentLog, warn: (message) => warnings.push(message) } });
    expect(driver.progress.map(({ rejectedRecords, totals }) => [rejectedRecords, totals.rejected])).toEqual([
      [2, 2],
      [0, 2],
      [1, 3],
    ]);
    expect(warnings).toEqual([
      'diverted a bad record: the number is too large; the record is 20 [operator check, batch 0, record 1 of partition 0]',
      'diverted a bad record: the number is too large; the record is 40 [operator check, batch 2, record 0 of partition 0]',
    ]);
  });

  it('so does what a learner can not take', async () => {
    const diverted = new MemorySink();
    const driver = new TestDriver({ badRecords: { divert: diverted } });
    const points = [
      { label: 1, features: [1] },
      { label: Number.NaN, features: [2] },
    ];
    new StreamingLinearRegressionWithSGD().setInitialWeights([0]).trainOn(driver.context.queueStream([points]));
    await driver.runBatches(1);
    await driver.stop();
    expect(diverted.records).toMatchObject([[{ operator: 'labeled-1', position: '1', record: points[1], batch: 0 }]]);
  });

  it('a batch that is tried again diverts its records once', async () => {
    const diverted = new MemorySink();
    const driver = new TestDriver({ badRecords: { divert: diverted }, maxBatchAttempts: 2, retryDelay: 10 });
    const stream = driver.context.queueStream([[1, 20]]).map(below10);
    let attempts = 0;
    stream
      .transform((rdd) => {
        if (attempts++ === 0) throw new TransientError('unreachable', 'not yet');
        return rdd;
      })
      .foreachRDD(() => {});
    await driver.start();
    const done = driver.runBatches(1);
    await driver.clock.sleeping();
    driver.clock.advance(10);
    await done;
    await driver.stop();
    expect(diverted.records).toMatchObject([[{ record: 20 }]]);
    expect(driver.progress).toMatchObject([{ rejectedRecords: 1, attempts: 2, totals: { rejected: 1 } }]);
  });

  it('a batch that fails diverts nothing that is not diverted again when it is run again', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const run = async (working: boolean) => {
      const divert = new TextFilesSink({ prefix: path.join(directory, 'bad'), suffix: '' });
      const driver = new TestDriver({ badRecords: { divert }, startMs: working ? 1000 : 0 });
      driver.context.checkpoint(path.join(directory, 'checkpoint'));
      const numbers = driver.context.queueStream([[1, 20], [30]]).map(below10);
      numbers.foreachRDD(() => {
        if (!working) throw new Error('disk full');
      });
      if (working) await driver.runBatches(1);
      else await expect(driver.runBatches(1)).rejects.toThrow('disk full');
      await driver.stop();
      return driver;
    };
    await run(false);
    expect(await readTextFiles(directory)).not.toHaveProperty('bad-1000');
    await run(true);
    const files = await readTextFiles(directory);
    expect(files['bad-1000']?.flat()).toEqual([expect.stringContaining('"record":20')]);
    expect(files['bad-2000']?.flat()).toEqual([expect.stringContaining('"record":30')]);
  });

  it('the sink fails the batch as an output does, and is closed with the context', async () => {
    const events: string[] = [];
    const divert = {
      write: async () => {
        throw new Error('disk full');
      },
      close: async () => void events.push('close'),
    };
    const driver = new TestDriver({ badRecords: { divert } });
    const outputs = driver.collect(driver.context.queueStream([[1], [20]]).map(below10));
    await driver.runBatches(1);
    await expect(driver.runBatches(1)).rejects.toThrow('output failed: disk full [operator badRecords, batch 1]');
    expect(events).toEqual(['close']);
    expect(outputs.batches.map(({ id }) => id)).toEqual([0, 1]);
  });
});
