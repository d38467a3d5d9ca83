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
import { elementsOf, sparkMetadata } from './parquet-schema.ts';

/** A model's data takes no more; a few bytes of Parquet can claim any number of rows. */
const MAX_UNCOMPRESSED_BYTES = 2 ** 31;
const MAX_ROWS = 2 ** 27;

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
