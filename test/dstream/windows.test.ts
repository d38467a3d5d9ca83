import { describe, expect, it, onTestFinished, test } from 'vitest';
import { Batch, type Pair } from '../../src/batch/batch.ts';
import type { DStream } from '../../src/dstream/dstream.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { outputsOf } from './outputs-of.ts';

const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;
const asPair = (word: string): Pair<string, number> => [word, 1];
const numbers = [[1], [2], [3], [4], [5], [6], [7]];

/** What a program gives, by batch time in seconds. */
async function timedOutputsOf<T, U>(inputs: readonly (readonly T[])[], program: (stream: DStream<T>) => DStream<U>) {
  const driver = new TestDriver();
  const outputs = driver.collect(program(driver.context.queueStream(inputs)));
  await driver.runBatches(inputs.length);
  await driver.stop();
  return outputs.batches.map(({ time, batch }) => [time / 1000, batch.collect()] as const);
}

describe('window', () => {
  it('is the union of the last batches, fewer at first', async () => {
    expect(await outputsOf(numbers.slice(0, 4), (s) => s.window(3000))).toEqual([[1], [1, 2], [1, 2, 3], [2, 3, 4]]);
  });

  it('slides from one batch duration before the first batch', async () => {
    expect(await timedOutputsOf(numbers, (s) => s.window('3 seconds', '2 seconds'))).toEqual([
      [2, [1, 2]],
      [4, [2, 3, 4]],
      [6, [4, 5, 6]],
    ]);
  });

  it('slides from there also where that is no multiple of its slide', async () => {
    const driver = new TestDriver({ startMs: 1000 });
    const outputs = driver.collect(driver.context.queueStream(numbers).window('3 seconds', '2 seconds'));
    await driver.runBatches(5);
    await driver.stop();
    expect(outputs.batches.map(({ time, batch }) => [time, batch.collect()])).toEqual([
      [3000, [1, 2]],
      [5000, [2, 3, 4]],
    ]);
  });

  it('leaves gaps where it slides by more than its length', async () => {
    expect(await timedOutputsOf(numbers, (s) => s.window(1000, 3000))).toEqual([
      [3, [3]],
      [6, [6]],
    ]);
  });

  it('keeps the partitions of its batches', async () => {
    const inputs = [new Batch([[1], [2]]), new Batch([[3]])];
    expect(await outputsOf(inputs, (s) => s.window(2000).glom())).toEqual([
      [[1], [2]],
      [[1], [2], [3]],
    ]);
  });

  it('of a window slides by a multiple of its slide', async () => {
    expect(await timedOutputsOf(numbers, (s) => s.window(2000, 2000).window(4000, 4000))).toEqual([[4, [1, 2, 3, 4]]]);
    expect(await timedOutputsOf(numbers, (s) => s.window(2000).window(2000, 3000))).toEqual([
      [3, [1, 2, 2, 3]],
      [6, [4, 5, 5, 6]],
    ]);
  });

  it('is given to operators, learners and outputs at its own times only', async () => {
    const driver = new TestDriver();
    const times: number[] = [];
    const window = driver.context.queueStream(numbers).window(1000, 2000);
    expect(window.map(String).slideDuration).toBe(2000);
    window.map(String).foreachRDD((_, time) => void times.push(time));
    await driver.runBatches(5);
    await driver.stop();
    expect(times).toEqual([2000, 4000]);
  });

  it('meets only streams that slide as it does', () => {
    const stream = new TestDriver().context.queueStream(numbers);
    const refusal = 'Some of the DStreams have different slide durations';
    expect(() => stream.window(2000, 2000).union(stream)).toThrow(refusal);
    expect(() => stream.window(2000, 2000).transformWith(stream, (left) => left)).toThrow(refusal);
    expect(() => stream.context.transform([stream.window(2000, 2000), stream], ([left]) => left!)).toThrow(refusal);
    const pairs = stream.map((x): Pair<number, number> => [x, x]);
    for (const join of ['cogroup', 'join', 'leftOuterJoin', 'rightOuterJoin', 'fullOuterJoin'] as const) {
      expect(() => pairs.window(2000, 2000)[join](pairs)).toThrow(refusal);
    }
  });
});

describe('sizes that are no multiples of the slide of the parent are refused', () => {
  const { context } = new TestDriver();
  const words = context.queueStream<string>([]);
  const every2s = words.window(2000, 2000);
  const plain = (what: string, ms: number, parent: number) =>
    `The ${what} duration of windowed DStream (${ms} ms) must be a multiple of the slide duration of parent DStream (${parent} ms)`;
  const inverse = (what: string, ms: number, parent: number) =>
    `requirement failed: The ${what} duration of ReducedWindowedDStream (${ms} ms) must be multiple of the slide duration of parent DStream (${parent} ms)`;

  test.each<[string, () => unknown, string]>([
    ['window', () => words.window(1500), plain('window', 1500, 1000)],
    ['window, its slide', () => words.window(2000, 500), plain('slide', 500, 1000)],
    ['window of a window', () => every2s.window(3000), plain('window', 3000, 2000)],
    ['window of a window, its slide', () => every2s.window(4000, 3000), plain('slide', 3000, 2000)],
    ['countByWindow', () => words.countByWindow(1500), inverse('window', 1500, 1000)],
    ['countByValueAndWindow', () => words.countByValueAndWindow(2000, 1500), inverse('slide', 1500, 1000)],
    ['reduceByWindow', () => words.reduceByWindow(String.prototype.concat, undefined, 1), plain('window', 1, 1000)],
    ['groupByKeyAndWindow', () => words.map(asPair).groupByKeyAndWindow(1500), plain('window', 1500, 1000)],
  ])('%s', (_, program, refusal) => {
    expect(program).toThrow(expect.objectContaining({ code: 'bad-option', message: refusal }));
  });

  it('and no window is shorter than a millisecond', () => {
    expect(() => words.window(0)).toThrow('windowDuration: expected a duration of at least 1 ms');
    expect(() => words.window(1000, 0)).toThrow('slideDuration: expected a duration of at least 1 ms');
    expect(() => words.map(asPair).reduceByKeyAndWindow(add, subtract, 1000, 1000, { numPartitions: 0 })).toThrow(
      'numPartitions: expected a whole number of at least 1, got 0',
    );
  });
});

test.each<[string, (s: DStream<number>) => DStream<unknown>, unknown]>([
  ['reduceByWindow', (s) => s.reduceByWindow(add, undefined, 3000, 2000), [3, 9, 15]],
  ['reduceByWindow with an inverse', (s) => s.reduceByWindow(add, subtract, 3000, 2000), [3, 9, 15]],
  ['countByWindow', (s) => s.countByWindow(3000, 2000), [2, 3, 3]],
  ['countByValueAndWindow', (s) => s.map(() => 'x').countByValueAndWindow(3000, 2000), [2, 3, 3].map((n) => ['x', n])],
  [
    'groupByKeyAndWindow',
    (s) => s.map((x): Pair<string, number> => ['x', x]).groupByKeyAndWindow(3000, 2000),
    [
      ['x', [1, 2]],
      ['x', [2, 3, 4]],
      ['x', [4, 5, 6]],
    ],
  ],
])('%s slides as it is told', async (_, program, expected) => {
  const outputs = await timedOutputsOf(numbers, program);
  expect(outputs.map(([time]) => time)).toEqual([2, 4, 6]);
  expect(outputs.flatMap(([, records]) => records)).toEqual(expected);
});

describe('reduceByWindow', () => {
  const inputs = [[], [1, 2], [], [], [5]];

  it('is one record, or none where the window holds none', async () => {
    expect(await outputsOf(inputs, (s) => s.reduceByWindow(add, undefined, 2000))).toEqual([[], [3], [3], [], [5]]);
  });

  it('with an inverse is one record from the first on', async () => {
    expect(await outputsOf(inputs, (s) => s.reduceByWindow(add, subtract, 2000))).toEqual([[], [3], [3], [0], [5]]);
  });
});

describe('countByWindow', () => {
  it('is 0 after all have left, and nothing before any came', async () => {
    expect(await outputsOf([[], ['a'], ['b', 'c'], [], []], (s) => s.countByWindow(2000))).toEqual([
      [],
      [1],
      [3],
      [2],
      [0],
    ]);
  });
});

describe('countByValueAndWindow', () => {
  it('forgets the values that have left', async () => {
    expect(await outputsOf([['a', 'b'], ['a'], [], []], (s) => s.countByValueAndWindow(2000))).toEqual([
      [
        ['a', 1],
        ['b', 1],
      ],
      [
        ['a', 2],
        ['b', 1],
      ],
      [['a', 1]],
      [],
    ]);
  });

  it('counts equal values of any shape as one', async () => {
    const outputs = await outputsOf([[{ x: 1, y: 2 }], [{ y: 2, x: 1 }]], (s) => s.countByValueAndWindow(2000));
    expect(outputs[1]).toEqual([[{ x: 1, y: 2 }, 2]]);
  });
});

describe('groupByKeyAndWindow', () => {
  it('has the values of the window in the order in which they came', async () => {
    const inputs = [['a', 'bb'], ['aa'], ['b'], []];
    const byFirst = (s: DStream<string>) => s.map((word): Pair<string, string> => [word[0]!, word]);
    expect(await outputsOf(inputs, (s) => byFirst(s).groupByKeyAndWindow(2000))).toEqual([
      [
        ['a', ['a']],
        ['b', ['bb']],
      ],
      [
        ['a', ['a', 'aa']],
        ['b', ['bb']],
      ],
      [
        ['a', ['aa']],
        ['b', ['b']],
      ],
      [['b', ['b']]],
    ]);
  });
});

describe('reduceByKeyAndWindow', () => {
  const inputs = [['a'], ['a', 'b'], ['b'], [], [], ['a']];
  const program = (inverse: typeof subtract | undefined, window: number, slide: number) => (s: DStream<string>) =>
    s.map(asPair).reduceByKeyAndWindow(add, inverse, window, slide);

  it('computed anew, has the keys of the window', async () => {
    expect(await timedOutputsOf(inputs, program(undefined, 2000, 2000))).toEqual([
      [2, [['a', 2], ['b', 1]]], // biome-ignore format: one line
      [4, [['b', 1]]],
      [6, [['a', 1]]],
    ]);
  });

  it('with an inverse, keeps the keys of all windows', async () => {
    expect(await timedOutputsOf(inputs, program(subtract, 2000, 2000))).toEqual([
      [2, [['a', 2], ['b', 1]]], // biome-ignore format: one line
      [4, [['a', 0], ['b', 1]]], // biome-ignore format: one line
      [6, [['a', 1], ['b', 0]]], // biome-ignore format: one line
    ]);
  });

  it('with an inverse, forgets the whole window before where it slides by more than its length', async () => {
    expect(await timedOutputsOf(inputs, program(subtract, 1000, 3000))).toEqual([
      [3, [['b', 1]]],
      [6, [['b', 0], ['a', 1]]], // biome-ignore format: one line
    ]);
  });

  it('drops the keys that the filter rejects, which come back as new ones', async () => {
    const filter = ([, count]: Pair<string, number>) => count !== 0;
    const outputs = await outputsOf(inputs, (s) =>
      s.map(asPair).reduceByKeyAndWindow(add, subtract, 1000, 1000, { filter }),
    );
    expect(outputs).toEqual([[['a', 1]], [['a', 1], ['b', 1]], [['b', 1]], [], [], [['a', 1]]]); // biome-ignore format: one line
  });

  it('tells that a key left of which it never heard', async () => {
    const filter = ([, count]: Pair<string, number>) => count > 1;
    const outputs = outputsOf([['a'], [], []], (s) =>
      s.map(asPair).reduceByKeyAndWindow(add, subtract, 1000, 1000, { filter }),
    );
    await expect(outputs).rejects.toThrow(
      'Neither previous window has value for key, nor new values found. Are you sure your key class hashes consistently?',
    );
  });

  it('puts keys into as many partitions as asked for', async () => {
    for (const inverse of [undefined, subtract]) {
      const outputs = await outputsOf([['a', 'b', 'c']], (s) =>
        s.map(asPair).reduceByKeyAndWindow(add, inverse, 2000, 1000, { numPartitions: 3 }).glom(),
      );
      expect(outputs[0]!.map((partition) => partition.map(([key]) => key))).toEqual([['c'], ['a'], ['b']]);
    }
  });
});

it('batches that are skipped for want of records leave the windows right', async () => {
  const driver = new TestDriver({ emptyBatches: 'skip' });
  const queue = [['a', 'b']];
  const pairs = driver.context.queueStream(queue).map(asPair);
  const anew = driver.collect(pairs.reduceByKeyAndWindow(add, undefined, 2000));
  const filter = ([, count]: Pair<string, number>) => count !== 0;
  const slid = driver.collect(pairs.reduceByKeyAndWindow(add, subtract, 2000, 1000, { filter }));
  await driver.runBatches(1);
  driver.clock.advance(3000);
  await driver.clock.sleeping();
  queue.push(['b']);
  await driver.runBatches(1);
  await driver.stop();
  expect(anew.records.at(-1)).toEqual([['b', 1]]);
  expect(slid.records).toEqual(anew.records);
});

describe('a window that is kept in a checkpoint', () => {
  /** Two batches of a window over the last two; then the program ends, and another one goes on with the third. */
  async function acrossRestart(program: (stream: DStream<Pair<string, number>>) => DStream<unknown>) {
    const directory = await temporaryDirectory(onTestFinished);
    const inputs = [[['a', 1]], [['b', 2]], [['a', 3]]] satisfies Pair<string, number>[][];
    const given: unknown[] = [];
    for (const batches of [2, 1]) {
      const driver = new TestDriver({ startMs: given.length * 1000 });
      driver.context.checkpoint(directory);
      const outputs = driver.collect(program(driver.context.queueStream<Pair<string, number>>(inputs)));
      try {
        await driver.runBatches(batches);
      } finally {
        await driver.stop();
      }
      given.push(...outputs.records);
    }
    return given;
  }

  it('may hold what is undefined, dates and whole numbers of any size', async () => {
    const given = await acrossRestart((stream) =>
      stream
        .leftOuterJoin(stream.filter(([key]) => key === 'b'))
        .map(([key, [left, right]]) => [key, left, right, new Date(left), BigInt(left)] as const)
        .window(2000),
    );
    const first = ['a', 1, undefined, new Date(1), 1n];
    const second = ['b', 2, 2, new Date(2), 2n];
    const third = ['a', 3, undefined, new Date(3), 3n];
    expect(given).toEqual([[first], [first, second], [second, third]]);
  });

  it('is named where it holds what can not be saved', async () => {
    const failed = acrossRestart((stream) =>
      stream
        .map(() => new Map())
        .window(2000)
        .id('recent'),
    );
    await expect(failed).rejects.toMatchObject({ code: 'wrong-type', context: { state: 'recent.windowBuffer' } });
  });
});
