import { type Examples, labelProblem } from '../batch/examples.ts';
import { DataError, excerpt, messageOf, UsageError } from '../errors.ts';
import { JsonRows, type Texts } from '../numeric/json-rows.ts';
import type { PartitionRecords } from './partition-records.ts';

/** Called for a value that can't be a row. Throws to fail the batch, or returns to go on without the record. */
export type RejectValue = (partition: number, index: number, error: DataError) => void;

/**
 * Reads values that are JSON objects, or arrays of numbers, as columns: the numbers go from the bytes straight into
 * `Float64Array`s, and no record becomes an object. For records that are read as objects, see `jsonDeserializer`.
 *
 * `fields`: the names of the features in an object; of an array, only their number counts. A value that is no JSON, lacks a
 * field or holds anything but a finite number in one is a bad record; so is one with a label that is missing or, given
 * `numClasses`, none of the classes. Other fields are not looked at. Law (`json-columns.test.ts`): the columns are those of `JSON.parse`, to the bit.
 */
export class JsonColumns {
  readonly #names: readonly string[];
  readonly #width: number;
  readonly #numClasses: number | undefined;
  readonly #rows: JsonRows;

  constructor(fields: readonly string[], label?: string, numClasses?: number) {
    const names = label === undefined ? fields : [...fields, label];
    if (fields.length === 0) throw new UsageError('bad-option', 'JSON columns: expected at least one field, got none');
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new UsageError('bad-option', `JSON columns: '${twice}' is there twice`);
    if (numClasses !== undefined && !(label !== undefined && Number.isSafeInteger(numClasses) && numClasses >= 2)) {
      const expected = 'a label with a whole number of classes, 2 or more';
      throw new UsageError('bad-option', `JSON columns: numClasses: expected ${expected}, got ${numClasses}`);
    }
    this.#names = names;
    this.#numClasses = numClasses;
    this.#width = fields.length;
    this.#rows = new JsonRows(names, numClasses);
  }

  /** The rows of all partitions, in their order. `positions` are those of the records among all of the batch. */
  read(partitions: readonly PartitionRecords[], reject: RejectValue): Examples {
    const n = partitions.reduce((sum, { length }) => sum + length, 0);
    const columns = this.#names.map(() => new Float64Array(n));
    const rejected: number[] = [];
    let [rows, position] = [0, 0];
    for (const [partition, records] of partitions.entries()) {
      const begin = position;
      for (const stretch of records.valueStretches()) {
        rows = this.#rows.read(stretch, columns, rows, (index, row) => {
          try {
            this.#readUnusual(stretch, index, columns, row);
            return true;
          } catch (error) {
            if (!(error instanceof DataError)) throw error;
            reject(partition, position + index - begin, error);
            rejected.push(position + index);
            return false;
          }
        });
        position += stretch.places.length / 2;
      }
    }
    const read = columns.map((column) => column.subarray(0, rows));
    return {
      features: { rows, columns: read.slice(0, this.#width) },
      ...(read.length > this.#width && { labels: read[this.#width]! }),
      ...(rejected.length > 0 && { positions: allBut(rejected, n) }),
    };
  }

  /** Of an unusual value, the numbers; of a bad one, a `DataError` that says what is wrong. */
  #readUnusual({ bytes, places }: Texts, index: number, columns: readonly Float64Array[], row: number): void {
    const [start, end] = [places[2 * index]!, places[2 * index + 1]!];
    if (start < 0) throw new DataError('bad-record', 'JSON columns: expected a value, got a record without one');
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    const value = parsed(text);
    if (Array.isArray(value) && value.length !== this.#names.length) {
      throw new DataError(
        'wrong-width',
        `JSON columns: expected ${this.#names.length} numbers, got ${value.length} in ${quoted(text)}`,
      );
    }
    for (const [j, name] of this.#names.entries()) columns[j]![row] = numberOf(value, j, name, text);
    const problem = this.#numClasses && labelProblem(columns[this.#width]![row], this.#numClasses);
    if (problem) throw problem;
  }
}

/** Int32Array[n − r]: the numbers from 0 to n − 1 without those r, which are in order. */
function allBut(left: readonly number[], n: number): Int32Array {
  let next = 0;
  const without = new Int32Array(n - left.length);
  for (let i = 0; i < n; i++) {
    if (i === left[next]) next++;
    else without[i - next] = i;
  }
  return without;
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
