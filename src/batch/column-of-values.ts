/** Columns from plain values, and plain values from columns. */
import { excerpt } from '../errors.ts';
import type { Column, Matrix, NumberColumn, RaggedColumn, VectorColumn } from './column.ts';
import { isSparseRows } from './column.ts';
import { type DataType, isNumeric, type NumericType } from './schema.ts';
import { type SparseRows, SparseRowsBuilder } from './sparse-rows.ts';
import { isSparse, type SparseVector, type Vector } from './vector.ts';

/** Told of a value that does not fit its column. */
export type Misfit = (row: number, why: string) => void;

/** The type of the first value that says one. Empty lists are lists of terms, unless a later one has numbers in it. */
export function inferType(values: Iterable<unknown>): DataType {
  let type: DataType = 'void';
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (!isList(value) || value.length > 0) return typeOf(value);
    type = 'array<string>';
  }
  return type;
}

function typeOf(value: NonNullable<unknown>): DataType {
  switch (typeof value) {
    case 'number':
      return 'double';
    case 'bigint':
      return 'bigint';
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'string';
  }
  if (isList(value))
    return typeof value[0] === 'number' ? 'vector' : typeof value[0] === 'string' ? 'array<string>' : 'any';
  return isSparseVector(value) ? 'vector' : 'any';
}

/** A column of `type` from n values; null and undefined are null. `misfit` is told of those of another type. */
export function columnOfValues(values: readonly unknown[], type: DataType, misfit: Misfit): Column {
  if (isNumeric(type)) return numbersFrom(values, type, misfit);
  switch (type) {
    case 'string':
      return { type, values: checked(values, type, (value) => typeof value === 'string', misfit) };
    case 'array<string>':
      return { type, values: checked(values, type, isTerms, misfit) };
    case 'array<double>':
      return { type, values: checked(values, type, isNumberList, misfit) };
    case 'vector':
      return vectorColumn(checked(values, type, isVector, misfit));
    case 'void':
      return { type, rows: values.length };
    case 'any':
      return { type, values: values.map((value) => value ?? null) };
  }
}

function numbersFrom(values: readonly unknown[], type: NumericType, misfit: Misfit): NumberColumn {
  const filling = new FillingNumbers(type, values.length, misfit);
  for (let i = 0; i < values.length; i++) filling.set(i, values[i]);
  return filling.column();
}

/** A column of numbers, while its values come one after another. */
export class FillingNumbers {
  readonly #type: NumericType;
  readonly #values: Float64Array;
  readonly #misfit: Misfit;
  #nulls: Uint8Array | undefined;

  constructor(type: NumericType, rows: number, misfit: Misfit) {
    this.#type = type;
    this.#values = new Float64Array(rows);
    this.#misfit = misfit;
  }

  set(row: number, value: unknown): void {
    if (typeof value === 'number') this.#values[row] = value;
    else this.#setOther(row, value);
  }

  column(): NumberColumn {
    return { type: this.#type, values: this.#values, nulls: this.#nulls };
  }

  #setOther(row: number, value: unknown): void {
    if (typeof value === 'boolean' || (typeof value === 'bigint' && Number.isSafeInteger(Number(value)))) {
      this.#values[row] = Number(value);
      return;
    }
    if (value !== null && value !== undefined) this.#misfit(row, expected(this.#type, value));
    this.#values[row] = Number.NaN;
    this.#nulls ??= new Uint8Array(this.#values.length);
    this.#nulls[row] = 1;
  }
}

function checked<T>(
  values: readonly unknown[],
  type: DataType,
  fits: (value: NonNullable<unknown>) => boolean,
  misfit: Misfit,
): (T | null)[] {
  return values.map((value, i) => {
    if (value === null || value === undefined) return null;
    if (fits(value)) return value as T;
    misfit(i, expected(type, value));
    return null;
  });
}

function expected(type: DataType, value: unknown): string {
  return `expected ${type}, got ${typeof value === 'bigint' ? `${value}, beyond 2^53` : excerpt(value)}`;
}

/**
 * Vectors as one matrix where they have one length, sparse where all are; else as they are. `width`: their length, where it is
 * known without the first of them. Cost: O(n · d).
 */
export function vectorColumn(
  vectors: readonly (Vector | null)[],
  width = vectors[0] ? lengthOf(vectors[0]) : 0,
): VectorColumn | RaggedColumn {
  if (!vectors.every((vector) => vector !== null && lengthOf(vector) === width)) {
    return { type: 'vector', ragged: vectors };
  }
  return { type: 'vector', matrix: matrixOf(vectors as readonly Vector[], width) };
}

/** n vectors of `width` numbers each as one matrix. */
function matrixOf(vectors: readonly Vector[], width: number): Matrix {
  if (vectors.length > 0 && vectors.every((vector) => isSparse(vector))) {
    const builder = new SparseRowsBuilder(width);
    for (const { indices, values } of vectors) {
      for (let p = 0; p < indices.length; p++) builder.add(indices[p]!, values[p]!);
      builder.endRow();
    }
    return builder.build();
  }
  const columns = Array.from({ length: width }, () => new Float64Array(vectors.length));
  vectors.forEach((vector, i) => {
    if (isSparse(vector)) {
      for (let p = 0; p < vector.indices.length; p++) columns[vector.indices[p]!]![i] = vector.values[p]!;
    } else for (let j = 0; j < width; j++) columns[j]![i] = vector[j]!;
  });
  return { rows: vectors.length, columns };
}

export function lengthOf(vector: Vector): number {
  return isSparse(vector) ? vector.size : vector.length;
}

/** Numbers in an array that small vectors share. */
const SHARED_NUMBERS = 256;

/**
 * Gives a row of a matrix as a vector that no one else has. Small ones are views on an array that they share, of 2 kB at most, since
 * an array of its own takes ten times the memory of two numbers.
 */
function vectorReader(matrix: Matrix): (row: number) => Vector {
  if (isSparseRows(matrix)) return (i) => sparseVectorAt(matrix, i);
  const { rows, columns } = matrix;
  const width = columns.length;
  const together = width === 0 ? 1 : Math.max(1, Math.min(rows, Math.floor(SHARED_NUMBERS / width)));
  let shared = new Float64Array(0);
  let end = 0;
  return (i) => {
    const from = end === shared.length ? 0 : end;
    if (from === 0) shared = new Float64Array(together * width);
    end = from + width;
    for (let j = 0; j < width; j++) shared[from + j] = columns[j]![i]!;
    return together === 1 ? shared : shared.subarray(from, end);
  };
}

function sparseVectorAt(rows: SparseRows, i: number): SparseVector {
  const [from, to] = [rows.starts[i]!, rows.starts[i + 1]!];
  return { size: rows.width, indices: rows.indices.slice(from, to), values: rows.values.slice(from, to) };
}

/** A function that gives the value of a row, as a record would have it; null where there is none. */
export function valueReader(column: Column): (row: number) => unknown {
  if ('matrix' in column) return vectorReader(column.matrix);
  if ('ragged' in column) return (i) => column.ragged[i];
  if (column.type === 'void') return () => null;
  const { values } = column;
  if (!isNumeric(column.type)) return (i) => values[i];
  const { nulls } = column as NumberColumn;
  const isTruth = column.type === 'boolean';
  return (i) => (nulls?.[i] === 1 ? null : isTruth ? values[i] === 1 : values[i]);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isNumberList(value: unknown): boolean {
  if (value instanceof Float64Array) return true;
  return isList(value) && everyOne(value, (each) => typeof each === 'number');
}

function isTerms(value: unknown): boolean {
  return Array.isArray(value) && value.every((term) => typeof term === 'string');
}

function isVector(value: unknown): boolean {
  return isNumberList(value) || isSparseVector(value);
}

function isSparseVector(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('indices' in value && 'size' in value)) return false;
  const { size, indices, values } = value as unknown as Record<string, ArrayLike<number>>;
  if (!Number.isInteger(size) || !isList(indices) || !isNumberList(values)) return false;
  if (indices.length !== values!.length) return false;
  let previous = -1;
  return everyOne(indices, (index) => {
    const fits =
      Number.isInteger(index) && (index as number) > previous && (index as number) < (size as unknown as number);
    previous = index as number;
    return fits;
  });
}

function everyOne(list: ArrayLike<unknown>, fits: (value: unknown) => boolean): boolean {
  for (let i = 0; i < list.length; i++) if (!fits(list[i])) return false;
  return true;
}
