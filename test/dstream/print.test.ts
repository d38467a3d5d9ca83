import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DStream } from '../../src/dstream/dstream.ts';
import { StreamingContext } from '../../src/dstream/streaming-context.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { to } from './outputs-of.ts';

afterEach(() => void vi.unstubAllEnvs());

const RULE = '-'.repeat(43);

/** What a program prints of one batch of these records. */
async function printed<T>(
  records: readonly T[],
  print: (stream: DStream<T>) => void,
  batchTime = 1_357_008_430_000,
): Promise<string> {
  let text = '';
  const driver = new TestDriver({ startMs: batchTime - 1, batchDurationMs: 1, output: (more) => (text += more) });
  print(driver.context.queueStream([records]));
  await driver.runBatches(1);
  await driver.stop();
  return text;
}

/** The lines under the rule, without the empty one at the end. */
const listed = (text: string) => text.split('\n').slice(3, -2);
const scala = async (record: unknown) => listed(await printed([record], (stream) => stream.print()))[0];
const python = async (record: unknown) => listed(await printed([record], (stream) => stream.pprint()))[0];

describe('print', () => {
  test('prints as Spark’s programming guide shows', async () => {
    const records = [
      ['hello', 1],
      ['world', 1],
      ['again', 1],
    ];
    expect(await printed(records, (stream) => stream.print(2))).toBe(
      `${RULE}\nTime: 1357008430000 ms\n${RULE}\n(hello,1)\n(world,1)\n...\n\n`,
    );
  });

  test('prints the heading of an empty batch', async () => {
    expect(await printed([], (stream) => stream.print())).toBe(`${RULE}\nTime: 1357008430000 ms\n${RULE}\n\n`);
  });

  test('writes values as Scala does', async () => {
    expect(await scala('a, b')).toBe('a, b');
    expect(await scala([['a', ['b', 2]], null, undefined, true])).toBe('((a,(b,2)),null,None,true)');
    expect(await scala(Float64Array.of(1, 2.5))).toBe('[1,2.5]');
    expect(await scala({ a: 1, b: ['c'] })).toBe('{"a":1,"b":["c"]}');
    expect(await scala(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
    expect(await scala(new URL('http://a.b/'))).toBe('http://a.b/');
  });
});

describe('pprint', () => {
  const at = (time: number) => printed(['x'], (stream) => stream.pprint(), time).then((text) => text.split('\n')[1]);

  test('prints as PySpark does: the example of pyspark.streaming', async () => {
    vi.stubEnv('TZ', 'UTC');
    const time = Date.UTC(2014, 9, 14, 15, 25, 21);
    expect(await printed([['hello', 1], 'world'], (stream) => stream.pprint(), time)).toBe(
      `${RULE}\nTime: 2014-10-14 15:25:21\n${RULE}\n('hello', 1)\nworld\n\n`,
    );
  });

  test('prints the heading of an empty batch', async () => {
    vi.stubEnv('TZ', 'UTC');
    expect(await printed([], (stream) => stream.pprint(), 1000)).toBe(
      `${RULE}\nTime: 1970-01-01 00:00:01\n${RULE}\n\n`,
    );
  });

  test('prints microseconds only where there are any', async () => {
    vi.stubEnv('TZ', 'UTC');
    expect(await at(Date.UTC(2024, 0, 2, 3, 4, 5))).toBe('Time: 2024-01-02 03:04:05');
    expect(await at(Date.UTC(2024, 0, 2, 3, 4, 5, 250))).toBe('Time: 2024-01-02 03:04:05.250000');
    expect(await at(Date.UTC(2024, 0, 2, 3, 4, 5, 7))).toBe('Time: 2024-01-02 03:04:05.007000');
  });

  test.each([
    ['Asia/Kolkata', '2014-10-14 20:55:21'],
    ['America/New_York', '2014-10-14 11:25:21'],
    ['Pacific/Kiritimati', '2014-10-15 05:25:21'],
  ])('prints the time of the place: %s', async (timeZone, text) => {
    vi.stubEnv('TZ', timeZone);
    expect(await at(Date.UTC(2014, 9, 14, 15, 25, 21))).toBe(`Time: ${text}`);
  });

  /** The expected texts are what Python 3 prints for the same value. */
  test.each([
    [['a', 1], "('a', 1)"],
    [['a'], "('a',)"],
    [[], '()'],
    [[['k', [1, null]], true, false], "(('k', (1, None)), True, False)"],
    [['it’s', "it's", `"`, `'"`], `('it’s', "it's", '"', '\\'"')`],
    [['a\\b', 'tab\t', 'line\n', '\r', '\u0007'], "('a\\\\b', 'tab\\t', 'line\\n', '\\r', '\\x07')"],
    [[undefined, Number.NaN, Infinity, -Infinity], '(None, nan, inf, -inf)'],
    [[0.5, 1e-7, 1.5e300], '(0.5, 1e-07, 1.5e+300)'],
    [{ a: [1, 2], b: 'c' }, "{'a': (1, 2), 'b': 'c'}"],
    ['a string stands\tas it is', 'a string stands\tas it is'],
    [null, 'None'],
    [Float64Array.of(1, Number.NaN), '[1, nan]'],
  ])('prints %j as Python does', async (record, text) => {
    expect(await python(record)).toBe(text);
  });
});

describe.each(['print', 'pprint'] as const)('%s', (method) => {
  const numbers = (count: number, num?: number) =>
    printed(to(1, count), (stream) => (num === undefined ? stream[method]() : stream[method](num))).then(listed);

  test('prints 10 records unless told otherwise, and says when there are more', async () => {
    const ten = to(1, 10).map(String);
    expect(await numbers(9)).toEqual(ten.slice(0, 9));
    expect(await numbers(10)).toEqual(ten);
    expect(await numbers(11)).toEqual([...ten, '...']);
  });

  test('prints as many as it is told', async () => {
    expect(await numbers(3, 3)).toEqual(['1', '2', '3']);
    expect(await numbers(4, 3)).toEqual(['1', '2', '3', '...']);
    expect(await numbers(4, 0)).toEqual(['...']);
    expect(await numbers(0, 0)).toEqual([]);
  });

  test.each([-1, 1.5, Number.NaN])('refuses to print %d records', (num) => {
    const stream = new StreamingContext(1000).queueStream([[1]]);
    expect(() => stream[method](num)).toThrow(`${method}: expected a whole number of records, got ${num}`);
  });
});
