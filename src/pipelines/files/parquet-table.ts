import {
  type AsyncBuffer,
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column } from '../../batch/column.ts';
import { columnOfValues, valueReader, vectorColumn } from '../../batch/column-of-values.ts';
import { type DataType, isNumeric, type NumericType } from '../../batch/schema.ts';
import { Table } from '../../batch/table.ts';
import type { Vector } from '../../batch/vector.ts';
import { DataError, messageOf, UsageError } from '../../errors.ts';
import { type SparkField, type SparkType, VECTOR_TYPE } from '../saved/data-types.ts';
import { vectorOfStruct, vectorToStruct } from '../saved/linalg-structs.ts';
import { elementsOf, sparkMetadata } from '../saved/parquet-schema.ts';

/** Of a Spark type's name, the column type. */
const SPARK_TYPES: Readonly<Record<DataType & string, SparkType>> = {
  double: 'double',
  float: 'float',
  int: 'integer',
  bigint: 'long',
  smallint: 'short',
  tinyint: 'byte',
  boolean: 'boolean',
  string: 'string',
  'array<string>': { type: 'array', elementType: 'string', containsNull: true },
  'array<double>': { type: 'array', elementType: 'double', containsNull: true },
  vector: VECTOR_TYPE,
  void: 'string',
  any: 'string',
};

/**
 * A table from Parquet: numbers, texts, truth values, lists of numbers or texts, and Spark's vectors; columns of other types are kept as
 * values that no stage computes with. `names`: which columns; default all. Throws `DataError` for what is no Parquet, and for whole
 * numbers beyond 2^53.
 */
export async function tableFromParquet(file: AsyncBuffer, names?: readonly string[]): Promise<Table> {
  try {
    const metadata = await parquetMetadataAsync(file);
    const all = parquetSchema(metadata).children;
    const columns = all.filter(({ element }) => names === undefined || names.includes(element.name));
    const rows = Number(metadata.num_rows);
    const filling = new Map(columns.map((tree) => [tree.element.name, new Filling(tree, rows, metadata)]));
    await parquetRead({
      file,
      metadata,
      compressors,
      columns: [...filling.keys()],
      onChunk: ({ columnName, columnData, rowStart }) => filling.get(columnName)?.take(columnData, rowStart),
    });
    return Table.of(Array.from(filling, ([name, column]) => [name, column.build()] as const));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError('bad-record', `Parquet: ${messageOf(cause)}`, { cause });
  }
}

/** The bytes of a Parquet file, which Spark reads with its vectors. Throws `UsageError` (`wrong-type`) for columns of other values. */
export function parquetFromTable(table: Table): Uint8Array {
  const fields = table.schema.fields.map(({ name, type }): SparkField => {
    if (type === 'any') throw new UsageError('wrong-type', `Parquet: column ${name}: its values have no type; drop it`);
    return { name, type: SPARK_TYPES[type], nullable: true, metadata: {} };
  });
  const type: SparkType = { type: 'struct', fields };
  const columnData = fields.map(({ name }) => ({ name, data: writtenValues(table.column(name), table.rows) }));
  return new Uint8Array(
    parquetWriteBuffer({
      schema: elementsOf(type),
      columnData,
      createdBy: 'Millrace',
      kvMetadata: sparkMetadata(type),
    }),
  );
}

function writtenValues(column: Column, rows: number): unknown[] {
  const read = valueReader(column);
  const write =
    column.type === 'vector'
      ? (value: unknown) => (value === null ? null : vectorToStruct(value as Vector))
      : column.type === 'bigint'
        ? (value: unknown) => (value === null ? null : BigInt(value as number))
        : (value: unknown) => value;
  return Array.from({ length: rows }, (_, i) => write(read(i)));
}

/** A column that is being read, piece by piece. */
class Filling {
  readonly #name: string;
  readonly #type: DataType;
  readonly #numbers: Float64Array | undefined;
  readonly #values: unknown[] | undefined;
  #nulls: Uint8Array | undefined;

  constructor(tree: SchemaTree, rows: number, metadata: FileMetaData) {
    this.#name = tree.element.name;
    this.#type = typeOf(tree, vectorNames(metadata));
    if (isNumeric(this.#type)) this.#numbers = new Float64Array(rows);
    else this.#values = new Array(rows);
  }

  take(piece: DecodedArray, from: number): void {
    if (this.#numbers === undefined) {
      for (let i = 0; i < piece.length; i++) this.#values![from + i] = piece[i] ?? null;
    } else if (piece instanceof Float64Array || piece instanceof Int32Array || piece instanceof Float32Array) {
      this.#numbers.set(piece, from);
    } else for (let i = 0; i < piece.length; i++) this.#takeNumber(piece[i], from + i);
  }

  build(): Column {
    if (this.#numbers !== undefined) {
      return { type: this.#type as NumericType, values: this.#numbers, nulls: this.#nulls };
    }
    const values = this.#values!;
    if (this.#type === 'vector') {
      return vectorColumn(
        values.map((value, i) => (value === null ? null : vectorOfStruct(value, `${this.#name}: row ${i}`))),
      );
    }
    return columnOfValues(values, this.#type, (row, why) => {
      throw new DataError('bad-record', `Parquet: column ${this.#name}: row ${row}: ${why}`);
    });
  }

  #takeNumber(value: unknown, at: number): void {
    const number = typeof value === 'number' || typeof value === 'boolean' ? Number(value) : wholeNumber(value);
    if (number === undefined) {
      throw new DataError('bad-record', `Parquet: column ${this.#name}: row ${at}: ${value} is beyond 2^53`);
    }
    this.#numbers![at] = number ?? Number.NaN;
    if (number !== null) return;
    this.#nulls ??= new Uint8Array(this.#numbers!.length);
    this.#nulls[at] = 1;
  }
}

/** null for none; undefined where it can't be held exactly. */
function wholeNumber(value: unknown): number | null | undefined {
  if (value === null || value === undefined) return null;
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
}

/** Which columns Spark says are vectors. */
function vectorNames({ key_value_metadata: pairs = [] }: FileMetaData): ReadonlySet<string> {
  const text = pairs.find(({ key }) => key === 'org.apache.spark.sql.parquet.row.metadata')?.value;
  const fields =
    text === undefined ? [] : (JSON.parse(text) as { fields: { name: string; type: { class?: string } }[] }).fields;
  return new Set(fields.filter(({ type }) => type?.class?.endsWith('.linalg.VectorUDT')).map(({ name }) => name));
}

function typeOf({ element, children }: SchemaTree, vectors: ReadonlySet<string>): DataType {
  if (vectors.has(element.name)) return 'vector';
  if (element.converted_type === 'LIST') {
    const leaf = children[0]?.children[0]?.element ?? children[0]?.element;
    if (leaf?.type === 'DOUBLE' || leaf?.type === 'FLOAT') return 'array<double>';
    return leaf?.type === 'BYTE_ARRAY' ? 'array<string>' : 'any';
  }
  if (children.length > 0 || element.repetition_type === 'REPEATED') return 'any';
  switch (element.type) {
    case 'DOUBLE':
      return 'double';
    case 'FLOAT':
      return 'float';
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
      return INT32_TYPES[element.converted_type ?? 'INT_32'] ?? 'any';
    case 'INT64':
      return element.converted_type === undefined || element.converted_type === 'INT_64' ? 'bigint' : 'any';
    case 'BYTE_ARRAY':
      return element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING' ? 'string' : 'any';
    default:
      return 'any';
  }
}

const INT32_TYPES: Readonly<Record<string, DataType>> = { INT_8: 'tinyint', INT_16: 'smallint', INT_32: 'int' };
