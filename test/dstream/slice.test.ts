import { describe, expect, it, onTestFinished, test } from 'vitest';
import type { DStream } from '../../src/dstream/dstream.ts';
import { silentLog } from '../../src/host/log.ts';
import { TestDriver } from '../../src/testing/index.ts';

/** The program of Spark's "slice" test: a second a batch, with 1, 2, 3 and 4. */
function program(remember = '1 minute') {
  const warnings: string[] = [];
  const driver = new TestDriver({ log: { ...silentLog, warn: (text) => void warnings.push(text) } });
  if (remember !== 'nothing') driver.context.remember(remember);
  const stream = driver.context.queueStream([[1], [2], [3], [4]]);
  stream.foreachRDD(() => {});
  onTestFinished(() => driver.stop());
  return { driver, stream, warnings };
}

function recordsIn<T>(stream: DStream<T>, from: number, to: number): readonly T[] {
  return stream.slice(from, to).flatMap((rdd) => rdd.collect());
}

describe('slice', () => {
  it('gives the batches of both ends and between: the values of BasicOperationsSuite', async () => {
    const { driver, stream } = program();
    await driver.runBatches(4);
    expect(recordsIn(stream, 0, 1000)).toEqual([1]);
    expect(recordsIn(stream, 0, 2000)).toEqual([1, 2]);
    expect(recordsIn(stream, 1000, 2000)).toEqual([1, 2]);
    expect(recordsIn(stream, 2000, 4000)).toEqual([2, 3, 4]);
    expect(recordsIn(stream, 5000, 9000)).toEqual([]);
  });

  it('puts an end that is no batch time back to the one before, with a warning', async () => {
    const { driver, stream, warnings } = program();
    await driver.runBatches(4);
    expect(recordsIn(stream, 1500, 2999)).toEqual([1, 2]);
    expect(warnings).toEqual([
      'fromTime (1500 ms) is not a multiple of slideDuration (1000 ms)',
      'toTime (2999 ms) is not a multiple of slideDuration (1000 ms)',
    ]);
  });

  it('reaches as far back as was asked for', async () => {
    const { driver, stream } = program('2 seconds');
    await driver.runBatches(4);
    expect(recordsIn(stream, 0, 4000)).toEqual([3, 4]);
  });

  it('holds a windowed stream at its own times', async () => {
    const { driver, stream } = program();
    const windowed = stream.window('2 seconds', '2 seconds');
    windowed.foreachRDD(() => {});
    await driver.runBatches(4);
    expect(windowed.slice(0, 4000).map((rdd) => rdd.collect())).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('puts ends back to the times of the stream, which count from one batch duration before the first', async () => {
    const driver = new TestDriver({ startMs: 1000 });
    driver.context.remember('1 minute');
    const windowed = driver.context.queueStream([[1], [2], [3], [4]]).window(2000, 2000);
    windowed.foreachRDD(() => {});
    await driver.runBatches(4);
    await driver.stop();
    // Windows end at 3000 and at 5000.
    expect(recordsIn(windowed, 3000, 4999)).toEqual([1, 2]);
    expect(recordsIn(windowed, 4999, 5000)).toEqual([1, 2, 3, 4]);
  });

  it('holds a batch that was tried again once', async () => {
    const driver = new TestDriver({ maxBatchAttempts: 2, retryDelay: 1 });
    driver.context.remember('1 minute');
    const stream = driver.context.queueStream([[1]]);
    let tries = 0;
    stream.foreachRDD(() => {
      if (tries++ === 0) throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    });
    await driver.start();
    const done = driver.runBatches(1);
    await driver.clock.sleeping();
    driver.clock.advance(1);
    await done;
    await driver.stop();
    expect(recordsIn(stream, 0, 9000)).toEqual([1]);
  });

  it('is refused before the start, and where nothing is remembered', async () => {
    const { stream } = program();
    expect(() => stream.slice(0, 1000)).toThrow('queue has not been initialized');
    const forgetful = program('nothing');
    await forgetful.driver.runBatches(1);
    expect(() => forgetful.stream.slice(0, 1000)).toThrow(
      'slice: nothing is remembered; call remember(duration) before the start',
    );
  });
});

describe('remember', () => {
  it('can be said once, before the start', async () => {
    const { driver } = program('3 seconds');
    expect(() => driver.context.remember(1)).toThrow('Remember duration already set as 3000 ms. Cannot set it again.');
    await driver.start();
    expect(() => driver.context.remember(1)).toThrow('after starting a context is not supported');
  });
});

test.each([0, -1, 'soon'])('durations of %j are refused', (duration) => {
  const { driver, stream } = program('nothing');
  expect(() => driver.context.remember(duration)).toThrow('remember: expected a duration of at least 1 ms');
  expect(() => stream.checkpoint(duration)).toThrow('checkpoint: expected a duration of at least 1 ms');
});

describe('persist and cache', () => {
  it('change nothing, and are refused after the start', async () => {
    const { driver, stream } = program();
    expect(stream.persist().cache()).toBe(stream);
    await driver.start();
    const refusal = 'Cannot change storage level of a DStream after streaming context has started';
    expect(() => stream.persist()).toThrow(refusal);
    expect(() => stream.cache()).toThrow(refusal);
  });
});

describe('checkpoint', () => {
  it('takes a multiple of the slide duration, changes nothing, and is refused after the start', async () => {
    const { driver, stream } = program();
    expect(stream.checkpoint('10 seconds')).toBe(stream);
    expect(stream.window(4000, 2000).checkpoint(4000)).toBeDefined();
    await driver.start();
    expect(() => stream.checkpoint(1000)).toThrow(
      'Cannot change checkpoint interval of a DStream after streaming context has started',
    );
  });

  it.each([
    [1000, 'which is lower than its slide time (2000 ms). Please set it to at least 2000 ms.'],
    [3000, 'which not a multiple of its slide time (2000 ms). Please set it to a multiple of 2000 ms.'],
  ])('of %d ms is refused for a slide of 2 seconds', (interval, why) => {
    const { stream } = program();
    const message = `requirement failed: The checkpoint interval for window-3 has been set to ${interval} ms ${why}`;
    expect(() => stream.window(4000, 2000).checkpoint(interval)).toThrow(message);
  });
});
