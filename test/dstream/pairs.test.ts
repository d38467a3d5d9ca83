import { describe, expect, test } from 'vitest';
import { Batch, type Pair } from '../../src/batch/batch.ts';
import type { DStream } from '../../src/dstream/dstream.ts';
import { outputsOf, outputsOfBoth } from './outputs-of.ts';

/** Input and output of Spark's BasicOperationsSuite, unless a test says otherwise. Its results have no order. */
const words = [['a', 'a', 'b'], ['', ''], []];
const ones = (stream: DStream<string>) => stream.map((word): Pair<string, number> => [word, 1]);
const xs = (stream: DStream<string>) => stream.map((word): Pair<string, string> => [word, 'x']);
const asMaps = <K, V>(outputs: readonly (readonly Pair<K, V>[])[]) => outputs.map((pairs) => new Map(pairs));
const maps = <V>(...batches: Readonly<Record<string, V>>[]) => batches.map((each) => new Map(Object.entries(each)));

describe('one record a key', () => {
  test('reduceByKey', async () => {
    const outputs = await outputsOf(words, (stream) => ones(stream).reduceByKey((a, b) => a + b));
    expect(asMaps(outputs)).toEqual(maps({ a: 2, b: 1 }, { '': 2 }, {}));
  });

  test('groupByKey', async () => {
    const outputs = await outputsOf(words, (stream) => ones(stream).groupByKey());
    expect(asMaps(outputs)).toEqual(maps({ a: [1, 1], b: [1] }, { '': [1, 1] }, {}));
  });

  test('combineByKey folds within partitions and merges between them', async () => {
    const batch = new Batch<Pair<string, number>>([
      [
        ['a', 1],
        ['a', 2],
      ],
      [
        ['a', 3],
        ['b', 4],
      ],
    ]);
    const outputs = await outputsOf([batch], (stream) =>
      stream.combineByKey(
        (value) => `${value}`,
        (held, value) => `${held}+${value}`,
        (left, right) => `(${left})(${right})`,
      ),
    );
    expect(asMaps(outputs)).toEqual(maps({ a: '(1+2)(3)', b: '4' }));
  });

  test('mapValues', async () => {
    const outputs = await outputsOf(words, (stream) =>
      ones(stream)
        .reduceByKey((a, b) => a + b)
        .mapValues((n) => n + 10),
    );
    expect(asMaps(outputs)).toEqual(maps({ a: 12, b: 11 }, { '': 12 }, {}));
  });

  test('flatMapValues', async () => {
    const outputs = await outputsOf(words, (stream) =>
      ones(stream)
        .reduceByKey((a, b) => a + b)
        .flatMapValues((n) => [n, n + 10]),
    );
    expect(outputs).toEqual([
      [
        ['a', 2],
        ['a', 12],
        ['b', 1],
        ['b', 11],
      ],
      [
        ['', 2],
        ['', 12],
      ],
      [],
    ]);
  });

  test('keys are equal by value', async () => {
    const input: Pair<Pair<string, number>, number>[] = [
      [['x', 1], 1],
      [['x', 1], 2],
      [['x', 2], 4],
    ];
    const outputs = await outputsOf([input], (stream) => stream.reduceByKey((a, b) => a + b));
    expect(outputs).toEqual([
      [
        [['x', 1], 3],
        [['x', 2], 4],
      ],
    ]);
  });
});

describe('joins', () => {
  const lefts = [['a', 'b'], ['a', ''], [''], []];
  const rights = [['a', 'b'], ['b', ''], [], ['']];
  const joined = <V>(
    join: (left: DStream<Pair<string, number>>, right: DStream<Pair<string, string>>) => DStream<Pair<string, V>>,
  ) => outputsOfBoth(lefts, rights, (left, right) => join(ones(left), xs(right))).then(asMaps);

  test('join', async () => {
    const expected = maps({ a: [1, 'x'], b: [1, 'x'] }, { '': [1, 'x'] }, {}, {});
    expect(await joined((left, right) => left.join(right))).toEqual(expected);
    expect(await joined((left, right) => left.transformWith(right, (l, r) => l.join(r)))).toEqual(expected);
  });

  test('leftOuterJoin', async () => {
    expect(await joined((left, right) => left.leftOuterJoin(right))).toEqual(
      maps({ a: [1, 'x'], b: [1, 'x'] }, { '': [1, 'x'], a: [1, undefined] }, { '': [1, undefined] }, {}),
    );
  });

  test('rightOuterJoin', async () => {
    expect(await joined((left, right) => left.rightOuterJoin(right))).toEqual(
      maps({ a: [1, 'x'], b: [1, 'x'] }, { '': [1, 'x'], b: [undefined, 'x'] }, {}, { '': [undefined, 'x'] }),
    );
  });

  test('fullOuterJoin', async () => {
    expect(await joined((left, right) => left.fullOuterJoin(right))).toEqual(
      maps(
        { a: [1, 'x'], b: [1, 'x'] },
        { '': [1, 'x'], a: [1, undefined], b: [undefined, 'x'] },
        { '': [1, undefined] },
        { '': [undefined, 'x'] },
      ),
    );
  });

  test('cogroup', async () => {
    const outputs = await outputsOfBoth(
      [['a', 'a', 'b'], ['a', ''], [''], []],
      [['a', 'a', 'b'], ['b', ''], [], []],
      (left, right) => ones(left).cogroup(xs(right)),
    );
    expect(asMaps(outputs)).toEqual(
      maps<readonly [number[], string[]]>(
        {
          a: [
            [1, 1],
            ['x', 'x'],
          ],
          b: [[1], ['x']],
        },
        { a: [[1], []], b: [[], ['x']], '': [[1], ['x']] },
        { '': [[1], []] },
        {},
      ),
    );
  });
});

describe('partitions', () => {
  /** What Java's String.hashCode gives: "a" 97, "b" 98, "ab" 31·97 + 98 = 3105, "" 0. */
  const hashes = new Map([
    ['a', 97],
    ['b', 98],
    ['ab', 3105],
    ['', 0],
  ]);
  const keys = [...hashes.keys()];
  const inThree = [0, 1, 2].map((partition) => keys.filter((key) => hashes.get(key)! % 3 === partition).sort());
  const places = (outputs: readonly (readonly (readonly Pair<string, unknown>[])[])[]) =>
    outputs[0]!.map((partition) => partition.map(([key]) => key).sort());

  const shuffles: [string, (stream: DStream<string>) => DStream<Pair<string, unknown>>][] = [
    ['reduceByKey', (stream) => ones(stream).reduceByKey((a, b) => a + b, 3)],
    ['groupByKey', (stream) => ones(stream).groupByKey(3)],
    ['combineByKey', (stream) => ones(stream).combineByKey(String, String, String, 3)],
    ['countByValue', (stream) => stream.countByValue(3)],
    ['countByValueAndWindow', (stream) => stream.countByValueAndWindow(1000, 1000, 3)],
    ['groupByKeyAndWindow', (stream) => ones(stream).groupByKeyAndWindow(1000, 1000, 3)],
    ['partitionBy', (stream) => ones(stream).partitionBy(3)],
    ['cogroup', (stream) => ones(stream).cogroup(xs(stream), 3)],
    ['join', (stream) => ones(stream).join(xs(stream), 3)],
    ['leftOuterJoin', (stream) => ones(stream).leftOuterJoin(xs(stream), 3)],
    ['rightOuterJoin', (stream) => ones(stream).rightOuterJoin(xs(stream), 3)],
    ['fullOuterJoin', (stream) => ones(stream).fullOuterJoin(xs(stream), 3)],
  ];

  test.each(shuffles)('%s puts keys where Spark’s HashPartitioner does', async (_, program) => {
    expect(places(await outputsOf([keys], (stream) => program(stream).glom()))).toEqual(inThree);
  });

  test('are where the function of partitionBy says, every pair of the batch among them', async () => {
    const byLength = (key: string, numPartitions: number) => key.length % numPartitions;
    const outputs = await outputsOf([['a', 'bb', 'a', 'cccc']], (stream) =>
      ones(stream).partitionBy(3, byLength).glom(),
    );
    expect(outputs[0]).toEqual([
      [],
      [
        ['a', 1],
        ['a', 1],
        ['cccc', 1],
      ],
      [['bb', 1]],
    ]);
  });

  test('are refused where that function gives none that is there', async () => {
    const outputs = outputsOf([['a']], (stream) => ones(stream).partitionBy(3, () => 3));
    await expect(outputs).rejects.toThrow('partitionBy: expected a partition below 3, got 3 [operator partitionBy-2');
  });

  test('there are as many as the context’s defaultParallelism, which is 1 by default', async () => {
    const grouped = (stream: DStream<string>) => ones(stream).groupByKey().glom();
    expect((await outputsOf([keys], grouped))[0]).toHaveLength(1);
    expect((await outputsOf([keys], grouped, { defaultParallelism: 4 }))[0]).toHaveLength(4);
  });

  test('mapValues and flatMapValues keep them', async () => {
    const outputs = await outputsOf([keys], (stream) =>
      ones(stream)
        .groupByKey(3)
        .mapValues((group) => group.length)
        .flatMapValues((n) => [n])
        .glom(),
    );
    expect(places(outputs)).toEqual(inThree);
  });
});
