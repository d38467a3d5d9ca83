import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineFields } from '../../src/cli/abtest/line-fields.ts';
import { CsvColumns } from '../../src/cli/csv-columns.ts';
import { LineBlock } from '../../src/index.ts';

/** The fields of a line with as many columns. */
function fieldsOf(line: string, columns: number): LineFields {
  const fields = new LineFields(new CsvColumns(Array.from({ length: columns }, (_, i) => `c${i}`)));
  fields.read(LineBlock.of(['the line before', line]), 1);
  return fields;
}

const decimals = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^\d{0,18}$/),
    fc.constantFrom('', '.'),
    fc.stringMatching(/^\d{0,18}$/),
  )
  .map((parts) => parts.join(''));

describe('LineFields', () => {
  it('reads every number as JavaScript does, to the last bit', () => {
    const texts = fc.oneof(
      decimals,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text !== '' && !Number.isNaN(Number(text)));
        expect(fieldsOf(`a,${text},b`, 3).number(1)).toBe(Number(text));
      }),
    );
    for (const text of ['1e3', ' 7 ', '+4', '0x10', '.5', '5.', '-0', '9007199254740993', '0.1234567890123456789']) {
      expect(fieldsOf(text, 1).number(0)).toBe(Number(text));
    }
  });

  it.each(['', ' ', '-', '.', '-.', '1.2.3', '--1', '1-', 'NaN', 'Infinity', 'é'])(
    'says of %j that it is no number',
    (text) => {
      const fields = fieldsOf(`${text},x`, 2);
      expect(() => fields.number(0)).toThrow(`column c0: expected a number, got ${JSON.stringify(text)}`);
    },
  );

  it('tells fields apart, in any script and in quotes, and one of given names', () => {
    const fields = fieldsOf('naïve,"a, ""b""",,🙂', 4);
    expect([0, 1, 2, 3].map((index) => fields.text(index))).toEqual(['naïve', 'a, "b"', '', '🙂']);
    const plain = fieldsOf('new,old', 2);
    const names = ['old', 'new', 'newer', ''].map((name) => Buffer.from(name));
    expect([plain.oneOf(0, names), plain.oneOf(1, names), fieldsOf('ne', 1).oneOf(0, names)]).toEqual([1, 0, -1]);
  });

  it('says of a line how many fields it has, and what is no line of CSV', () => {
    expect(() => fieldsOf('a,b', 3)).toThrow('expected 3 fields, got 2 in "a,b"');
    expect(() => fieldsOf('a,b,c,d', 3)).toThrow('expected 3 fields, got 4');
    expect(() => fieldsOf('"a",b', 3)).toThrow('expected 3 fields, got 2');
    expect(() => fieldsOf('"a', 1)).toThrow('expected a line of CSV');
  });

  it('reads times and propensities', () => {
    const fields = fieldsOf('2001-01-31T23:30:00Z,981,0.25,1.5,yesterday', 5);
    expect([fields.time(0), fields.time(1), fields.propensity(2)]).toEqual([Date.UTC(2001, 0, 31, 23, 30), 981, 0.25]);
    expect(() => fields.propensity(3)).toThrow('expected a chance above 0 and at most 1, got "1.5"');
    expect(() => fields.time(4)).toThrow('expected a date');
  });
});
