import { describe, expect, onTestFinished, test } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { silentLog } from '../../src/host/log.ts';
import { TestDriver, type TestDriverOptions } from '../../src/testing/index.ts';
import { to } from './outputs-of.ts';

/** A program of one queue of two batches, written to memory. */
function program() {
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.queueStream([[1], [2]]));
  onTestFinished(() => driver.stop());
  return { driver, context: driver.context, outputs };
}

/** A program whose receiver has so many numbers, and gives one a batch. */
function receiving(count: number, options: TestDriverOptions = {}) {
  const driver = new TestDriver(options);
  const events: string[] = [];
  const stream = driver.context.sourceStream<number>({
    replayable: false,
    open: async (from) => from ?? 0,
    plan: async (start) => Math.min((start as number) + 1, count),
    read: async ({ start, end }) => Batch.of(to(start as number, (end as number) - 1)),
    commit: async () => {},
    endedAt: () => false,
    stopReceiving: async () => void events.push('receives no more'),
    close: async () => void events.push('closed'),
  });
  return { driver, stream, outputs: driver.collect(stream), events };
}

describe('awaiting the end', () => {
  test('awaitTermination before start resolves when the context was started and stopped', async () => {
    const { driver, context } = program();
    const events: string[] = [];
    const waiting = context.awaitTermination().then(() => events.push('terminated'));
    await driver.runBatches(2);
    events.push('two batches');
    await context.stop();
    await waiting;
    expect(events).toEqual(['two batches', 'terminated']);
  });

  test('awaitTermination resolves when a context that never started is stopped', async () => {
    const { context } = program();
    const waiting = context.awaitTermination();
    await context.stop();
    await waiting;
    expect(context.getState()).toBe('STOPPED');
  });

  test('awaitTerminationOrTimeout is false when the time is over, true when the context is', async () => {
    const { driver, context } = program();
    const beforeStart = context.awaitTerminationOrTimeout('1 second');
    driver.clock.advance(1000);
    expect(await beforeStart).toBe(false);

    await context.start();
    const whileActive = context.awaitTerminationOrTimeout(10);
    driver.clock.advance(10);
    expect(await whileActive).toBe(false);

    const untilStop = context.awaitTerminationOrTimeout('1 hour');
    await context.stop();
    expect(await untilStop).toBe(true);
    expect(await context.awaitTerminationOrTimeout(1)).toBe(true);
  });

  test('awaitTerminationOrTimeout of 0 answers at once', async () => {
    const { context } = program();
    expect(await context.awaitTerminationOrTimeout(0)).toBe(false);
    await context.start();
    expect(await context.awaitTerminationOrTimeout(0)).toBe(false);
    await context.stop();
    expect(await context.awaitTerminationOrTimeout(0)).toBe(true);
  });

  test('awaitTerminationOrTimeout rejects with the error of a batch', async () => {
    const { driver, context } = program();
    context.queueStream([[1]]).foreachRDD(() => {
      throw new Error('no room');
    });
    const waiting = expect(context.awaitTerminationOrTimeout('1 hour')).rejects.toThrow('no room');
    await expect(driver.runBatches(1)).rejects.toThrow('no room');
    await waiting;
  });

  test('a context whose sources have ended stops by itself', async () => {
    const driver = new TestDriver();
    const outputs = driver.collect(driver.context.queueStream([[1], [2]], { endsWhenEmpty: true }));
    await driver.runBatches(2);
    await driver.context.awaitTermination();
    expect(driver.context.getState()).toBe('STOPPED');
    expect(outputs.records).toEqual([[1], [2]]);
  });
});

describe('stop', () => {
  test('is the same once, twice, and at the same time', async () => {
    const { driver, context } = program();
    await driver.runBatches(1);
    await Promise.all([context.stop(), context.stop()]);
    await context.stop();
    expect(context.getState()).toBe('STOPPED');
  });

  test('while the context is starting ends it, and closes what was opened', async () => {
    const { context } = program();
    const events: string[] = [];
    context.sourceStream({
      replayable: true,
      open: async () => events.push('open'),
      plan: async (start) => start,
      read: async () => Batch.empty(),
      commit: async () => {},
      endedAt: () => false,
      close: async () => void events.push('close'),
    });
    const starting = context.start();
    await context.stop();
    await starting;
    expect(events).toEqual(['open', 'close']);
    expect(context.getState()).toBe('STOPPED');
  });

  test('after an error ends STOPPED', async () => {
    const driver = new TestDriver();
    driver.context.queueStream([[1]]).foreachRDD(() => Promise.reject(new Error('no room')));
    await expect(driver.runBatches(1)).rejects.toThrow('no room');
    await driver.stop();
    expect(driver.context.getState()).toBe('STOPPED');
    await expect(driver.context.awaitTermination()).rejects.toThrow('no room');
  });

  test('with graceful runs one last batch, without it none', async () => {
    for (const graceful of [false, true]) {
      const driver = new TestDriver();
      const outputs = driver.collect(driver.context.queueStream([[1], [2], [3]]));
      await driver.runBatches(1);
      await driver.context.stop({ graceful });
      expect(outputs.records).toEqual(graceful ? [[1], [2]] : [[1]]);
    }
  });

  test('with graceful receives nothing more, and runs all that was received', async () => {
    const { driver, outputs, events } = receiving(5);
    await driver.runBatches(1);
    await driver.context.stop({ graceful: true });
    expect(events).toEqual(['receives no more', 'closed']);
    expect(outputs.records).toEqual([[0], [1], [2], [3], [4]]);
  });

  test('with graceful begins no batch when gracefulStopTimeout is over', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
    const { driver, stream, outputs } = receiving(9, { gracefulStopTimeout: '3 seconds', log });
    stream.foreachRDD(() => driver.clock.advance(1000));
    await driver.runBatches(1);
    await driver.context.stop({ graceful: true });
    expect(outputs.records).toEqual([[0], [1], [2], [3]]);
    expect(warnings).toEqual(['graceful stop: after 3000 ms there is still more that was received']);
  });

  test('with graceful goes on for ten batch durations, unless told otherwise', async () => {
    const { driver, stream, outputs } = receiving(30);
    stream.foreachRDD(() => driver.clock.advance(999));
    await driver.runBatches(1);
    await driver.context.stop({ graceful: true });
    // After 10 × 999 ms there is still time for one more.
    expect(outputs.records).toHaveLength(1 + 11);
  });

  test('in a listener, awaited there, lets the context end', async () => {
    const { driver, context, outputs } = program();
    context.addStreamingListener({ onBatchCompleted: () => context.stop() });
    await driver.runBatches(1);
    await context.awaitTermination();
    expect(context.getState()).toBe('STOPPED');
    expect(outputs.records).toEqual([[1]]);
  });

  test('in foreachRDD, awaited there, lets that batch and the context end', async () => {
    const driver = new TestDriver();
    const stream = driver.context.queueStream([[1], [2]]);
    stream.foreachRDD(() => driver.context.stop());
    const outputs = driver.collect(stream);
    await driver.runBatches(1);
    await driver.context.awaitTermination();
    expect(outputs.records).toEqual([[1]]);
  });
});
