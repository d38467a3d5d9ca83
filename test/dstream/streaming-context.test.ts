import { describe, expect, onTestFinished, test } from 'vitest';
import { StreamingContext } from '../../src/dstream/streaming-context.ts';
import { silentLog } from '../../src/host/log.ts';
import { Receiver } from '../../src/sources/receiver.ts';
import { ManualClock, TestDriver } from '../../src/testing/index.ts';

/** A program of one queue of two batches, written to memory. */
function program() {
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.queueStream([[1], [2]]));
  onTestFinished(() => driver.stop());
  return { driver, context: driver.context, outputs };
}

describe('the life of a context', () => {
  test('is INITIALIZED, ACTIVE, STOPPED', async () => {
    const { context } = program();
    expect(context.getState()).toBe('INITIALIZED');
    await context.start();
    expect(context.getState()).toBe('ACTIVE');
    await context.stop();
    expect(context.getState()).toBe('STOPPED');
  });

  test('a second start only warns', async () => {
    const warnings: string[] = [];
    const context = new StreamingContext(1000, {
      clock: new ManualClock(),
      log: { ...silentLog, warn: (message) => warnings.push(message) },
    });
    context.queueStream([]).foreachRDD(() => {});
    await context.start();
    await context.start();
    await context.stop();
    expect(warnings).toEqual(['StreamingContext has already been started']);
  });

  test('a stopped context does not start again', async () => {
    const { context } = program();
    await context.start();
    await context.stop();
    await expect(context.start()).rejects.toThrow('StreamingContext has already been stopped');
  });

  test('a stop before the start only warns, and is the end', async () => {
    const warnings: string[] = [];
    const context = new StreamingContext(1000, { log: { ...silentLog, warn: (message) => warnings.push(message) } });
    await context.stop();
    await context.stop();
    expect(context.getState()).toBe('STOPPED');
    expect(warnings).toEqual(['StreamingContext has not been started yet']);
    await expect(context.start()).rejects.toThrow('StreamingContext has already been stopped');
  });

  test('without an output operation there is nothing to start', async () => {
    const { context } = new TestDriver();
    context.queueStream([[1]]).map(String);
    await expect(context.start()).rejects.toThrow(
      'requirement failed: No output operations registered, so nothing to execute',
    );
    expect(context.getState()).toBe('STOPPED');
  });

  test('a start that fails leaves the context stopped, and whoever waits learns why', async () => {
    const { context } = new TestDriver();
    context.textFile('/no/such/file').foreachRDD(() => {});
    const waiting = expect(context.awaitTermination()).rejects.toThrow("textFile: can't read /no/such/file");
    await expect(context.start()).rejects.toThrow("textFile: can't read /no/such/file");
    expect(context.getState()).toBe('STOPPED');
    await waiting;
  });

  test.each([
    ['starting', async (context: StreamingContext) => context.start()],
    [
      'stopping',
      async (context: StreamingContext) => {
        await context.start();
        await context.stop();
      },
    ],
  ])('nothing can be added after %s', async (when, arrive) => {
    const { context } = program();
    const stream = context.queueStream<number>([]);
    await arrive(context);
    const text = `Adding new inputs, transformations, and output operations after ${when} a context is not supported`;
    expect(() => context.queueStream([])).toThrow(text);
    expect(() => context.union([stream, stream])).toThrow(text);
    expect(() => stream.map(String)).toThrow(text);
    expect(() => stream.count()).toThrow(text);
    expect(() => stream.print()).toThrow(text);
    expect(() => stream.foreachRDD(() => {})).toThrow(text);
  });
});

describe('batches', () => {
  test('come at whole multiples of the batch duration, empty ones too', async () => {
    const driver = new TestDriver({ batchDurationMs: 500, startMs: 1_700 });
    const times: [number, readonly number[]][] = [];
    driver.context.queueStream([[1]]).foreachRDD((rdd, time) => void times.push([time, rdd.collect()]));
    await driver.runBatches(3);
    await driver.stop();
    expect(times).toEqual([
      [2_000, [1]],
      [2_500, []],
      [3_000, []],
    ]);
  });

  test('give to outputs in the order of registration, one at a time', async () => {
    const driver = new TestDriver();
    const stream = driver.context.queueStream([[1], [2]]);
    const events: string[] = [];
    stream.foreachRDD(async (_, time) => {
      events.push(`first of ${time} begins`);
      await new Promise(setImmediate);
      events.push(`first of ${time} ends`);
    });
    stream.foreachRDD((_, time) => void events.push(`second of ${time}`));
    await driver.runBatches(2);
    await driver.stop();
    expect(events).toEqual(
      [1000, 2000].flatMap((t) => [`first of ${t} begins`, `first of ${t} ends`, `second of ${t}`]),
    );
  });
});

describe('listeners', () => {
  test('are told of each batch until they are removed', async () => {
    const { driver, context } = program();
    const told: number[] = [];
    const listener = { onBatchCompleted: ({ batchTime }: { batchTime: number }) => void told.push(batchTime) };
    context.addStreamingListener(listener);
    await driver.runBatches(2);
    context.removeStreamingListener(listener);
    await driver.runBatches(1);
    expect(told).toEqual([1000, 2000]);
  });

  test('are told of each step of a batch, in order', async () => {
    const { driver, context } = program();
    const told: unknown[] = [];
    context.queueStream([[7, 8]]).foreachRDD((rdd) => {
      told.push('foreachRDD');
      driver.clock.advance(20);
      if (rdd.isEmpty()) throw new Error('no room');
    });
    context.addStreamingListener({
      onStreamingStarted: (time) => void told.push(['started', time]),
      onBatchSubmitted: (batch) => void told.push(['submitted', batch]),
      onBatchStarted: (batch) => void told.push(['running', batch]),
      onOutputOperationStarted: (output) => void told.push(['writes', output]),
      onOutputOperationCompleted: (output) => void told.push(['wrote', output]),
      onBatchCompleted: ({ batchId, outputs }) => void told.push(['completed', batchId, outputs]),
    });
    await driver.runBatches(1);
    const sources = { queue: { start: 0, end: 1, numRecords: 1 }, 'queue-1': { start: 0, end: 1, numRecords: 2 } };
    const batch = { batchId: 0, batchTime: 1000, processingStartTime: 1000, sources, numRecords: 3 };
    const [first, second] = ['collect-1', 'foreachRDD-3'].map((name, id) => {
      return { batchId: 0, batchTime: 1000, id, name, startTime: 1000 };
    });
    const outputs = [
      { ...first, endTime: 1000, durationMs: 0 },
      { ...second, endTime: 1020, durationMs: 20 },
    ];
    expect(told).toEqual([
      ['started', 0],
      ['submitted', batch],
      ['running', batch],
      ['writes', first],
      ['wrote', outputs[0]],
      ['writes', second],
      'foreachRDD',
      ['wrote', outputs[1]],
      ['completed', 0, outputs],
    ]);

    told.length = 0;
    await expect(driver.runBatches(1)).rejects.toThrow('no room');
    const failureReason = 'output failed: no room [operator foreachRDD-3, batch 1]';
    expect(told.at(-1)).toMatchObject(['wrote', { batchId: 1, name: 'foreachRDD-3', durationMs: 20, failureReason }]);
  });

  test('are told when receivers start, fail, start again and stop', async () => {
    class Unsteady extends Receiver<number> {
      override onStart(): void {}
      override onStop(): void {}
    }
    const driver = new TestDriver();
    const receiver = new Unsteady();
    driver.context.receiverStream(receiver, { id: 'sensors', restartDelay: 100 }).foreachRDD(() => {});
    const told: unknown[] = [];
    driver.context.addStreamingListener({
      onReceiverStarted: (info) => void told.push(['started', info]),
      onReceiverError: (info) => void told.push(['error', info]),
      onReceiverStopped: (info) => void told.push(['stopped', info]),
    });
    await driver.start();
    receiver.reportError('one lost', new Error('out of range'));
    receiver.restart('cable loose');
    await driver.clock.sleeping();
    await new Promise(setImmediate);
    driver.clock.advance(100);
    await new Promise(setImmediate);
    await driver.stop();

    const info = { streamId: 'sensors', name: 'Unsteady', active: true };
    const lost = { lastErrorMessage: 'one lost', lastError: 'out of range', lastErrorTime: 0 };
    const loose = { lastErrorMessage: 'cable loose', lastErrorTime: 0 };
    expect(told).toEqual([
      ['started', info],
      ['error', { ...info, ...lost }],
      ['error', { ...info, ...loose }],
      ['stopped', { ...info, ...loose, active: false }],
      ['started', { ...info, ...loose }],
      ['stopped', { ...info, ...loose, active: false }],
    ]);
  });

  test.each([
    ['throws', () => expect.fail('a listener’s own mistake')],
    ['rejects', () => Promise.reject(new Error('a listener’s own mistake'))],
  ])('one that %s is a warning, and the stream goes on', async (_, onBatchCompleted) => {
    const warnings: string[] = [];
    const driver = new TestDriver({ log: { ...silentLog, warn: (message) => warnings.push(message) } });
    const outputs = driver.collect(driver.context.queueStream([[1], [2]]));
    driver.context.addStreamingListener({ onBatchCompleted });
    await driver.runBatches(2);
    await driver.stop();
    expect(outputs.records).toEqual([[1], [2]]);
    expect(warnings).toEqual(Array(2).fill('a streaming listener failed: a listener’s own mistake'));
  });
});

test.each([
  [{ badRecords: 'ignore' }, `badRecords: expected 'fail', 'skip' or { divert: a sink }, got "ignore"`],
  [{ badRecords: { divert: 'file' } }, 'or { divert: a sink }, got {"divert":"file"}'],
  [{ emptyBatches: 'drop' }, `emptyBatches: expected 'run' or 'skip', got "drop"`],
  [{ gracefulStopTimeout: 0 }, 'gracefulStopTimeout: expected a duration of at least 1 ms'],
  [{ retryDelay: 'soon' }, 'retryDelay: expected a duration of at least 1 ms'],
])('the options %j are refused', (options, message) => {
  expect(() => new StreamingContext(1000, options as never)).toThrow(message);
});

test.each([null, undefined])('a batch duration of %s is refused in Spark’s words', (duration) => {
  expect(() => new StreamingContext(duration as never)).toThrow('Batch duration for StreamingContext cannot be null');
});

test.each([0, -1, 1.5, Number.NaN, '', 'abc', '0 seconds', '-1 second'])(
  'a batch duration of %j is refused',
  (duration) => {
    expect(() => new StreamingContext(duration)).toThrow(/^batchDuration: expected a duration of at least 1 ms/);
  },
);
