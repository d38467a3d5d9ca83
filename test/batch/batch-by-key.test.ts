import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Batch, type Pair } from '../../src/batch/batch.ts';
import { partitionOf } from '../../src/batch/key-map.ts';

/** Batches of pairs with few keys, so that they meet, in 0 to 4 partitions; beside slow plain oracles. */
type Key = string | number | readonly (string | number)[];
const atom = fc.oneof(fc.constantFrom('a', 'b', ''), fc.integer({ min: -2, max: 2 }));
const keys: fc.Arbitrary<Key> = fc.oneof(atom, fc.tuple(atom, atom));
const batchesOf = <V>(values: fc.Arbitrary<V>): fc.Arbitrary<Batch<Pair<Key, V>>> =>
  fc
    .array(fc.array(fc.tuple(keys, values), { maxLength: 6 }), { maxLength: 4 })
    .map((partitions) => new Batch<Pair<Key, V>>(partitions));
const numbers = batchesOf(fc.integer({ min: -100, max: 100 }));
const letters = batchesOf(fc.constantFrom('x', 'y', 'z'));
const numPartitions = fc.integer({ min: 1, max: 5 });

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const sorted = (records: readonly unknown[]) => records.map((record) => JSON.stringify(record)).sort();

/** The keys of these pairs, each once, in the order of their coming. */
function distinctKeys(pairs: readonly Pair<Key, unknown>[]): Key[] {
  return pairs.map(([key]) => key).filter((key, i, all) => all.findIndex((each) => same(each, key)) === i);
}

function valuesOf<V>(pairs: readonly Pair<Key, V>[], key: Key): V[] {
  return pairs.filter(([each]) => same(each, key)).map(([, value]) => value);
}

function expectPlacedByKey(batch: Batch<Pair<Key, unknown>>, n: number): void {
  expect(batch.getNumPartitions()).toBe(n);
  for (const [index, partition] of batch.partitions.entries()) {
    for (const [key] of partition) expect(partitionOf(key, n)).toBe(index);
  }
}

describe('against a scan for each key', () => {
  test('reduceByKey', () => {
    fc.assert(
      fc.property(numbers, numPartitions, (batch, n) => {
        const pairs = batch.collect();
        const expected = distinctKeys(pairs).map((key) => [key, valuesOf(pairs, key).reduce((a, b) => a + b)]);
        const actual = batch.reduceByKey((a, b) => a + b, n);
        expect(sorted(actual.collect())).toEqual(sorted(expected));
        expectPlacedByKey(actual, n);
      }),
    );
  });

  test('groupByKey, values in their order', () => {
    fc.assert(
      fc.property(numbers, numPartitions, (batch, n) => {
        const pairs = batch.collect();
        const expected = distinctKeys(pairs).map((key) => [key, valuesOf(pairs, key)]);
        const actual = batch.groupByKey(n);
        expect(sorted(actual.collect())).toEqual(sorted(expected));
        expectPlacedByKey(actual, n);
      }),
    );
  });

  test('combineByKey with concatenation is groupByKey: the law of an associative merge', () => {
    fc.assert(
      fc.property(numbers, numPartitions, (batch, n) => {
        const combined = batch.combineByKey<Key, number, number[]>(
          (value) => [value],
          (group, value) => [...group, value],
          (a, b) => [...a, ...b],
          n,
        );
        expect(combined.partitions).toEqual(batch.groupByKey(n).partitions);
      }),
    );
  });

  test('cogroup', () => {
    fc.assert(
      fc.property(numbers, letters, numPartitions, (left, right, n) => {
        const [lefts, rights] = [left.collect(), right.collect()];
        const expected = distinctKeys([...lefts, ...rights]).map((key) => [
          key,
          [valuesOf(lefts, key), valuesOf(rights, key)],
        ]);
        const actual = left.cogroup(right, n);
        expect(sorted(actual.collect())).toEqual(sorted(expected));
        expectPlacedByKey(actual, n);
      }),
    );
  });
});

describe('against nested loops', () => {
  /** All pairs of records with equal keys; then, for each side that is kept, its records without a partner. */
  function nestedLoops(left: Batch<Pair<Key, number>>, right: Batch<Pair<Key, string>>, kept: string): unknown[] {
    const [lefts, rights] = [left.collect(), right.collect()];
    const out: unknown[] = [];
    for (const [k, v] of lefts) for (const [l, w] of rights) if (same(k, l)) out.push([k, [v, w]]);
    if (kept.includes('left')) {
      for (const [k, v] of lefts) if (!rights.some(([l]) => same(k, l))) out.push([k, [v, undefined]]);
    }
    if (kept.includes('right')) {
      for (const [l, w] of rights) if (!lefts.some(([k]) => same(k, l))) out.push([l, [undefined, w]]);
    }
    return out;
  }

  test.each([
    ['join', ''],
    ['leftOuterJoin', 'left'],
    ['rightOuterJoin', 'right'],
    ['fullOuterJoin', 'left and right'],
  ] as const)('%s', (join, kept) => {
    fc.assert(
      fc.property(numbers, letters, numPartitions, (left, right, n) => {
        const actual: Batch<Pair<Key, unknown>> = left[join](right, n);
        expect(sorted(actual.collect())).toEqual(sorted(nestedLoops(left, right, kept)));
        expectPlacedByKey(actual, n);
      }),
    );
  });
});

describe('partitions', () => {
  test('repartition keeps every record, and its partitions differ by at most one', () => {
    fc.assert(
      fc.property(numbers, numPartitions, (batch, n) => {
        const dealt = batch.repartition(n);
        const sizes = dealt.partitions.map((partition) => partition.length);
        expect(sorted(dealt.collect())).toEqual(sorted(batch.collect()));
        expect(sizes).toHaveLength(n);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('how records are partitioned changes no reduceByKey', () => {
    fc.assert(
      fc.property(numbers, numPartitions, (batch, n) => {
        const sum = (each: Batch<Pair<Key, number>>) => sorted(each.reduceByKey((a, b) => a + b).collect());
        expect(sum(batch.repartition(n))).toEqual(sum(batch));
      }),
    );
  });

  test('union is associative, and the empty batch is its neutral element', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        expect(a.union(b).union(c).partitions).toEqual(a.union(b.union(c)).partitions);
        expect(a.union(Batch.empty()).partitions).toEqual(a.partitions);
      }),
    );
  });
});
