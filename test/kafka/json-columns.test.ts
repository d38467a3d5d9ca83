import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataError } from '../../src/errors.ts';
import { JsonColumns } from '../../src/kafka/json-columns.ts';
import { recordsOfValues } from './partition-records-of.ts';

/** What is read of these values, and what is said of those that can't be. */
function read(fields: readonly string[], values: readonly (string | null)[], label?: string, numClasses?: number) {
  const rejected: [index: number, error: DataError][] = [];
  const examples = new JsonColumns(fields, label, numClasses).read([recordsOfValues(values)], (_, index, error) => {
    rejected.push([index, error]);
  });
  const { rows, columns } = examples.features;
  const rowsRead = Array.from({ length: rows }, (_, i) => columns.map((column) => column[i]!));
  return { examples, rows: rowsRead, rejected };
}

describe('JSON columns', () => {
  it('read objects, whatever the order of their fields, and arrays', () => {
    const values = [
      '{"a":1,"b":-2.5}',
      ' { "b" : 4e2 , "c" : "x", "a" : 3 } ',
      '[5,6]',
      '{"\\u0061":7,"b":8,"d":[{}]}',
    ];
    expect(read(['a', 'b'], values)).toMatchObject({
      rows: [
        [1, -2.5],
        [3, 400],
        [5, 6],
        [7, 8],
      ],
      rejected: [],
    });
  });

  it('read a label apart', () => {
    const { examples } = read(['a'], ['{"a":1,"y":0}', '{"a":2,"y":1}'], 'y');
    expect(examples.labels).toEqual(Float64Array.of(0, 1));
  });

  it('leave a label that is no class to the policy', () => {
    const values = [
      '{"a":1,"y":1}',
      '{"a":2,"y":2}',
      '{"a":3,"y":0.5}',
      '{"a":4,"y":-1}',
      '{"\\u0061":5,"y":2}',
      '[6,0]',
    ];
    const { rows, rejected, examples } = read(['a'], values, 'y', 2);
    expect(rows).toEqual([[1], [6]]);
    expect(examples.labels).toEqual(Float64Array.of(1, 0));
    expect(rejected.map(([index, { message }]) => [index, message])).toEqual([
      [1, 'label: expected 0 or 1, got 2'],
      [2, 'label: expected 0 or 1, got 0.5'],
      [3, 'label: expected 0 or 1, got -1'],
      [4, 'label: expected 0 or 1, got 2'],
    ]);
    expect(() => new JsonColumns(['a'], undefined, 2)).toThrow('expected a label with a whole number of classes');
    expect(() => new JsonColumns(['a'], 'y', 1)).toThrow('2 or more, got 1');
  });

  it('give the numbers of JSON.parse, to the bit', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.integer().map(String),
      fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 30 })).map(([digits, decimals]) => {
        const text = String(digits).padStart(decimals + 1, '0');
        return decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
      }),
      fc.constantFrom('-0', '0.0', '1E5', '1e+5', '123456789012345678901234567890', '4.9e-324', '0.1e-7'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1 }), (rows) => {
        const values = rows.map(([a, b], i) => (i % 2 === 0 ? `{"a":${a},"b":${b}}` : `[${a}, ${b}]`));
        const expected = rows.map(([a, b]) => [JSON.parse(a), JSON.parse(b)]);
        expect(read(['a', 'b'], values)).toMatchObject({ rows: expected, rejected: [] });
      }),
    );
  });

  it('take what JSON.parse takes, and nothing else', () => {
    const piece = fc.constantFrom(...'{}[],:"\\ \n01-.eE+ab', '"a"', '"b":', '12', 'null', 'tru', 'é', '{"a":1,"b":2}');
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const object = fc.array(piece, { maxLength: 3 }).map((pieces) => `{"a":1,${pieces.join('')}"b":2}`);
    fc.assert(
      fc.property(fc.oneof(text, object), (value) => {
        let expected: unknown[] = [];
        try {
          const parsed = JSON.parse(value);
          const row = Array.isArray(parsed) ? parsed : [parsed.a, parsed.b];
          if (row.length === 2 && row.every(Number.isFinite)) expected = [row];
        } catch {}
        expect(read(['a', 'b'], [value]).rows).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a":1', 'bad-record', 'expected JSON, got {"a":1'],
    ['{"a":"1"}', 'wrong-type', 'JSON field a: expected a finite number, got "1" in {"a":"1"}'],
    ['{"a":null}', 'wrong-type', 'JSON field a: expected a finite number, got null'],
    ['{"b":1}', 'wrong-type', 'JSON field a: expected a finite number, got none in {"b":1}'],
    ['7', 'wrong-type', 'JSON field a: expected a finite number, got none in 7'],
    ['{"a":1e999}', 'wrong-type', 'JSON field a: expected a finite number'],
    ['[1,2]', 'wrong-width', 'JSON columns: expected 1 numbers, got 2 in [1,2]'],
    [null, 'bad-record', 'JSON columns: expected a value, got a record without one'],
  ])('leave %s to the policy', (value, code, message) => {
    const { rows, rejected, examples } = read(['a'], ['{"a":0}', value, '{"a":2}']);
    expect(rows).toEqual([[0], [2]]);
    expect(examples.positions).toEqual(Int32Array.of(0, 2));
    expect(rejected).toEqual([[1, expect.objectContaining({ code, message: expect.stringContaining(message) })]]);
  });

  it('refuse fields that are none, or twice', () => {
    expect(() => new JsonColumns([])).toThrow('expected at least one field');
    expect(() => new JsonColumns(['a', 'b'], 'a')).toThrow("'a' is there twice");
  });
});
