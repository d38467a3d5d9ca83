import { DataError, excerpt } from '../errors.ts';
import { isSparse, type LabeledPoint, type Vector } from './vector.ts';

/**
 * A matrix of features, column-major: `columns[j][i]` is feature `j` of row `i`. Learners read it and never keep it.
 */
export interface Features {
  /** Number of rows, n. */
  readonly rows: number;
  /** d columns, each a Float64Array[n]. */
  readonly columns: readonly Float64Array[];
}

/** What a learner is shown of one micro-batch. */
export interface Examples {
  readonly features: Features;
  /** Float64Array[n]; absent where nothing is to be predicted (clustering, scoring). */
  readonly labels?: Float64Array;
  /** For each row, the position of the record it came from. Rejected records have no row. */
  readonly positions: Int32Array;
}

/** Called for a record that can't be a row. Throws to fail the batch, or returns to go on without the record. */
export type Reject = (position: number, error: DataError) => void;

/**
 * Turns records into columns, checking each number on the way.
 *
 * `records`: n vectors, dense or sparse, all of `width` features. `reject` decides about records of another width, or with
 * a value that is not a finite number. Nothing given is changed or kept. Cost: O(n · width).
 */
export function assembleFeatures(records: readonly Vector[], width: number, reject: Reject): Examples {
  const filler = new ColumnFiller(records.length, width);
  for (let i = 0; i < records.length; i++) {
    const problem = filler.add(records[i]!, i);
    if (problem !== undefined) reject(i, problem);
  }
  return filler.examples();
}

/** As `assembleFeatures`, for records that carry a label; a label that is not finite is a bad record too. */
export function assembleLabeled(records: readonly LabeledPoint[], width: number, reject: Reject): Examples {
  const filler = new ColumnFiller(records.length, width);
  const labels = new Float64Array(records.length);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    const row = filler.rows;
    const label: unknown = record?.label;
    const problem = isFiniteNumber(label) ? filler.add(record.features, i) : notFinite('label', label);
    if (problem === undefined) labels[row] = record.label;
    else reject(i, problem);
  }
  return { ...filler.examples(), labels: labels.subarray(0, filler.rows) };
}

/** Rows of plain arrays as columns; for callers that have no stream. Throws `DataError` at the first bad row. */
export function toFeatures(rows: readonly Vector[], width: number): Features {
  return assembleFeatures(rows, width, (position, error) => {
    error.message = `row ${position}: ${error.message}`;
    throw error;
  }).features;
}

class ColumnFiller {
  rows = 0;
  readonly #capacity: number;
  readonly #width: number;
  /** One block, column after column: feature j of row i is at j · capacity + i. */
  readonly #values: Float64Array;
  readonly #positions: Int32Array;

  constructor(capacity: number, width: number) {
    this.#capacity = capacity;
    this.#width = width;
    this.#values = new Float64Array(capacity * width);
    this.#positions = new Int32Array(capacity);
  }

  /** Adds a row, or says what is wrong with it and adds nothing. */
  add(vector: Vector, position: number): DataError | undefined {
    const problem =
      typeof vector !== 'object' || vector === null
        ? wrongType(vector)
        : isSparse(vector)
          ? this.#fillSparse(vector.size, vector.indices, vector.values)
          : this.#fillDense(vector);
    if (problem !== undefined) return problem;
    this.#positions[this.rows++] = position;
    return undefined;
  }

  examples(): Examples {
    const columns: Float64Array[] = [];
    for (let j = 0; j < this.#width; j++) {
      const start = j * this.#capacity;
      columns.push(this.#values.subarray(start, start + this.rows));
    }
    return { features: { rows: this.rows, columns }, positions: this.#positions.subarray(0, this.rows) };
  }

  #fillDense(vector: ArrayLike<number>): DataError | undefined {
    const width = this.#width;
    if (vector.length !== width) return wrongWidth(width, vector.length);
    const values = this.#values;
    for (let j = 0, at = this.rows; j < width; j++, at += this.#capacity) {
      const value = vector[j]!;
      if (!isFiniteNumber(value)) return notFinite(`feature ${j}`, value);
      values[at] = value;
    }
    return undefined;
  }

  #fillSparse(size: number, indices: ArrayLike<number>, entries: ArrayLike<number>): DataError | undefined {
    if (size !== this.#width) return wrongWidth(this.#width, size);
    if (typeof indices?.length !== 'number' || indices.length !== entries?.length) {
      return wrongType({ size, indices, values: entries });
    }
    for (let j = 0, at = this.rows; j < size; j++, at += this.#capacity) this.#values[at] = 0;
    let previous = -1;
    for (let p = 0; p < indices.length; p++) {
      const index = indices[p]!;
      if (!(Number.isInteger(index) && index > previous && index < size)) {
        return new DataError(
          'wrong-width',
          `sparse vector: expected indices that increase and stay below ${size}, got ${index} after ${previous}`,
        );
      }
      const value = entries[p]!;
      if (!isFiniteNumber(value)) return notFinite(`feature ${index}`, value);
      this.#values[index * this.#capacity + this.rows] = value;
      previous = index;
    }
    return undefined;
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && value - value === 0;
}

function wrongWidth(expected: number, got: number): DataError {
  return new DataError('wrong-width', `features: expected ${expected} values, got ${got}`);
}

function wrongType(value: unknown): DataError {
  return new DataError('wrong-type', `features: expected a vector, got ${excerpt(value)} (${typeof value})`);
}

function notFinite(what: string, value: unknown): DataError {
  const got = typeof value === 'number' ? String(value) : `${excerpt(value)} (${typeof value})`;
  return new DataError('not-finite', `${what}: expected a finite number, got ${got}`);
}
