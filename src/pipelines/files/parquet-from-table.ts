import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column } from '../../batch/column.ts';
import { valueReader } from '../../batch/column-of-values.ts';
import type { DataType } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Vector } from '../../batch/vector.ts';
import { UsageError } from '../../errors.ts';
import { type SparkField, type SparkType, VECTOR_TYPE } from '../saved/data-types.ts';
import { vectorToStruct } from '../saved/linalg-structs.ts';
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
