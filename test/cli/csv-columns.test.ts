import { describe, expect, it } from 'vitest';
import { CsvColumns } from '../../src/cli/csv-columns.ts';
import { DataError, UsageError } from '../../src/index.ts';

const columns = CsvColumns.fromHeader('date, delay,distance');

describe('CsvColumns', () => {
  it('reads the wanted columns in the wanted order', () => {
    const read = columns.numbers(['distance', 'delay'], '--features');
    expect(read('2001-01-01T00:01,-8,95.5')).toEqual([95.5, -8]);
    expect(read('x,1e3, 7 ')).toEqual([7, 1000]);
  });

  it('reads quoted fields', () => {
    const read = columns.numbers(['delay'], '--features');
    expect(read('"a, b","5",6')).toEqual([5]);
    expect(read('"say ""no""",5,6')).toEqual([5]);
    expect(CsvColumns.fromHeader('"a,b",c').names).toEqual(['a,b', 'c']);
  });

  it('reads the hour of a date', () => {
    const read = columns.numbers(['hour(date)', 'delay'], '--features');
    expect(read('2001-01-31T23:30,1,2')).toEqual([23.5, 1]);
    expect(read('2001-01-31 06:15:59,1,2')).toEqual([6.25, 1]);
    expect(() => read('31.1.2001,1,2')).toThrow(
      new DataError('wrong-type', 'column date: expected a date and time such as 2001-01-31T23:30, got "31.1.2001"'),
    );
  });

  it.each(['', ' ', 'abc', '1,5x', 'NaN', 'Infinity'])('says of the field %j that it is no number', (field) => {
    const read = new CsvColumns(['a']).numbers(['a'], '--features');
    const line = field.includes(',') ? `"${field}"` : field;
    expect(() => read(line)).toThrow(
      new DataError('wrong-type', `column a: expected a number, got ${JSON.stringify(field)}`),
    );
  });

  it('says of a line that it has too few fields, or a quote that does not end', () => {
    const read = columns.numbers(['delay'], '--features');
    expect(() => read('1,2')).toThrow('expected 3 fields (date,delay,distance), got 2 in "1,2"');
    expect(() => read('1,2,3,4')).toThrow('got 4');
    expect(() => read('1,"2,3')).toThrow('expected a line of CSV, got "1,\\"2,3"');
    expect(() => read('1,"2,3')).toThrow(DataError);
  });

  it('names a column that is not there, with the option that asked for it', () => {
    const expected = "--features: no column 'speed'; the columns are date, delay, distance";
    expect(() => columns.numbers(['delay', 'speed'], '--features')).toThrow(new UsageError('bad-option', expected));
    expect(() => columns.numbers(['hour(speed)'], '--features')).toThrow(expected);
  });

  it('refuses a name that is there twice', () => {
    expect(() => new CsvColumns(['a', 'b', 'a'])).toThrow("columns: 'a' is there twice");
  });
});
