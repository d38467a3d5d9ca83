import { describe, expect, test } from 'vitest';
import { Batch, checkNumPartitions } from '../../src/batch/batch.ts';

const batch = new Batch([[3, 1], [], [2, 3]]);

describe('what is in it', () => {
  test('collect gives the records, partition after partition', () => {
    expect(batch.collect()).toEqual([3, 1, 2, 3]);
    expect(Batch.of(['a']).collect()).toEqual(['a']);
    expect(Batch.empty().collect()).toEqual([]);
  });

  test('collect leaves records that are arrays as they are', () => {
    expect(new Batch([[[1, [2]]], [[3]]]).collect()).toEqual([[1, [2]], [3]]);
  });

  test('count, isEmpty and getNumPartitions', () => {
    expect([batch.count(), batch.isEmpty(), batch.getNumPartitions()]).toEqual([4, false, 3]);
    expect([Batch.empty().count(), Batch.empty().isEmpty(), Batch.empty().getNumPartitions()]).toEqual([0, true, 0]);
    expect([new Batch([[], []]).isEmpty(), Batch.of([undefined]).isEmpty()]).toEqual([true, false]);
  });

  test('take gives the first records, fewer where there are fewer', () => {
    expect([0, 1, 3, 9].map((num) => batch.take(num))).toEqual([[], [3], [3, 1, 2], [3, 1, 2, 3]]);
  });

  test('take of a million records is no trouble', () => {
    const million = Array.from({ length: 1_000_000 }, (_, i) => i);
    expect(new Batch([million, [-1]]).take(1_000_001).at(-1)).toBe(-1);
  });

  test('first gives one record, also an undefined one, and refuses an empty batch', () => {
    expect(batch.first()).toBe(3);
    expect(Batch.of([undefined, 1]).first()).toBe(undefined);
    expect(() => new Batch([[], []]).first()).toThrow('first: the batch is empty');
  });
});

describe('what becomes of it', () => {
  test('record functions are given the record alone, and keep partitions', () => {
    const given: unknown[][] = [];
    const see = (...args: unknown[]) => {
      given.push(args);
      return [];
    };
    expect(batch.map(see).partitions).toEqual([[[], []], [], [[], []]]);
    expect(batch.flatMap(see).partitions).toEqual([[], [], []]);
    expect(batch.filter((...args) => given.push(args) > 0).partitions).toEqual(batch.partitions);
    expect(given).toEqual([...batch.collect(), ...batch.collect(), ...batch.collect()].map((record) => [record]));
  });

  test('mapPartitions is given the partition and its place, and takes any iterable', () => {
    const out = batch.mapPartitions((partition, index) => new Set([...partition, index]));
    expect(out.partitions).toEqual([[3, 1, 0], [1], [2, 3]]);
  });

  test('union has the partitions of both', () => {
    expect(batch.union(Batch.of([9])).partitions).toEqual([...batch.partitions, [9]]);
    expect(Batch.empty<number>().union(batch).partitions).toEqual(batch.partitions);
  });

  test('repartition deals records out evenly', () => {
    expect(batch.repartition(3).partitions).toEqual([[3, 3], [1], [2]]);
    expect(Batch.empty().repartition(2).partitions).toEqual([[], []]);
  });

  test('reduce folds from the first on, and refuses an empty batch', () => {
    expect(batch.reduce((a, b) => a * 10 + b)).toBe(3123);
    expect(() => Batch.of<number>([]).reduce((a, b) => a + b)).toThrow('reduce: the batch is empty');
  });

  test('distinct compares by value and keeps the first', () => {
    expect(Batch.of([['a', 1], ['b'], ['a', 1]]).distinct().partitions).toEqual([[['a', 1], ['b']]]);
  });

  test('sortBy is stable both ways', () => {
    const words = new Batch([
      ['bb', 'a'],
      ['c', 'aa'],
    ]);
    expect(words.sortBy((word) => word.length).partitions).toEqual([['a', 'c', 'bb', 'aa']]);
    expect(words.sortBy((word) => word.length, 'descending').partitions).toEqual([['bb', 'aa', 'a', 'c']]);
  });

  test('nothing changes the batch itself', () => {
    const frozen = new Batch(Object.freeze([Object.freeze([2, 1]), Object.freeze([1])]));
    const pairs = frozen.map((x) => [x, x] as const);
    frozen.sortBy((x) => x);
    frozen.repartition(2);
    frozen.distinct();
    pairs.groupByKey().mapValues((group) => group.length);
    pairs.fullOuterJoin(pairs);
    expect(frozen.partitions).toEqual([[2, 1], [1]]);
  });
});

describe('by key', () => {
  const pairs = batch.map((x) => [x % 2 === 0 ? 'even' : 'odd', x] as const);

  test('there are as many partitions as before, unless the call says otherwise', () => {
    expect(pairs.reduceByKey((a, b) => a + b).getNumPartitions()).toBe(3);
    expect(pairs.groupByKey(2).getNumPartitions()).toBe(2);
    expect(Batch.of(pairs.collect()).cogroup(pairs).getNumPartitions()).toBe(3);
    expect(Batch.empty<readonly [string, number]>().groupByKey().partitions).toEqual([[]]);
  });

  test('an undefined value is a value', () => {
    const nothings = Batch.of([['a', undefined] as const, ['a', undefined] as const]);
    expect(nothings.groupByKey().collect()).toEqual([['a', [undefined, undefined]]]);
    const counted = nothings.combineByKey(
      () => undefined,
      () => 'merged',
      () => 'never',
    );
    expect(counted.collect()).toEqual([['a', 'merged']]);
  });
});

test.each([0, -1, 1.5, Number.NaN, Infinity])('%d is no number of partitions', (numPartitions) => {
  expect(() => checkNumPartitions(numPartitions, 'here')).toThrow(
    `here: expected a whole number of at least 1, got ${numPartitions}`,
  );
  expect(() => batch.repartition(numPartitions)).toThrow(/^numPartitions: expected/);
});
