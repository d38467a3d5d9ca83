import { describe, expect, test } from 'vitest';
import { Batch, type Pair } from '../../src/batch/batch.ts';
import type { DStream } from '../../src/dstream/dstream.ts';
import { DataError, MillraceError, TransientError, UsageError } from '../../src/errors.ts';
import { silentLog } from '../../src/host/log.ts';
import type { QueueEntry } from '../../src/sources/queue-source.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { outputsOf } from './outputs-of.ts';

const tooLarge = new RangeError('the number is too large');
function below10(x: number): number {
  if (x >= 10) throw tooLarge;
  return x;
}

/** The error with which such a program ends; batch 0 is good. */
async function failureOf<T>(
  inputs: readonly QueueEntry<T>[],
  program: (stream: DStream<T>) => DStream<unknown> | undefined,
) {
  const driver = new TestDriver();
  const stream = program(driver.context.queueStream(inputs));
  stream?.foreachRDD(() => {});
  await driver.context.start();
  const failure = driver.context.awaitTermination().catch((error: unknown) => error);
  await driver.runBatches(inputs.length).catch(() => {});
  await driver.stop();
  const error = await failure;
  expect(error).toBeInstanceOf(MillraceError);
  return error as MillraceError;
}

describe('under the policy fail', () => {
  test('a bad record ends the context with operator, batch, record and cause', async () => {
    const error = await failureOf([[1], new Batch([[2], [3, 40]])], (stream) => stream.map(below10).id('check'));
    expect(error).toBeInstanceOf(DataError);
    expect(error.code).toBe('bad-record');
    expect(error.message).toBe(
      'the number is too large; the record is 40 [operator check, batch 1, record 1 of partition 1]',
    );
    expect(error.context).toEqual({ operator: 'check', batch: 1, record: '1 of partition 1' });
    expect(error.cause).toBe(tooLarge);
  });

  test('the batch is not written', async () => {
    const driver = new TestDriver();
    const outputs = driver.collect(driver.context.queueStream([[1], [2, 30], [4]]).map(below10));
    await driver.runBatches(1);
    await expect(driver.runBatches(1)).rejects.toThrow('the record is 30');
    expect(outputs.records).toEqual([[1]]);
  });

  test.each([
    ['a lost connection', Object.assign(new Error('no answer'), { code: 'ECONNREFUSED' })],
    ['what one caused', new TypeError('no answer', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })],
    ['a time that ran out', Object.assign(new Error('no answer'), { name: 'TimeoutError' })],
  ])('%s is no fault of the record, nor of the program', async (_, thrown) => {
    const fail = () => {
      throw thrown;
    };
    const programs: readonly ((stream: DStream<number>) => DStream<unknown> | undefined)[] = [
      (stream) => stream.map(fail),
      (stream) => stream.transform(fail),
      (stream) => void stream.foreachRDD(fail),
    ];
    for (const program of programs) {
      const error = await failureOf([[1]], program);
      expect(error).toBeInstanceOf(TransientError);
      expect(error.message).toContain('no answer');
      expect(error.cause).toBe(thrown);
    }
  });

  const pairs = (stream: DStream<number>) => stream.map((x): Pair<string, number> => ['key', x]);
  const operators: [string, string, (stream: DStream<number>) => DStream<unknown>][] = [
    ['filter', 'DataError', (stream) => stream.filter((x) => below10(x) > 0)],
    ['flatMap', 'DataError', (stream) => stream.flatMap((x) => [below10(x)])],
    ['mapValues', 'DataError', (stream) => pairs(stream).mapValues(below10)],
    ['flatMapValues', 'DataError', (stream) => pairs(stream).flatMapValues((x) => [below10(x)])],
    ['mapPartitions', 'UsageError', (stream) => stream.mapPartitions((partition) => partition.map(below10))],
    ['reduce', 'UsageError', (stream) => stream.reduce((a, b) => below10(a) + below10(b))],
    ['reduceByKey', 'UsageError', (stream) => pairs(stream).reduceByKey((a, b) => below10(a) + below10(b))],
    ['combineByKey', 'UsageError', (stream) => pairs(stream).combineByKey(below10, Math.max, Math.max)],
    ['transform', 'UsageError', (stream) => stream.transform((rdd) => rdd.map(below10))],
    ['transformWith', 'UsageError', (stream) => stream.transformWith(stream, (rdd) => rdd.map(below10))],
  ];

  test.each(operators)('%s names itself, and keeps the cause', async (operator, kind, program) => {
    const error = await failureOf([[1], [40, 41]], program);
    expect(error.name).toBe(kind);
    expect(error.context).toMatchObject({ operator: expect.stringMatching(`^${operator}-\\d+$`), batch: 1 });
    expect(error.cause).toBe(tooLarge);
  });

  test('foreachRDD names itself, and keeps the cause', async () => {
    const error = await failureOf([[1], [40]], (stream) => {
      stream.foreachRDD((rdd) => void rdd.map(below10));
      return undefined;
    });
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe('output failed: the number is too large [operator foreachRDD-1, batch 1]');
    expect(error.cause).toBe(tooLarge);
  });

  test('an error of another kind than DataError stays what it is', async () => {
    const offline = new TransientError('unreachable', 'the lookup is offline');
    const error = await failureOf([[1]], (stream) =>
      stream.map(() => {
        throw offline;
      }),
    );
    expect(error).toBeInstanceOf(TransientError);
    expect(error.code).toBe('unreachable');
    expect(error.context).toEqual({ operator: 'map-1', batch: 0 });
  });
});

describe('under the policy skip', () => {
  test('the record is left out and counted, and the first of a batch is a warning', async () => {
    const warnings: string[] = [];
    const driver = new TestDriver({
      badRecords: 'skip',
      log: { ...silentLog, warn: (message) => warnings.push(message) },
    });
    const outputs = driver.collect(driver.context.queueStream([[1, 20, 3, 40], [5], [60]]).map(below10));
    await driver.runBatches(3);
    await driver.stop();
    expect(outputs.records).toEqual([[1, 3], [5], []]);
    expect(driver.progress.map(({ rejectedRecords }) => rejectedRecords)).toEqual([2, 0, 1]);
    expect(warnings).toEqual([
      'skipped a bad record: the number is too large; the record is 20 [operator map-1, batch 0, record 1 of partition 0]',
      'skipped a bad record: the number is too large; the record is 60 [operator map-1, batch 2, record 0 of partition 0]',
    ]);
  });

  test('flatMap that fails half-way leaves nothing of that record', async () => {
    const outputs = await outputsOf(
      [[[1, 2], [3, 40, 5], [6]]],
      (stream) =>
        stream.flatMap(function* (numbers) {
          for (const x of numbers) yield below10(x);
        }),
      { badRecords: 'skip' },
    );
    expect(outputs).toEqual([[1, 2, 6]]);
  });

  test('flatMapValues that fails half-way leaves nothing of that record', async () => {
    const input: Pair<string, number[]>[] = [
      ['a', [1, 20]],
      ['b', [2]],
    ];
    const outputs = await outputsOf(
      [input],
      (stream) =>
        stream.flatMapValues(function* (numbers) {
          for (const x of numbers) yield below10(x);
        }),
      { badRecords: 'skip' },
    );
    expect(outputs).toEqual([[['b', 2]]]);
  });

  test('what is no record’s fault fails the batch all the same', async () => {
    await expect(
      outputsOf([[1, 20]], (stream) => stream.reduce((a, b) => a + below10(b)), { badRecords: 'skip' }),
    ).rejects.toThrow('the number is too large [operator reduce-1, batch 0]');
  });
});
