/** The data of a saved model as Parquet, with what Spark needs to know of its types. */
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { messageOf, StateError } from '../../errors.ts';
import {
  type DataColumns,
  type RowOf,
  rowFromParquet,
  rowToParquet,
  type SavedData,
  sparkStruct,
} from './data-types.ts';
import { checkBounds } from './parquet-bounds.ts';
import { elementsOf, METADATA_READING, sparkMetadata } from './parquet-schema.ts';

/** The bytes of a Parquet file with these rows. */
export function toParquet({ columns, rows }: SavedData): Uint8Array {
  const type = sparkStruct(columns);
  const written = rows.map((row) => rowToParquet(columns, row));
  const buffer = parquetWriteBuffer({
    schema: elementsOf(type),
    columnData: Object.keys(columns).map((name) => ({ name, data: written.map((row) => row[name]) })),
    rowGroupSize: Math.max(1, rows.length),
    statistics: false,
    createdBy: 'Millrace',
    kvMetadata: sparkMetadata(type),
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
    const metadata = parquetMetadata(buffer, METADATA_READING);
    checkBounds(buffer, metadata);
    return await parquetReadObjects({ file: buffer, metadata, compressors });
  } catch (cause) {
    throw new StateError('damaged', `${file}: expected Parquet (${messageOf(cause)}); the file is damaged`, { cause });
  }
}
