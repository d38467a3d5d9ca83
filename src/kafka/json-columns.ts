import type { Examples } from '../batch/examples.ts';
import { DataError, excerpt, messageOf, UsageError } from '../errors.ts';
import { JsonNumbers } from './json-numbers.ts';
import type { PartitionRecords } from './partition-records.ts';

/** Called for a value that can't be a row. Throws to fail the batch, or returns to go on without the record. */
export type RejectValue = (partition: number, index: number, error: DataError) => void;

/**
 * Reads values that are JSON objects, or arrays of numbers, as columns: the numbers go from the bytes straight into
 * `Float64Array`s, and no record becomes an object. For records that are read as objects, see `jsonDeserializer`.
 *
 * `fields`: the names of the features in an object; of an array, only their number counts. A value that is no JSON, lacks a
 * field or holds anything but a finite number in one is a bad record; so is one with a label that is missing. Other
 * fields are not looked at. Law (`json-columns.test.ts`): the columns are those of `JSON.parse`, to the bit.
 */
export class JsonColumns {
  readonly #names: readonly string[];
  readonly #width: number;
  readonly #numbers: JsonNumbers;

  constructor(fields: readonly string[], label?: string) {
    const names = label === undefined ? fields : [...fields, label];
    if (fields.length === 0) throw new UsageError('bad-option', 'JSON columns: expected at least one field, got none');
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new UsageError('bad-option', `JSON columns: '${twice}' is there twice`);
    this.#names = names;
    this.#width = fields.length;
    this.#numbers = new JsonNumbers(names);
  }

  /** The rows of all partitions, in their order. `positions` are those of the records among all of the batch. */
  read(partitions: readonly PartitionRecords[], reject: RejectValue): Examples {
    const n = partitions.reduce((sum, { length }) => sum + length, 0);
    const columns = this.#names.map(() => new Float64Array(n));
    const row = new Float64Array(this.#names.length);
    let positions: Int32Array | undefined;
    let rows = 0;
    let position = 0;
    for (const [partition, records] of partitions.entries()) {
      records.forEachValue((bytes, start, end, index) => {
        try {
          if (!this.#numbers.read(bytes, start, end, row)) this.#readSlowly(bytes, start, end, row);
          for (let j = 0; j < columns.length; j++) columns[j]![rows] = row[j]!;
          if (positions !== undefined) positions[rows] = position;
          rows++;
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
          reject(partition, index, error);
          positions ??= Int32Array.from({ length: n }, (_, i) => i);
        }
        position++;
      });
    }
    const read = columns.map((column) => column.subarray(0, rows));
    return {
      features: { rows, columns: read.slice(0, this.#width) },
      ...(read.length > this.#width && { labels: read[this.#width]! }),
      ...(positions !== undefined && { positions: positions.subarray(0, rows) }),
    };
  }

  /** What the quick reader is not sure of: unusual values, which this reads, and bad ones, of which this says what is wrong. */
  #readSlowly(bytes: Buffer, start: number, end: number, row: Float64Array): void {
    if (start < 0) throw new DataError('bad-record', 'JSON columns: expected a value, got a record without one');
    const text = bytes.toString('utf8', start, end);
    const value = parsed(text);
    if (Array.isArray(value) && value.length !== this.#names.length) {
      throw new DataError(
        'wrong-width',
        `JSON columns: expected ${this.#names.length} numbers, got ${value.length} in ${quoted(text)}`,
      );
    }
    for (const [j, name] of this.#names.entries()) row[j] = numberOf(value, j, name, text);
  }
}

function numberOf(value: unknown, j: number, name: string, text: string): number {
  const field = Array.isArray(value) ? value[j] : ownField(value, name);
  if (typeof field === 'number' && Number.isFinite(field)) return field;
  const got = field === undefined ? 'none' : excerpt(field);
  throw new DataError('wrong-type', `JSON field ${name}: expected a finite number, got ${got} in ${quoted(text)}`);
}

function ownField(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError('bad-record', `expected JSON, got ${quoted(text)} (${messageOf(cause)})`, { cause });
  }
}

function quoted(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
