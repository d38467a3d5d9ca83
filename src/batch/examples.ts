import { DataError, excerpt } from '../errors.ts';
import { newRoom } from './column-room.ts';
import {
  type DenseVector,
  isSparse,
  isWeighted,
  type LabeledPoint,
  type SparseVector,
  type Vector,
  type WeightedVector,
} from './vector.ts';

/**
 * A matrix of features, column-major: `columns[j][i]` is feature `j` of row `i`. Learners read it and never keep
 * it: the columns of the next batch take its place.
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
  /** Float64Array[n], each finite and ≥ 0: how many rows a row counts as. Absent where each counts as one. */
  readonly weights?: Float64Array;
  /** Int32Array[n]: for each row, the position of the record it came from. Absent where no record was rejected: i of row i. */
  readonly positions?: Int32Array;
}

/** Called for a record that can't be a row. Throws to fail the batch, or returns to go on without the record. */
export type Reject = (position: number, error: DataError) => void;

/**
 * Turns records into columns, checking each number on the way.
 *
 * `records`: n vectors, dense or sparse, all of `width` features, each alone or with a weight. `reject` decides about records
 * of another width, or with a value that is not a finite number, or a weight below 0. Nothing given is changed or kept. `room` is
 * asked once, for the columns.
 * Cost: O(n · width).
 */
export function assembleFeatures(
  records: readonly (Vector | WeightedVector)[],
  width: number,
  reject: Reject,
  room = newRoom,
): Examples {
  const n = records.length;
  const values = room(n * width);
  let positions: Int32Array | undefined;
  let weights: Float64Array | undefined;
  let rows = 0;
  for (let i = 0; i < n; i++) {
    const record = records[i]!;
    // Asked first for speed: nearly every record is a bare dense vector. It weighs 1, as `weights` has it from the beginning.
    const bare = (record as DenseVector | null | undefined)?.length === width;
    const weight = !bare && isWeighted(record) ? record.weight : undefined;
    const problem = bare
      ? fillDense(values, n, rows, record as DenseVector, width)
      : (weightProblem(weight) ?? fillRow(values, n, rows, isWeighted(record) ? record.features : record, width));
    if (problem !== undefined) {
      reject(i, problem);
      positions ??= upTo(n);
      continue;
    }
    if (!bare) weights = withWeight(weights, n, rows, weight);
    if (positions !== undefined) positions[rows] = i;
    rows++;
  }
  return examplesOf(columnsOf(values, n, rows, width), undefined, weights, positions);
}

/**
 * As `assembleFeatures`, for records that carry a label; a label that is not finite is a bad record too, and where
 * `numClasses` is given, one that is not a whole number below it.
 */
export function assembleLabeled(
  records: readonly LabeledPoint[],
  width: number,
  reject: Reject,
  numClasses?: number,
  room = newRoom,
): Examples {
  const n = records.length;
  const values = room(n * width);
  const labels = new Float64Array(n);
  let positions: Int32Array | undefined;
  let weights: Float64Array | undefined;
  let rows = 0;
  for (let i = 0; i < n; i++) {
    const record: LabeledPoint | null | undefined = records[i];
    const problem =
      labelProblem(record?.label, numClasses) ??
      weightProblem(record!.weight) ??
      fillRow(values, n, rows, record!.features, width);
    if (problem !== undefined) {
      reject(i, problem);
      positions ??= upTo(n);
      continue;
    }
    weights = withWeight(weights, n, rows, record!.weight);
    labels[rows] = record!.label;
    if (positions !== undefined) positions[rows] = i;
    rows++;
  }
  return examplesOf(columnsOf(values, n, rows, width), labels, weights, positions);
}

/** What is wrong with a label, if anything. With `numClasses`, it has to be a whole number from 0 to numClasses − 1. */
export function labelProblem(label: number | undefined, numClasses: number | undefined): DataError | undefined {
  if (!isFiniteNumber(label)) return notFinite('label', label);
  if (numClasses === undefined || (Number.isInteger(label) && label >= 0 && label < numClasses)) return undefined;
  const classes = numClasses === 2 ? '0 or 1' : `a class from 0 to ${numClasses - 1}`;
  return new DataError('bad-record', `label: expected ${classes}, got ${label}`);
}

/** Rows of plain arrays as columns; for callers that have no stream. Throws `DataError` at the first bad row. */
export function toFeatures(rows: readonly Vector[], width: number): Features {
  return assembleFeatures(rows, width, (position, error) => {
    error.message = `row ${position}: ${error.message}`;
    throw error;
  }).features;
}

/**
 * Writes a vector as row `row` of a block of columns, feature j at j · capacity + row, or says what is wrong with it; the row
 * is then free for the next.
 */
function fillRow(
  values: Float64Array,
  capacity: number,
  row: number,
  vector: Vector,
  width: number,
): DataError | undefined {
  if (typeof vector !== 'object' || vector === null) return wrongType(vector);
  if (isSparse(vector)) return fillSparse(values, capacity, row, vector, width);
  if (vector.length !== width) return wrongWidth(width, vector.length);
  return fillDense(values, capacity, row, vector, width);
}

function fillDense(
  values: Float64Array,
  capacity: number,
  row: number,
  dense: DenseVector,
  width: number,
): DataError | undefined {
  for (let j = 0, at = row; j < width; j++, at += capacity) {
    const value = dense[j]!;
    if (!isFiniteNumber(value)) return notFinite(`feature ${j}`, value);
    values[at] = value;
  }
  return undefined;
}

function fillSparse(
  block: Float64Array,
  capacity: number,
  row: number,
  { size, indices, values }: SparseVector,
  width: number,
): DataError | undefined {
  if (size !== width) return wrongWidth(width, size);
  if (typeof indices?.length !== 'number' || indices.length !== values?.length) {
    return wrongType({ size, indices, values });
  }
  for (let j = 0, at = row; j < size; j++, at += capacity) block[at] = 0;
  let previous = -1;
  for (let p = 0; p < indices.length; p++) {
    const index = indices[p]!;
    if (!(Number.isInteger(index) && index > previous && index < size)) {
      return new DataError(
        'wrong-width',
        `sparse vector: expected indices that increase and stay below ${size}, got ${index} after ${previous}`,
      );
    }
    const value = values[p]!;
    if (!isFiniteNumber(value)) return notFinite(`feature ${index}`, value);
    block[index * capacity + row] = value;
    previous = index;
  }
  return undefined;
}

/** What is wrong with a weight, if anything. */
export function weightProblem(weight: number | undefined): DataError | undefined {
  if (weight === undefined || (isFiniteNumber(weight) && weight >= 0)) return undefined;
  if (!isFiniteNumber(weight)) return notFinite('weight', weight);
  return new DataError('bad-record', `weight: expected 0 or more, got ${weight}`);
}

/** The weights with that of one more row. There are none until a row says one. */
function withWeight(
  weights: Float64Array | undefined,
  capacity: number,
  row: number,
  weight: number | undefined,
): Float64Array | undefined {
  if (weights === undefined && weight === undefined) return undefined;
  const noted = weights ?? new Float64Array(capacity).fill(1);
  noted[row] = weight ?? 1;
  return noted;
}

function examplesOf(
  features: Features,
  labels: Float64Array | undefined,
  weights: Float64Array | undefined,
  positions: Int32Array | undefined,
): Examples {
  const { rows } = features;
  return {
    features,
    ...(labels && { labels: labels.subarray(0, rows) }),
    ...(weights && { weights: weights.subarray(0, rows) }),
    ...(positions && { positions: positions.subarray(0, rows) }),
  };
}

/** 0, 1, … n − 1: where the rows stand until a record is rejected. */
function upTo(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

/** The first `rows` rows of a block of columns. */
function columnsOf(values: Float64Array, capacity: number, rows: number, width: number): Features {
  const columns: Float64Array[] = [];
  for (let j = 0; j < width; j++) columns.push(values.subarray(j * capacity, j * capacity + rows));
  return { rows, columns };
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
