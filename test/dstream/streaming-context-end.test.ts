import { describe, expect, onTestFinished, test } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { TestDriver } from '../../src/testing/index.ts';

/** A program of one queue of two batches, written to memory. */
function program() {
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.queueStream([[1], [2]]));
  onTestFinished(() => driver.stop());
  return { driver, context: driver.context, outputs };
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

  test('with graceful runs what has been received, without it does not', async () => {
    for (const graceful of [false, true]) {
      const { driver, context, outputs } = program();
      await driver.runBatches(1);
      await context.stop({ graceful });
      expect(outputs.records).toEqual(graceful ? [[1], [2]] : [[1]]);
    }
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
