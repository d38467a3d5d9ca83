import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonRows } from '../../src/numeric/json-rows.ts';

const decimal = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, min: -1000, max: 1000 }).map(String),
  fc.integer({ min: -99_999, max: 99_999 }).map((n) => String(n / 100)),
  // Digits of any length around a point, with an exponent: beyond 64 bits, too, and beyond the powers that the kernel has.
  fc
    .tuple(
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.integer({ min: 0, max: 24 }),
      fc.option(fc.integer({ min: -90, max: 90 })),
    )
    .map(([digits, decimals, exponent]) => {
      const text = String(digits).padStart(decimals + 1, '0');
      const number = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
      return exponent === null ? number : `${number}e${exponent}`;
    }),
  // Halfway between two doubles, or next to it.
  fc
    .tuple(
      fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n }),
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: -1, max: 1 }),
    )
    .map(([mantissa, shift, beside]) => String((2n * mantissa + 1n) * 2n ** BigInt(shift) + BigInt(beside))),
  fc.constantFrom('-0', '0.0', '1E5', '1e+5', '1e-400', '4.9e-324', '2.2250738585072011e-308', '9007199254740993'),
);

/** What a kernel and `JSON.parse` make of the same texts, which lie in one piece with a byte between them. */
function read(names: readonly string[], texts: readonly (string | undefined)[], between = '0') {
  const bytes = Buffer.from(texts.map((text) => text ?? '').join(between));
  const places = new Int32Array(2 * texts.length);
  let at = 0;
  for (const [i, text] of texts.entries()) {
    const length = Buffer.byteLength(text ?? '');
    places.set(text === undefined ? [-1, -1] : [at, at + length], 2 * i);
    at += length + 1;
  }
  const columns = names.map(() => new Float64Array(texts.length));
  const unusual: number[] = [];
  const rows = new JsonRows(names).read({ bytes, places }, columns, 0, (index) => {
    unusual.push(index);
    return false;
  });
  return { rows: Array.from({ length: rows }, (_, i) => columns.map((column) => column[i]!)), unusual };
}

describe('the kernel that reads JSON', () => {
  it('reads the numbers that JSON.parse reads, to the bit', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(decimal, decimal), { minLength: 1, maxLength: 50 }), (rows) => {
        const texts = rows.map(([a, b], i) => (i % 2 === 0 ? `{"a":${a},"b":${b}}` : `[${a}, ${b}]`));
        const expected = rows.map((row) => row.map((text) => JSON.parse(text)));
        expect(read(['a', 'b'], texts)).toEqual({ rows: expected, unusual: [] });
      }),
      { numRuns: 2000 },
    );
  });

  it('reads fields in any order, with space, and beside others', () => {
    const names = ['delay', 'a', 'distance in kilometres', 'é'];
    const texts = [
      '{"delay":1,"a":2,"distance in kilometres":3,"é":4}',
      ' { "é" : 4 , "distance in kilometres"\n:\t3,\r"a": 2, "delay": 1 } ',
      '{"b":"x","a":2,"n":null,"delay":1,"t":true,"f":false,"distance in kilometre":9,"distance in kilometres":3,"x":-1.5e3,"é":4}',
      '{"a":7,"delay":1,"a":2,"é":4,"distance in kilometres":3}',
      '[1,2,3,4]',
    ];
    expect(read(names, texts)).toEqual({ rows: texts.map(() => [1, 2, 3, 4]), unusual: [] });
  });

  it('asks where a text is unusual, whatever follows it', () => {
    const texts = [
      '{"a":1',
      '{"a":1}}',
      '{"a":01}',
      '{"a":1.}',
      '{"a":.5}',
      '{"a":+1}',
      '{"a":1e}',
      '{"a":1e999}',
      '{"a":-}',
    ];
    texts.push(
      '{"a":1,}',
      '{"b":1}',
      '{"a":"1"}',
      '{"\\u0061":1}',
      '{"b":{},"a":1}',
      '[1,2]',
      '[]',
      '{}',
      '',
      '1',
      '{"a" 1}',
    );
    for (const between of ['}', ']', '0', ' ', '.', '"', ',', '\0']) {
      expect(read(['a'], texts, between)).toEqual({ rows: [], unusual: texts.map((_, i) => i) });
    }
    expect(read(['a"b', 'c\\'], ['{"a"b":1,"c\\":2}'])).toEqual({ rows: [], unusual: [0] });
  });

  it('reads as many rows as there are, of any length, around those that are absent', () => {
    const long = `{"x":"${'y'.repeat(200_000)}","a":5}`;
    const middle = `{"x":"${'y'.repeat(100_000)}","a":6}`;
    const texts = [
      undefined,
      ...Array.from({ length: 3000 }, (_, i) => `{"a":${i}}`),
      undefined,
      middle,
      middle,
      long,
      '{"a":7}',
    ];
    const { rows, unusual } = read(['a'], texts);
    expect(rows.flat()).toEqual([...Array(3000).keys(), 6, 6, 7]);
    expect(unusual).toEqual([0, 3001, 3004]);
  });
});
