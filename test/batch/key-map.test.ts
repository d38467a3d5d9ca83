import { describe, expect, test } from 'vitest';
import { KeyMap, partitionOf } from '../../src/batch/key-map.ts';

describe('KeyMap', () => {
  test('keys are equal by value', () => {
    const map = new KeyMap<unknown, string>();
    map.set(['a', 1], 'array');
    map.set({ a: 1, b: [2] }, 'object');
    map.set(new Date(5), 'date');
    map.set(Number.NaN, 'not a number');
    map.set(-0, 'zero');
    expect(map.get(['a', 1])).toBe('array');
    expect(map.get({ b: [2], a: 1 })).toBe('object');
    expect(map.get(new Date(5))).toBe('date');
    expect(map.get(Number.NaN)).toBe('not a number');
    expect(map.get(0)).toBe('zero');
    expect(map.size).toBe(5);
  });

  test('keys that differ in anything are different', () => {
    const different: unknown[] = [
      ...['', 'a', '1', 'null', '["a"]', '\u0000["a"]', '\u0000"a"', '\u0000'],
      ...[0, 1, 1n, true, false, null, undefined, Number.NaN, Infinity],
      ...[['a'], [['a']], ['a', 'b'], ['a,b'], ['["a"]'], [], [[]], [1], ['1'], [1n], [true], ['true']],
      ...[[null], [undefined], [Number.NaN], [Infinity], [new Date(1)], [new Date(2)], ['@1'], ['null']],
      ...[{}, { a: 1 }, { a: '1' }, { b: 1 }, { a: 1, b: 2 }, { a: { b: 2 } }, { 'a":1,"b': 2 }, [{}]],
    ];
    const map = new KeyMap<unknown, number>();
    for (const [index, key] of different.entries()) map.set(key, index);
    expect(map.size).toBe(different.length);
    expect(different.map((key) => map.get(key))).toEqual(different.map((_, index) => index));
  });

  test('keeps the first key and the order of the first keys, with the last value', () => {
    const map = new KeyMap<readonly string[], number>();
    const first = ['b'];
    map.set(first, 1);
    map.set(['a'], 2);
    map.set(['b'], 3);
    expect([...map.entries()]).toEqual([
      [['b'], 3],
      [['a'], 2],
    ]);
    expect([...map.entries()][0]![0]).toBe(first);
  });

  test('getOrCreate makes a value once', () => {
    const map = new KeyMap<string, number[]>();
    map.getOrCreate('a', () => []).push(1);
    map.getOrCreate('a', () => expect.fail('there is one')).push(2);
    expect(map.get('a')).toEqual([1, 2]);
    expect(map.get('b')).toBe(undefined);
  });
});

describe('partitionOf', () => {
  /** The partition of Spark's HashPartitioner: nonNegativeMod of the hash code. */
  const nonNegativeMod = (hash: number, n: number) => hash - n * Math.floor(hash / n);

  /** Hash codes as the Java documentation defines them: String, Integer, Long, Boolean; null counts as 0. */
  test.each<[unknown, number]>([
    ['', 0],
    ['a', 97],
    ['ab', 97 * 31 + 98],
    ['hello', 99_162_322],
    ['polygenelubricants', -2_147_483_648],
    ['\u{1F600}', 0xd83d * 31 + 0xde00],
    [0, 0],
    [-0, 0],
    [7, 7],
    [-7, -7],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [-(2 ** 31), -(2 ** 31)],
    [2 ** 31, -(2 ** 31)],
    [2 ** 32, 1],
    [2 ** 32 + 5, 4],
    [true, 1231],
    [false, 1237],
    [null, 0],
    [undefined, 0],
  ])('of %j has hash code %d', (key, hash) => {
    for (const n of [1, 2, 3, 7, 10, 200]) expect(partitionOf(key, n)).toBe(nonNegativeMod(hash, n));
  });

  test('is one of the partitions, and the same for equal keys', () => {
    const keys: (() => unknown)[] = [() => 0.5, () => ['a', 1], () => ({ a: [1] }), () => 10n, () => Number.NaN];
    for (const key of keys) {
      const partition = partitionOf(key(), 7);
      expect([0, 1, 2, 3, 4, 5, 6]).toContain(partition);
      expect(partitionOf(key(), 7)).toBe(partition);
    }
    expect(partitionOf({ a: 1, b: 2 }, 1009)).toBe(partitionOf({ b: 2, a: 1 }, 1009));
  });
});
