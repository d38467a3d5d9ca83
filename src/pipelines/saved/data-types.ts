/**
 * The types of a saved model's columns: how each is described to Spark, and how its values go to Parquet and back. Reading checks
 * every value, since a file may hold anything.
 */
import type { Vector } from '../../batch/vector.ts';
import { excerpt, StateError } from '../../errors.ts';
import type { DenseMatrix } from './dense-matrix.ts';
import {
  matrixFromStruct,
  matrixToRowMajorStruct,
  matrixToStruct,
  vectorFromStruct,
  vectorToStruct,
} from './linalg-structs.ts';

/** A type in the words of Spark's schema JSON. */
export type SparkType =
  | 'byte'
  | 'short'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'string'
  | 'boolean'
  | { readonly type: 'array'; readonly elementType: SparkType; readonly containsNull: boolean }
  | { readonly type: 'struct'; readonly fields: readonly SparkField[] }
  | { readonly type: 'udt'; readonly class: string; readonly pyClass: string; readonly sqlType: SparkType };

export interface SparkField {
  readonly name: string;
  readonly type: SparkType;
  readonly nullable: boolean;
  readonly metadata: Readonly<Record<string, never>>;
}

/** A column's type. */
export interface DataType<T> {
  readonly spark: SparkType;
  /** Whether Spark has it as an object, which may be null, and not as a bare number. */
  readonly nullable: boolean;
  /** Whether older versions of Spark leave the column out. */
  readonly optional?: boolean;
  toParquet(value: T): unknown;
  /** Throws `StateError` (`damaged`) naming the place. */
  fromParquet(value: unknown, where: string): T;
}

// biome-ignore lint/suspicious/noExplicitAny: columns of every type stand side by side.
export type DataColumns = Readonly<Record<string, DataType<any>>>;

export type RowOf<C extends DataColumns> = { readonly [K in keyof C]: C[K] extends DataType<infer T> ? T : never };

/** What a model has learned, as a table to be saved. */
export interface SavedData<C extends DataColumns = DataColumns> {
  readonly columns: C;
  readonly rows: readonly RowOf<C>[];
}

export const int: DataType<number> = {
  spark: 'integer',
  nullable: false,
  toParquet: same,
  fromParquet: (value, where) =>
    Number.isInteger(value) ? (value as number) : damaged(where, 'a whole number', value),
};

/** A whole number of 64 bits, exact only up to 2^53. */
export const long: DataType<number> = {
  spark: 'long',
  nullable: false,
  toParquet: (value) => BigInt(value),
  fromParquet: (value, where) => (typeof value === 'bigint' ? Number(value) : damaged(where, 'a whole number', value)),
};

export const double: DataType<number> = {
  spark: 'double',
  nullable: false,
  toParquet: same,
  fromParquet: (value, where) => (typeof value === 'number' ? value : damaged(where, 'a number', value)),
};

export const boolean: DataType<boolean> = {
  spark: 'boolean',
  nullable: false,
  toParquet: same,
  fromParquet: (value, where) => (typeof value === 'boolean' ? value : damaged(where, 'true or false', value)),
};

export const string: DataType<string> = {
  spark: 'string',
  nullable: true,
  toParquet: same,
  fromParquet: (value, where) => (typeof value === 'string' ? value : damaged(where, 'a text', value)),
};

export function list<T>(item: DataType<T>): DataType<readonly T[]> {
  return {
    spark: { type: 'array', elementType: item.spark, containsNull: item.nullable },
    nullable: true,
    toParquet: (values) => values.map((value) => item.toParquet(value)),
    fromParquet: (values, where) =>
      isList(values)
        ? Array.from(values, (value, i) => item.fromParquet(value, `${where}[${i}]`))
        : damaged(where, 'a list', values),
  };
}

export function struct<C extends DataColumns>(fields: C): DataType<RowOf<C>> {
  return {
    spark: sparkStruct(fields),
    nullable: true,
    toParquet: (value) => rowToParquet(fields, value),
    fromParquet: (value, where) =>
      typeof value === 'object' && value !== null
        ? rowFromParquet(fields, value as Record<string, unknown>, where)
        : damaged(where, 'a group of values', value),
  };
}

/** A column that older versions of Spark do not write. */
export function optional<T>(type: DataType<T>): DataType<T | undefined> {
  return {
    ...type,
    optional: true,
    toParquet: (value) => type.toParquet(value as T),
    fromParquet: (value, where) => (value === undefined || value === null ? undefined : type.fromParquet(value, where)),
  };
}

const INTS: SparkType = { type: 'array', elementType: 'integer', containsNull: false };
const DOUBLES: SparkType = { type: 'array', elementType: 'double', containsNull: false };

const VECTOR_STRUCT: SparkType = structOf([
  ['type', 'byte', false],
  ['size', 'integer', true],
  ['indices', INTS, true],
  ['values', DOUBLES, true],
]);

const MATRIX_STRUCT: SparkType = structOf([
  ['type', 'byte', false],
  ['numRows', 'integer', false],
  ['numCols', 'integer', false],
  ['colPtrs', INTS, true],
  ['rowIndices', INTS, true],
  ['values', DOUBLES, true],
  ['isTransposed', 'boolean', false],
]);

/** Spark's type of vectors. */
export const VECTOR_TYPE: SparkType = linalgType('ml', 'VectorUDT', VECTOR_STRUCT);

/** A vector: saved dense, read dense, whichever form it had. */
export const vector: DataType<Float64Array> = {
  spark: VECTOR_TYPE,
  nullable: true,
  toParquet: vectorToStruct as (value: Vector) => unknown,
  fromParquet: vectorFromStruct,
};

/** A matrix: saved dense by columns, read so, whichever form it had. */
export const matrix: DataType<DenseMatrix> = {
  spark: linalgType('ml', 'MatrixUDT', MATRIX_STRUCT),
  nullable: true,
  toParquet: matrixToStruct,
  fromParquet: matrixFromStruct,
};

/** As `matrix`, saved row by row. */
export const rowMajorMatrix: DataType<DenseMatrix> = { ...matrix, toParquet: matrixToRowMajorStruct };

/** As `vector` and `matrix`, of the older package `spark.mllib`; `GaussianMixtureModel` has them. */
export const mllibVector: DataType<Float64Array> = {
  ...vector,
  spark: linalgType('mllib', 'VectorUDT', VECTOR_STRUCT),
};
export const mllibMatrix: DataType<DenseMatrix> = {
  ...matrix,
  spark: linalgType('mllib', 'MatrixUDT', MATRIX_STRUCT),
};

/** The columns as one type, as Spark notes it in the file. */
export function sparkStruct(columns: DataColumns): SparkType {
  return structOf(Object.entries(columns).map(([name, { spark, nullable }]) => [name, spark, nullable]));
}

export function rowToParquet<C extends DataColumns>(columns: C, row: RowOf<C>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, type.toParquet(row[name])]));
}

export function rowFromParquet<C extends DataColumns>(
  columns: C,
  row: Record<string, unknown>,
  where: string,
): RowOf<C> {
  const read = Object.entries(columns).map(([name, type]) => [name, type.fromParquet(row[name], `${where}.${name}`)]);
  return Object.fromEntries(read) as RowOf<C>;
}

/** For data that is not as a model of this class has it. */
function damaged(where: string, expected: string, got: unknown): never {
  throw new StateError('damaged', `${where}: expected ${expected}, got ${excerpt(got)}; the file is damaged`);
}

function structOf(fields: readonly (readonly [name: string, type: SparkType, nullable: boolean])[]): SparkType {
  return { type: 'struct', fields: fields.map(([name, type, nullable]) => ({ name, type, nullable, metadata: {} })) };
}

function linalgType(of: 'ml' | 'mllib', name: string, sqlType: SparkType): SparkType {
  return {
    type: 'udt',
    class: `org.apache.spark.${of}.linalg.${name}`,
    pyClass: `pyspark.${of}.linalg.${name}`,
    sqlType,
  };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function same<T>(value: T): T {
  return value;
}
