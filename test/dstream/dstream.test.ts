import { describe, expect, test } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { outputsOf, to } from './outputs-of.ts';

/** Input and output of Spark's BasicOperationsSuite, unless a test says otherwise. */
const threeBatches = [to(1, 4), to(5, 8), to(9, 12)];
const inTwoPartitions = threeBatches.map((records) => new Batch([records.slice(0, 2), records.slice(2)]));

describe('record by record', () => {
  test('map', async () => {
    const outputs = await outputsOf(threeBatches, (stream) => stream.map(String));
    expect(outputs).toEqual(threeBatches.map((records) => records.map(String)));
  });

  test('flatMap', async () => {
    const outputs = await outputsOf(threeBatches, (stream) => stream.flatMap((x) => [x, x * 2]));
    expect(outputs).toEqual(threeBatches.map((records) => records.flatMap((x) => [x, x * 2])));
  });

  test('flatMap takes any iterable', async () => {
    const outputs = await outputsOf([['ab', ''], ['c']], (stream) => stream.flatMap((word) => new Set(word)));
    expect(outputs).toEqual([['a', 'b'], ['c']]);
  });

  test('filter', async () => {
    const outputs = await outputsOf(threeBatches, (stream) => stream.filter((x) => x % 2 === 0));
    expect(outputs).toEqual([
      [2, 4],
      [6, 8],
      [10, 12],
    ]);
  });

  test('record functions are given the record alone', async () => {
    const outputs = await outputsOf([['1', '2', '3']], (stream) =>
      stream.map(Number.parseInt as (s: string) => number),
    );
    expect(outputs).toEqual([[1, 2, 3]]);
  });
});

describe('partition by partition', () => {
  test('glom', async () => {
    const outputs = await outputsOf(inTwoPartitions, (stream) => stream.glom());
    expect(outputs).toEqual(inTwoPartitions.map(({ partitions }) => partitions));
  });

  test('mapPartitions', async () => {
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
    const outputs = await outputsOf(inTwoPartitions, (stream) => stream.mapPartitions((partition) => [sum(partition)]));
    expect(outputs).toEqual([
      [3, 7],
      [11, 15],
      [19, 23],
    ]);
  });

  test('mapPartitionsWithIndex is given the partition’s place', async () => {
    const outputs = await outputsOf(inTwoPartitions, (stream) =>
      stream.mapPartitionsWithIndex(function* (index, partition) {
        for (const x of partition) yield [index, x];
      }),
    );
    expect(outputs[0]).toEqual([
      [0, 1],
      [0, 2],
      [1, 3],
      [1, 4],
    ]);
  });

  test.each([
    { from: 2, into: 5 },
    { from: 5, into: 2 },
  ])('repartition of $from into $into loses nothing', async ({ from, into }) => {
    const inputs = [to(1, 100), to(101, 200), to(201, 300)];
    const batches = inputs.map((records) => Batch.of(records).repartition(from));
    const outputs = await outputsOf(batches, (stream) => stream.repartition(into).glom());
    expect(outputs.map((partitions) => partitions.length)).toEqual([into, into, into]);
    expect(outputs.map((partitions) => partitions.flat().sort((a, b) => a - b))).toEqual(inputs);
  });

  test('repartition of an empty batch gives its partitions all the same', async () => {
    expect(await outputsOf([[]], (stream) => stream.repartition(3).glom())).toEqual([[[], [], []]]);
  });
});

describe('folded', () => {
  test('count is one record, 0 for an empty batch', async () => {
    const inputs = [[], to(1, 1), to(1, 2), to(1, 3), to(1, 4)];
    expect(await outputsOf(inputs, (stream) => stream.count())).toEqual([[0], [1], [2], [3], [4]]);
  });

  test('count goes over all partitions', async () => {
    expect(await outputsOf(inTwoPartitions, (stream) => stream.count())).toEqual([[4], [4], [4]]);
  });

  test('reduce', async () => {
    expect(await outputsOf(inTwoPartitions, (stream) => stream.reduce((a, b) => a + b))).toEqual([[10], [26], [42]]);
  });

  test('reduce of one record is that record, of none is none', async () => {
    const outputs = await outputsOf([[7], []], (stream) => stream.reduce(() => expect.fail('nothing to reduce')));
    expect(outputs).toEqual([[7], []]);
  });

  test('countByValue', async () => {
    const inputs = [to(1, 1), [1, 1, 1], to(1, 2), [1, 1, 2, 2]];
    expect(await outputsOf(inputs, (stream) => stream.countByValue())).toEqual([
      [[1, 1]],
      [[1, 3]],
      [
        [1, 1],
        [2, 1],
      ],
      [
        [1, 2],
        [2, 2],
      ],
    ]);
  });
});

describe('several streams', () => {
  const inputs = [to(1, 4), to(101, 104), to(201, 204)];

  test('union of two', async () => {
    const outputs = await outputsOf(inputs, (stream) => stream.union(stream.map((x) => x + 4)));
    expect(outputs).toEqual([to(1, 8), to(101, 108), to(201, 208)]);
  });

  test('union of three by the context', async () => {
    const outputs = await outputsOf(inputs, (stream) =>
      stream.context.union([stream, stream.map((x) => x + 4), stream.map((x) => x + 8)]),
    );
    expect(outputs).toEqual([to(1, 12), to(101, 112), to(201, 212)]);
  });

  test('union keeps the partitions of each', async () => {
    const outputs = await outputsOf(inTwoPartitions, (stream) => stream.union(stream).glom());
    expect(outputs.map((partitions) => partitions.length)).toEqual([4, 4, 4]);
  });

  test('union of one stream is that stream, of none is refused', () => {
    const { context } = new TestDriver();
    const stream = context.queueStream([[1]]);
    expect(context.union([stream])).toBe(stream);
    expect(() => context.union([])).toThrow('should have at least one DStream to union');
  });

  test('a queue that has run out beside one that has not gives no records', async () => {
    const outputs = await outputsOf(inputs, (stream) => stream.union(stream.context.queueStream([[0]])));
    expect(outputs).toEqual([[1, 2, 3, 4, 0], to(101, 104), to(201, 204)]);
  });

  test('streams of different contexts do not meet', () => {
    const [one, other] = [new TestDriver(), new TestDriver()].map(({ context }) => context.queueStream([[1]]));
    const text = 'Some of the DStreams have different contexts';
    expect(() => one!.union(other!)).toThrow(text);
    expect(() => one!.transformWith(other!, (left) => left)).toThrow(text);
    expect(() => one!.context.transform([one!, other!], ([left]) => left!)).toThrow(text);
  });
});

describe('transform', () => {
  test('is given the batch and its time', async () => {
    const outputs = await outputsOf([[1], [2]], (stream) =>
      stream.transform((rdd, time) => rdd.map((x) => [x, time] as const)),
    );
    expect(outputs).toEqual([[[1, 1000]], [[2, 2000]]]);
  });

  test('may wait', async () => {
    const outputs = await outputsOf([[1, 2]], (stream) => stream.transform(async (rdd) => rdd.map((x) => -x)));
    expect(outputs).toEqual([[-1, -2]]);
  });

  test('joins a batch with a table that is not a stream', async () => {
    const spam = Batch.of([['ham', false] as const, ['spam', true] as const]);
    const outputs = await outputsOf([['spam', 'ham', 'eggs']], (stream) =>
      stream.transform((rdd) => rdd.map((word) => [word, 1] as const).leftOuterJoin(spam)),
    );
    expect(new Map(outputs[0])).toEqual(
      new Map([
        ['spam', [1, true]],
        ['ham', [1, false]],
        ['eggs', [1, undefined]],
      ]),
    );
  });

  test('transformWith is given this batch, the other, and the time', async () => {
    const outputs = await outputsOf([[1], [2]], (stream) =>
      stream.transformWith(stream.map(String), (left, right, time) => Batch.of([left.first(), right.first(), time])),
    );
    expect(outputs).toEqual([
      [1, '1', 1000],
      [2, '2', 2000],
    ]);
  });

  test('transform of several streams is given them in order', async () => {
    const outputs = await outputsOf([[1], [2]], (stream) =>
      stream.context.transform([stream, stream.map((x) => x * 10)], ([a, b], time) =>
        a!.union(b!).union(Batch.of([time])),
      ),
    );
    expect(outputs).toEqual([
      [1, 10, 1000],
      [2, 20, 2000],
    ]);
  });

  test('transform of no stream is refused', () => {
    expect(() => new TestDriver().context.transform([], () => Batch.empty())).toThrow(
      'List of DStreams to transform is empty',
    );
  });

  const nothing = null as unknown as Batch<number>;
  test.each([
    ['transform', (stream) => stream.transform(() => nothing)],
    ['transformWith', (stream) => stream.transformWith(stream, () => nothing)],
    ['transform of several', (stream) => stream.context.transform([stream], () => nothing)],
  ] satisfies [string, Parameters<typeof outputsOf<number, number>>[1]][])(
    '%s must not return null',
    async (_, program) => {
      await expect(outputsOf([[1]], program)).rejects.toThrow(
        /^Transform function must not return null\. .* to represent no element as the result of transformation\. \[operator transform/,
      );
    },
  );
});

test.each([0, -1, 1.5, Number.NaN])('a shuffle into %d partitions is refused when it is asked for', (numPartitions) => {
  const numbers = new TestDriver().context.queueStream<number>([]);
  const pairs = numbers.map((x) => [x, x] as const);
  const text = `numPartitions: expected a whole number of at least 1, got ${numPartitions}`;
  expect(() => numbers.repartition(numPartitions)).toThrow(text);
  expect(() => numbers.countByValue(numPartitions)).toThrow(text);
  expect(() => pairs.reduceByKey((a) => a, numPartitions)).toThrow(text);
  expect(() => pairs.groupByKey(numPartitions)).toThrow(text);
  expect(() => pairs.combineByKey(String, String, String, numPartitions)).toThrow(text);
  expect(() => pairs.cogroup(pairs, numPartitions)).toThrow(text);
  expect(() => pairs.join(pairs, numPartitions)).toThrow(text);
  expect(() => pairs.leftOuterJoin(pairs, numPartitions)).toThrow(text);
  expect(() => pairs.rightOuterJoin(pairs, numPartitions)).toThrow(text);
  expect(() => pairs.fullOuterJoin(pairs, numPartitions)).toThrow(text);
  expect(() => pairs.partitionBy(numPartitions)).toThrow(text);
  expect(() => new TestDriver({ defaultParallelism: numPartitions })).toThrow(/^defaultParallelism: expected/);
});
