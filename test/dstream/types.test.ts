import { describe, expectTypeOf, test } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import type { DStream, MapWithStateDStream } from '../../src/dstream/dstream.ts';
import { type State, StateSpec } from '../../src/dstream/state-spec.ts';
import { TestDriver } from '../../src/testing/index.ts';

const { context } = new TestDriver();
const words: DStream<string> = context.queueStream<string>([]);
const ages: DStream<Pair<string, number>> = words.map((word) => [word, word.length] as const);
const cities: DStream<Pair<string, URL>> = words.map((word) => [word, new URL(word)] as const);
const byNumber: DStream<Pair<number, string>> = words.map((word) => [word.length, word] as const);

describe('by key', () => {
  test('methods of pairs compile on streams of pairs', () => {
    expectTypeOf(ages.reduceByKey((a, b) => a + b)).toEqualTypeOf<DStream<Pair<string, number>>>();
    expectTypeOf(ages.groupByKey()).toEqualTypeOf<DStream<Pair<string, readonly number[]>>>();
    expectTypeOf(ages.mapValues(String)).toEqualTypeOf<DStream<Pair<string, string>>>();
    expectTypeOf(ages.flatMapValues((n) => [n > 1])).toEqualTypeOf<DStream<Pair<string, boolean>>>();
    expectTypeOf(
      ages.combineByKey(
        (n) => new Set([n]),
        (set, n) => set.add(n),
        (a) => a,
      ),
    ).toEqualTypeOf<DStream<Pair<string, Set<number>>>>();
  });

  test('methods of pairs do not compile on other streams', () => {
    // @ts-expect-error: a word is no pair
    words.reduceByKey((a) => a);
    // @ts-expect-error: a word is no pair
    words.groupByKey();
    // @ts-expect-error: a word is no pair
    words.mapValues((value) => value);
    // @ts-expect-error: a word is no pair
    words.flatMapValues((value) => [value]);
    // @ts-expect-error: a word is no pair
    words.combineByKey(String, String, String);
    // @ts-expect-error: a word is no pair
    words.join(ages);
    // @ts-expect-error: a word is no pair
    ages.join(words);
    // @ts-expect-error: a word is no pair
    ages.cogroup(words);
  });

  test('so it is with states and windows by key', () => {
    const count = (ones: readonly number[], before: number | undefined) => (before ?? 0) + ones.length;
    const spec = StateSpec.function((_key: string, _value: number | undefined, state: State<Date>) => state.exists());
    const last = (_: number, b: number) => b;
    expectTypeOf(ages.updateStateByKey(count)).toEqualTypeOf<DStream<Pair<string, number>>>();
    expectTypeOf(ages.mapWithState(spec)).toEqualTypeOf<MapWithStateDStream<string, Date, boolean>>();
    expectTypeOf(ages.mapWithState(spec).stateSnapshots()).toEqualTypeOf<DStream<Pair<string, Date>>>();
    expectTypeOf(ages.groupByKeyAndWindow(1000)).toEqualTypeOf<DStream<Pair<string, readonly number[]>>>();
    expectTypeOf(ages.reduceByKeyAndWindow(last, last, 1000)).toEqualTypeOf<DStream<Pair<string, number>>>();
    expectTypeOf(words.countByValueAndWindow(1000)).toEqualTypeOf<DStream<Pair<string, number>>>();
    // @ts-expect-error: a word is no pair
    words.updateStateByKey(count);
    // @ts-expect-error: a word is no pair
    words.mapWithState(spec);
    // @ts-expect-error: a word is no pair
    words.groupByKeyAndWindow(1000);
    // @ts-expect-error: a word is no pair
    words.reduceByKeyAndWindow(last, last, 1000);
    // @ts-expect-error: cities are no ages
    cities.updateStateByKey(count);
    // @ts-expect-error: cities are no ages
    cities.mapWithState(spec);
    // @ts-expect-error: only a stream with state has snapshots
    void ages.mapValues(String).stateSnapshots;
  });

  test('a fold must give what it folds', () => {
    // @ts-expect-error: ages are numbers
    ages.reduceByKey((a, b) => `${a}${b}`);
  });
});

describe('joins', () => {
  test('pair the values, absent ones as undefined', () => {
    expectTypeOf(ages.join(cities)).toEqualTypeOf<DStream<Pair<string, readonly [number, URL]>>>();
    expectTypeOf(ages.leftOuterJoin(cities)).toEqualTypeOf<DStream<Pair<string, readonly [number, URL | undefined]>>>();
    expectTypeOf(ages.rightOuterJoin(cities)).toEqualTypeOf<
      DStream<Pair<string, readonly [number | undefined, URL]>>
    >();
    expectTypeOf(ages.fullOuterJoin(cities)).toEqualTypeOf<
      DStream<Pair<string, readonly [number | undefined, URL | undefined]>>
    >();
    expectTypeOf(ages.cogroup(cities)).toEqualTypeOf<
      DStream<Pair<string, readonly [readonly number[], readonly URL[]]>>
    >();
  });

  test('need keys of one type', () => {
    // @ts-expect-error: words and numbers never meet
    ages.join(byNumber);
  });
});

describe('any stream', () => {
  test('operations know what they give', () => {
    expectTypeOf(words.map((word) => word.length)).toEqualTypeOf<DStream<number>>();
    expectTypeOf(words.flatMap((word) => word.split(' '))).toEqualTypeOf<DStream<string>>();
    expectTypeOf(words.filter((word) => word !== '')).toEqualTypeOf<DStream<string>>();
    expectTypeOf(words.glom()).toEqualTypeOf<DStream<readonly string[]>>();
    expectTypeOf(words.count()).toEqualTypeOf<DStream<number>>();
    expectTypeOf(words.countByValue()).toEqualTypeOf<DStream<Pair<string, number>>>();
    expectTypeOf(words.transformWith(ages, (_, right) => right)).toEqualTypeOf<DStream<Pair<string, number>>>();
  });

  test('union needs records of one type', () => {
    // @ts-expect-error: words and pairs
    words.union(ages);
  });

  test('transform must give a batch', () => {
    // @ts-expect-error: an array is no batch
    words.transform((rdd) => rdd.collect());
  });
});
