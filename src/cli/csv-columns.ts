import { parse } from 'csv-parse/sync';
import { DataError, messageOf, UsageError } from '../index.ts';

/** Gives the numbers of a line, in the order in which they were asked for. Throws `DataError` for a line that it can't read. */
export type NumbersOfLine = (line: string) => number[];

/** The named columns of CSV lines. */
export class CsvColumns {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new UsageError('bad-option', `columns: '${twice}' is there twice`);
  }

  /** Columns named by a header line. */
  static fromHeader(line: string): CsvColumns {
    return new CsvColumns(fieldsOf(line).map((name) => name.trim()));
  }

  /**
   * A reader of these columns: each the name of a numeric column, or `hour(NAME)`, the hour of day in a date such as
   * `2001-01-31T23:30`, here 23.5. Throws `UsageError` for a name that is no column; `option` says where it was given.
   */
  numbers(wanted: readonly string[], option: string): NumbersOfLine {
    const readers = wanted.map((name) => this.#reader(name, option));
    return (line) => {
      const fields = fieldsOf(line);
      if (fields.length !== this.names.length) {
        throw new DataError(
          'bad-record',
          `expected ${this.names.length} fields (${this.names.join(',')}), got ${fields.length} in "${line}"`,
        );
      }
      return readers.map((read) => read(fields));
    };
  }

  /** Throws as `numbers` does for a name that is no column. */
  check(wanted: readonly string[], option: string): void {
    for (const name of wanted) this.#reader(name, option);
  }

  #reader(name: string, option: string): (fields: readonly string[]) => number {
    const [, dateColumn] = /^hour\((.+)\)$/.exec(name) ?? [];
    const column = dateColumn ?? name;
    const index = this.names.indexOf(column);
    if (index < 0) {
      throw new UsageError('bad-option', `${option}: no column '${column}'; the columns are ${this.names.join(', ')}`);
    }
    return dateColumn === undefined
      ? (fields) => numberOf(fields[index]!, column)
      : (fields) => hourOf(fields[index]!, column);
  }
}

/** The fields of one CSV line. */
function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  try {
    return parse(line)[0] as unknown as string[];
  } catch (cause) {
    throw new DataError('bad-record', `expected a line of CSV, got ${JSON.stringify(line)} (${messageOf(cause)})`, {
      cause,
    });
  }
}

function numberOf(field: string, column: string): number {
  const value = Number(field);
  if (field.trim() === '' || !Number.isFinite(value)) throw wrongType(column, 'a number', field);
  return value;
}

function hourOf(field: string, column: string): number {
  const [, hours, minutes] = /^\d{4}-\d\d-\d\d[T ](\d\d):(\d\d)/.exec(field) ?? [];
  if (hours === undefined) throw wrongType(column, 'a date and time such as 2001-01-31T23:30', field);
  return Number(hours) + Number(minutes) / 60;
}

function wrongType(column: string, expected: string, got: string): DataError {
  return new DataError('wrong-type', `column ${column}: expected ${expected}, got ${JSON.stringify(got)}`);
}
