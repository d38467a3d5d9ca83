import { expect, test } from 'vitest';
import { isPlainObject, recordText } from '../../src/sinks/record-text.ts';

/** Spark's `toString` of tuples and vectors; None for what an outer join did not find. */
test.each([
  ['as it is, "quoted"', 'as it is, "quoted"'],
  [1.5, '1.5'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'None'],
  [10n, '10'],
  [['a', 1], '(a,1)'],
  [['a', [1, undefined]], '(a,(1,None))'],
  [[], '()'],
  [Float64Array.of(0.5, -1), '[0.5,-1]'],
  [['k', Float64Array.of(1, 2)], '(k,[1,2])'],
  [{ a: ['b', 1] }, '{"a":["b",1]}'],
  [{ id: 2n ** 63n }, '{"id":"9223372036854775808"}'],
  [/(?<year>\d+)/.exec('in 2014')!.groups, '{"year":"2014"}'],
  [new URL('http://host/'), 'http://host/'],
])('%s', (record, text) => {
  expect(recordText(record)).toBe(text);
});

test('plain objects are those that no class has made', () => {
  expect([{}, Object.create(null)].map(isPlainObject)).toEqual([true, true]);
  expect([null, undefined, 'a', 1, [], new Map(), new URL('http://host/')].map(isPlainObject)).toEqual(
    Array(7).fill(false),
  );
});
