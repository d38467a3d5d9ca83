/** The data of a saved model as Parquet, with what Spark needs to know of its types. */
import { parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { messageOf, StateError } from '../../errors.ts';
import {
  type DataColumns,
  type RowOf,
  rowFromParquet,
  rowToParquet,
  type SavedData,
  type SparkType,
  sparkStruct,
} from './data-types.ts';
import { WRITTEN_SPARK_VERSION } from './metadata.ts';

/** A model's data takes no more; a few bytes of Parquet can claim any number of rows. */
const MAX_UNCOMPRESSED_BYTES = 2 ** 31;
const MAX_ROWS = 2 ** 27;

/** The bytes of a Parquet file with these rows. */
export function toParquet({ columns, rows }: SavedData): Uint8Array {
  const type = sparkStruct(columns);
  const written = rows.map((row) => rowToParquet(columns, row));
  const buffer = parquetWriteBuffer({
    schema: [{ name: 'spark_schema', num_children: Object.keys(columns).length }, ...fieldElements(type)],
    columnData: Object.keys(columns).map((name) => ({ name, data: written.map((row) => row[name]) })),
    rowGroupSize: Math.max(1, rows.length),
    statistics: false,
    createdBy: 'Millrace',
    kvMetadata: [
      { key: 'org.apache.spark.version', value: WRITTEN_SPARK_VERSION },
      { key: 'org.apache.spark.sql.parquet.row.metadata', value: JSON.stringify(type) },
    ],
  });
  return new Uint8Array(buffer);
}

/** The rows of a Parquet file, each value checked. Throws `StateError` (`damaged`) naming the file. */
export async function fromParquet<C extends DataColumns>(
  bytes: Uint8Array,
  columns: C,
  file: string,
): Promise<RowOf<C>[]> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await readRows(buffer, file);
  return rows.map((row, i) => rowFromParquet(columns, row, `${file}: row ${i}`));
}

async function readRows(buffer: ArrayBuffer, file: string): Promise<Record<string, unknown>[]> {
  try {
    const metadata = parquetMetadata(buffer);
    const chunks = metadata.row_groups.flatMap((group) => group.columns);
    const sizeBytes = chunks.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
    if (!(sizeBytes <= MAX_UNCOMPRESSED_BYTES && metadata.num_rows <= MAX_ROWS)) {
      throw new Error(`it claims ${metadata.num_rows} rows, ${sizeBytes} bytes`);
    }
    return await parquetReadObjects({ file: buffer, metadata, compressors });
  } catch (cause) {
    throw new StateError('damaged', `${file}: expected Parquet (${messageOf(cause)}); the file is damaged`, { cause });
  }
}

function fieldElements(type: SparkType): SchemaElement[] {
  if (typeof type === 'string' || type.type !== 'struct') return [];
  return type.fields.flatMap(({ name, type: fieldType, nullable }) => elements(name, fieldType, nullable));
}

/** A field as Parquet has it: itself, then its parts. */
function elements(name: string, type: SparkType, nullable: boolean): SchemaElement[] {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  if (typeof type === 'string') return [{ name, repetition_type, ...PRIMITIVES[type] }];
  switch (type.type) {
    case 'udt':
      return elements(name, type.sqlType, nullable);
    case 'struct':
      return [{ name, repetition_type, num_children: type.fields.length }, ...fieldElements(type)];
    case 'array':
      return [
        { name, repetition_type, num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elements('element', type.elementType, type.containsNull),
      ];
  }
}

const PRIMITIVES: Readonly<Record<Extract<SparkType, string>, Partial<SchemaElement>>> = {
  byte: { type: 'INT32', converted_type: 'INT_8' },
  integer: { type: 'INT32' },
  long: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  boolean: { type: 'BOOLEAN' },
};
