import { parse } from 'csv-parse/sync';
import { DataError, type LineBlock, messageOf, type UnitColumn, UsageError } from '../../index.ts';
import type { CsvColumns } from '../csv-columns.ts';

const [COMMA, QUOTE, MINUS, POINT, ZERO, NINE] = [44, 34, 45, 46, 48, 57];

/** Digits of which a whole number is exact, and so is what a power of ten makes of it. */
const MOST_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);

/** The fields of one CSV line after the other, as bytes: only those that are asked for become texts or numbers. */
export class LineFields {
  readonly #names: readonly string[];
  #bytes: Buffer = Buffer.alloc(0);
  /** Where each field begins, and behind the last, each with one byte between. */
  readonly #starts: Int32Array;

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
  read(block: LineBlock, line: number): void {
    this.#bytes = block.bytes;
    let found = this.#findFields(block.startOf(line), block.endOf(line));
    if (found < 0) found = this.#readQuoted(block.lineAt(line));
    if (found === this.#names.length) return;
    throw new DataError('bad-record', `expected ${this.#names.length} fields, got ${found} in "${block.lineAt(line)}"`);
  }

  text(index: number): string {
    return this.#bytes.toString('utf8', this.#starts[index]!, this.#starts[index + 1]! - 1);
  }

  /** Adds a field to a column of units. */
  pushTo(units: UnitColumn, index: number): void {
    units.pushUtf8(this.#bytes, this.#starts[index]!, this.#starts[index + 1]! - 1);
  }

  /** Throws `DataError` (`wrong-type`) for what is no finite number. */
  number(index: number): number {
    const value = decimal(this.#bytes, this.#starts[index]!, this.#starts[index + 1]! - 1);
    if (!Number.isNaN(value)) return value;
    const field = this.text(index);
    const other = Number(field);
    if (Number.isFinite(other) && field.trim() !== '') return other;
    throw this.#wrongType(index, 'a number');
  }

  /** A chance above 0 and at most 1. Throws `DataError` (`wrong-type`) for what is none. */
  propensity(index: number): number {
    const value = this.number(index);
    if (value > 0 && value <= 1) return value;
    throw this.#wrongType(index, 'a chance above 0 and at most 1');
  }

  /** Milliseconds since 1970, of such a number or a date such as 2001-01-31T23:30:00Z. */
  time(index: number): number {
    const field = this.text(index);
    const value = /^-?\d+$/.test(field) ? Number(field) : Date.parse(field);
    if (Number.isFinite(value)) return value;
    throw this.#wrongType(index, 'a date such as 2001-01-31T23:30:00Z, or milliseconds since 1970');
  }

  /** Which of these texts, as bytes, a field is; −1 for another. */
  oneOf(index: number, texts: readonly Uint8Array[]): number {
    const start = this.#starts[index]!;
    const length = this.#starts[index + 1]! - 1 - start;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i]!;
      if (text.length === length && isAt(this.#bytes, start, text)) return i;
    }
    return -1;
  }

  /** How many there are, of which no more than there are columns are told apart; −1 where one may be in quotes. */
  #findFields(from: number, to: number): number {
    const [bytes, starts] = [this.#bytes, this.#starts];
    let fields = 0;
    starts[0] = from;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) return -1;
      if (byte !== COMMA) continue;
      fields++;
      if (fields < starts.length) starts[fields] = at + 1;
    }
    fields++;
    if (fields < starts.length) starts[fields] = to + 1;
    return fields;
  }

  /** As `#findFields`, of a line with quotes, without them. */
  #readQuoted(line: string): number {
    const fields = parsed(line);
    this.#bytes = Buffer.from(fields.join(','));
    let at = 0;
    for (let i = 0; i < this.#starts.length; i++) {
      this.#starts[i] = at;
      at += Buffer.byteLength(fields[i] ?? '') + 1;
    }
    return fields.length;
  }

  #wrongType(index: number, expected: string): DataError {
    const got = JSON.stringify(this.text(index));
    return new DataError('wrong-type', `column ${this.#names[index]}: expected ${expected}, got ${got}`);
  }
}

/**
 * The number that `-12.34` and the like spell, exactly rounded, as a whole number and a power of ten that are both exact: NaN for
 * what has more digits or another form, which `Number` may still know.
 */
function decimal(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = bytes[from] === MINUS && from < to;
  const first = isNegative ? from + 1 : from;
  let whole = 0;
  let point = to;
  for (let at = first; at < to; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) whole = 10 * whole + byte - ZERO;
    else if (byte === POINT && point === to) point = at;
    else return Number.NaN;
  }
  const decimals = to - Math.min(point + 1, to);
  const digits = to - first - (point < to ? 1 : 0);
  if (digits === 0 || digits > MOST_DIGITS) return Number.NaN;
  const value = whole / POWERS_OF_TEN[decimals]!;
  return isNegative ? -value : value;
}

function isAt(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

function parsed(line: string): readonly string[] {
  try {
    return parse(line)[0] ?? [];
  } catch (cause) {
    throw new DataError('bad-record', `expected a line of CSV, got "${line}" (${messageOf(cause)})`, { cause });
  }
}
