import type { Features } from './examples.ts';
import type { Categories, NumericType } from './schema.ts';
import type { SparseRows } from './sparse-rows.ts';
import type { Vector } from './vector.ts';

/** Numbers, or true and false as 1 and 0. */
export interface NumberColumn {
  readonly type: NumericType;
  /** Float64Array[n]; NaN where there is none. */
  readonly values: Float64Array;
  /** Uint8Array[n]: 1 where the value is null. Absent where none is. */
  readonly nulls?: Uint8Array | undefined;
  readonly categories?: Categories | undefined;
}

export interface StringColumn {
  readonly type: 'string';
  readonly values: readonly (string | null)[];
}

/** Lists of terms. */
export interface TermsColumn {
  readonly type: 'array<string>';
  readonly values: readonly (readonly string[] | null)[];
}

export interface NumbersColumn {
  readonly type: 'array<double>';
  readonly values: readonly (ArrayLike<number> | null)[];
}

/** n rows of d numbers: dense, a column a feature, or only those that are not zero, row after row. */
export type Matrix = Features | SparseRows;

/** Vectors of one length, as one matrix. */
export interface VectorColumn {
  readonly type: 'vector';
  readonly matrix: Matrix;
  readonly categories?: Categories | undefined;
}

/** Vectors of several lengths, or with nulls among them: what `VectorSizeHint` sorts out. */
export interface RaggedColumn {
  readonly type: 'vector';
  readonly ragged: readonly (Vector | null)[];
}

/** A column of nothing but nulls: it fits wherever any type is expected. */
export interface VoidColumn {
  readonly type: 'void';
  readonly rows: number;
}

/** Values that no stage computes with. */
export interface AnyColumn {
  readonly type: 'any';
  readonly values: readonly unknown[];
}

export type Column =
  | NumberColumn
  | StringColumn
  | TermsColumn
  | NumbersColumn
  | VectorColumn
  | RaggedColumn
  | VoidColumn
  | AnyColumn;

export function isNumberColumn(column: Column): column is NumberColumn {
  return 'values' in column && column.values instanceof Float64Array;
}

export function isVectorColumn(column: Column): column is VectorColumn {
  return 'matrix' in column;
}

export function rowsOf(column: Column): number {
  if ('matrix' in column) return column.matrix.rows;
  if ('ragged' in column) return column.ragged.length;
  return column.type === 'void' ? column.rows : column.values.length;
}

/** How many numbers each vector has; undefined where they are no vectors, or of several lengths. */
export function widthOf(column: Column): number | undefined {
  return 'matrix' in column ? matrixWidth(column.matrix) : undefined;
}

export function matrixWidth(matrix: Matrix): number {
  return isSparseRows(matrix) ? matrix.width : matrix.columns.length;
}

export function isSparseRows(matrix: Matrix): matrix is SparseRows {
  return 'starts' in matrix;
}
