import { expect, test } from 'vitest';
import { Milliseconds, Minutes, Seconds, toMilliseconds } from '../../src/batch/duration.ts';
import { UsageError } from '../../src/errors.ts';

test.each<[number | string, number]>([
  [1, 1],
  [1000, 1000],
  ['1 second', 1000],
  ['200 ms', 200],
  ['10 seconds', 10_000],
  ['10s', 10_000],
  ['1 minute', 60_000],
  ['2 hours', 7_200_000],
  ['1 day', 86_400_000],
  ['  3   MINUTES ', 180_000],
  ['1.5 seconds', 1500],
  ['2.3 seconds', 2300],
  ['1.005 seconds', 1005],
  ['1 millisecond', 1],
  [Milliseconds(5), 5],
  [Seconds(2), 2000],
  [Seconds(0.2), 200],
  [Seconds(2.3), 2300],
  [Seconds(1.005), 1005],
  [Minutes(1.5), 90_000],
])('%j is %d ms', (duration, ms) => {
  expect(toMilliseconds(duration, 'here')).toBe(ms);
});

test.each([
  ...[0, -1, 1.5, Number.NaN, Infinity, 2 ** 53, Seconds(0), Seconds(0.0005)],
  ...[
    '',
    ' ',
    'abc',
    '10',
    'second',
    '0 ms',
    '-1 second',
    '1.5 ms',
    '1e3 ms',
    '1 fortnight',
    '1 constructor',
    '1 second 2',
  ],
])('%j is no duration', (duration) => {
  expect(() => toMilliseconds(duration, 'here')).toThrow(UsageError);
  expect(() => toMilliseconds(duration, 'here')).toThrow(/^here: expected a duration of at least 1 ms/);
});

test.each([null, undefined, {}, []])('%j, from a program without types, is no duration', (duration) => {
  expect(() => toMilliseconds(duration as unknown as string, 'here')).toThrow(UsageError);
});
