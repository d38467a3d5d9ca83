import { parse } from 'csv-parse/sync';
import { DataError, messageOf, UsageError } from '../../index.ts';
import type { CsvColumns } from '../csv-columns.ts';

/** The fields of one CSV line after the other, of which only those that are asked for become texts. */
export class LineFields {
  readonly #names: readonly string[];
  #line = '';
  /** Where each field begins, and behind the last. */
  readonly #starts: Int32Array;
  /** The fields of a line with quotes. */
  #parsed: readonly string[] | undefined;

  constructor({ names }: CsvColumns) {
    this.#names = names;
    this.#starts = new Int32Array(names.length + 1);
  }

  /** The index of a column. Throws `UsageError` for a name that is no column; `option`: where it was given. */
  indexOf(name: string, option: string): number {
    const index = this.#names.indexOf(name);
    if (index >= 0) return index;
    throw new UsageError('bad-option', `--${option}: no column '${name}'; the columns are ${this.#names.join(', ')}`);
  }

  /** Goes on to this line. Throws `DataError` (`bad-record`) where it has another number of fields. */
  read(line: string): void {
    this.#line = line;
    this.#parsed = line.includes('"') ? parsed(line) : undefined;
    const found = this.#parsed?.length ?? this.#findFields(line);
    if (found === this.#names.length) return;
    throw new DataError('bad-record', `expected ${this.#names.length} fields, got ${found} in "${line}"`);
  }

  text(index: number): string {
    return this.#parsed?.[index] ?? this.#line.slice(this.#starts[index]!, this.#starts[index + 1]! - 1);
  }

  /** Throws `DataError` (`wrong-type`) for what is no finite number. */
  number(index: number): number {
    const field = this.text(index);
    const value = Number(field);
    if (Number.isFinite(value) && (value !== 0 || field.trim() !== '')) return value;
    throw this.#wrongType(index, 'a number');
  }

  /** Milliseconds since 1970, of such a number or a date such as 2001-01-31T23:30:00Z. */
  time(index: number): number {
    const field = this.text(index);
    const value = /^-?\d+$/.test(field) ? Number(field) : Date.parse(field);
    if (Number.isFinite(value)) return value;
    throw this.#wrongType(index, 'a date such as 2001-01-31T23:30:00Z, or milliseconds since 1970');
  }

  /** The one of these texts that a field is, without making a text; undefined for another. */
  oneOf(index: number, texts: readonly string[]): string | undefined {
    if (this.#parsed !== undefined) return texts.find((each) => each === this.text(index));
    const start = this.#starts[index]!;
    const length = this.#starts[index + 1]! - 1 - start;
    for (const each of texts) if (each.length === length && this.#line.startsWith(each, start)) return each;
    return undefined;
  }

  /** How many there are; more than there are columns are not told apart. */
  #findFields(line: string): number {
    const starts = this.#starts;
    let fields = 0;
    for (let at = 0; ; ) {
      const comma = line.indexOf(',', at);
      fields++;
      at = comma < 0 ? line.length + 1 : comma + 1;
      if (fields < starts.length) starts[fields] = at;
      if (comma < 0) return fields;
    }
  }

  #wrongType(index: number, expected: string): DataError {
    const got = JSON.stringify(this.text(index));
    return new DataError('wrong-type', `column ${this.#names[index]}: expected ${expected}, got ${got}`);
  }
}

function parsed(line: string): readonly string[] {
  try {
    return (parse(line)[0] ?? []) as unknown as string[];
  } catch (cause) {
    throw new DataError('bad-record', `expected a line of CSV, got "${line}" (${messageOf(cause)})`, { cause });
  }
}
