/** Spark's VectorUDT and MatrixUDT: a vector or a matrix as a group of Parquet columns. */
import { isSparse, toDenseVector, type Vector } from '../../batch/vector.ts';
import { excerpt, StateError } from '../../errors.ts';
import type { DenseMatrix } from './dense-matrix.ts';

const SPARSE = 0;
const DENSE = 1;

/** More numbers than any model should have; a sparse one may claim any size. 1 GiB. */
const MAX_NUMBERS = 2 ** 27;

type Struct = Record<string, unknown>;

export function vectorToStruct(vector: Vector): Struct {
  return isSparse(vector)
    ? { type: SPARSE, size: vector.size, indices: Array.from(vector.indices), values: Array.from(vector.values) }
    : { type: DENSE, size: null, indices: null, values: Array.from(vector) };
}

/** Dense, whichever form it has. Throws `StateError` (`damaged`). */
export function vectorFromStruct(struct: unknown, where: string): Float64Array {
  return toDenseVector(vectorOfStruct(struct, where));
}

/** In the form that it has. Throws `StateError` (`damaged`). */
export function vectorOfStruct(struct: unknown, where: string): Vector {
  const { type, size, indices, values } = structOf(struct, where);
  const numbers = Float64Array.from(doubles(values, where));
  if (type === DENSE) return numbers;
  const width = count(size, where);
  const places = ints(indices, width, where);
  const increases = places.every((place, p) => p === 0 || place > places[p - 1]!);
  if (type !== SPARSE || places.length !== numbers.length || !increases) throw damaged(struct, where);
  return { size: width, indices: Int32Array.from(places), values: numbers };
}

export function matrixToStruct({ numRows, numCols, values }: DenseMatrix): Struct {
  const dense = { colPtrs: null, rowIndices: null, isTransposed: false };
  return { type: DENSE, numRows, numCols, ...dense, values: Array.from(values) };
}

/** As `matrixToStruct`, row by row, as Spark wants the coefficients of some models. */
export function matrixToRowMajorStruct({ numRows, numCols, values }: DenseMatrix): Struct {
  const dense = { colPtrs: null, rowIndices: null, isTransposed: true };
  const byRows = Array.from(values, (_, at) => values[(at % numCols) * numRows + Math.floor(at / numCols)]);
  return { type: DENSE, numRows, numCols, ...dense, values: byRows };
}

export function matrixFromStruct(struct: unknown, where: string): DenseMatrix {
  const { type, numRows: rows, numCols: cols, colPtrs, rowIndices, values, isTransposed } = structOf(struct, where);
  const numRows = count(rows, where);
  const numCols = count(cols, where);
  const numbers = doubles(values, where);
  const matrix = new Float64Array(count(numRows * numCols, where));
  // By lines: columns, or rows where it is transposed.
  const [lines, lineLength] = isTransposed === true ? [numRows, numCols] : [numCols, numRows];
  const place = (line: number, at: number) => (isTransposed === true ? at * numRows + line : line * numRows + at);
  if (type === DENSE) {
    if (numbers.length !== matrix.length) throw damaged(struct, where);
    for (let line = 0; line < lines; line++) {
      for (let at = 0; at < lineLength; at++) matrix[place(line, at)] = numbers[line * lineLength + at]!;
    }
    return { numRows, numCols, values: matrix };
  }
  const starts = ints(colPtrs, numbers.length + 1, where);
  const places = ints(rowIndices, lineLength, where);
  const whole = starts.length === lines + 1 && starts[0] === 0 && starts[lines] === numbers.length;
  if (type !== SPARSE || !whole || places.length !== numbers.length) throw damaged(struct, where);
  for (let line = 0; line < lines; line++) {
    for (let p = starts[line]!; p < starts[line + 1]!; p++) matrix[place(line, places[p]!)] = numbers[p]!;
  }
  return { numRows, numCols, values: matrix };
}

function structOf(struct: unknown, where: string): Struct {
  if (typeof struct === 'object' && struct !== null) return struct as Struct;
  throw damaged(struct, where);
}

function count(value: unknown, where: string): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_NUMBERS) return value as number;
  throw new StateError('damaged', `${where}: expected at most ${MAX_NUMBERS} numbers, got ${excerpt(value)}`);
}

function doubles(list: unknown, where: string): readonly number[] {
  if (Array.isArray(list) && list.every((value) => typeof value === 'number')) return list;
  throw damaged(list, where);
}

/** Whole numbers from 0 to below `limit`. */
function ints(list: unknown, limit: number, where: string): readonly number[] {
  const fits = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit;
  if (Array.isArray(list) && list.every(fits)) return list;
  throw damaged(list, where);
}

function damaged(got: unknown, where: string): StateError {
  return new StateError('damaged', `${where}: expected a vector or a matrix, got ${excerpt(got)}; the file is damaged`);
}
