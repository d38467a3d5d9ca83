import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { Table } from '../../batch/table.ts';
import { DataError, MillraceError, messageOf, UsageError } from '../../errors.ts';
import { placeOf, valuesIn } from '../saved/parquet-bounds.ts';
import { METADATA_READING } from '../saved/parquet-schema.ts';
import { ParquetColumn } from './parquet-column.ts';
import { isFlat, readFlatColumn } from './parquet-flat-column.ts';
import { typeOf, vectorNames } from './parquet-types.ts';

export interface ParquetOptions {
  /** Which columns. Default all. */
  readonly columns?: readonly string[];
  /** Most values that a table may have, rows · columns, nulls too: a small file can claim any number. Default 2^28, two gigabytes of doubles. */
  readonly maxValues?: number;
}

/** A file's bytes: an `ArrayBuffer`, or what reads a part of them. */
export type ParquetFile = AsyncBuffer;

/**
 * A table from Parquet: numbers, texts, truth values, lists of numbers or texts, and Spark's vectors; columns of other types are kept as
 * values that no stage computes with. Throws `UsageError` (`not-found`) for a column that is not there, `DataError` for what is no Parquet, for whole numbers beyond 2^53, and for a file that
 * claims more than it holds or than `maxValues`.
 *
 * Cost: O(bytes + values); lists and vectors take some ten times as long as plain columns.
 */
export async function tableFromParquet(file: ParquetFile, options: ParquetOptions = {}): Promise<Table> {
  return told(async () => {
    const metadata = await parquetMetadataAsync(file, METADATA_READING);
    return readGroups(file, metadata, metadata.row_groups, options);
  });
}

/** As `tableFromParquet`, one table for each group of rows that the file is written in, so that it need not fit into memory. */
export async function* tablesFromParquet(file: ParquetFile, options: ParquetOptions = {}): AsyncGenerator<Table> {
  const metadata = await told(() => parquetMetadataAsync(file, METADATA_READING));
  for (const group of metadata.row_groups) yield await told(() => readGroups(file, metadata, [group], options));
}

async function told<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new DataError('bad-record', `Parquet: ${messageOf(cause)}`, { cause });
  }
}

/** A table while it is read. */
interface Reading {
  readonly file: ParquetFile;
  readonly metadata: FileMetaData;
  readonly columns: ReadonlyMap<string, ParquetColumn>;
  readonly flat: readonly SchemaTree[];
  /** Names of the columns of lists, structs and vectors. */
  readonly nested: readonly string[];
  readonly maxValues: number;
}

async function readGroups(
  file: ParquetFile,
  metadata: FileMetaData,
  groups: readonly RowGroup[],
  { columns: names, maxValues = 2 ** 28 }: ParquetOptions,
): Promise<Table> {
  const trees = askedFor(parquetSchema(metadata).children, names);
  const rows = groups.reduce((sum, { num_rows: own }) => sum + Number(own), 0);
  if (!(groups.every(({ num_rows: own }) => own >= 0n) && rows * trees.length <= maxValues)) {
    throw new Error(
      `${rows} rows of ${trees.length} columns are more than ${maxValues} values; say maxValues to take them`,
    );
  }
  const vectors = vectorNames(metadata);
  const columns = new Map(
    trees.map((tree) => [tree.element.name, new ParquetColumn(tree.element.name, typeOf(tree, vectors), rows)]),
  );
  const nested = trees.filter((tree) => !isFlat(tree)).map(({ element }) => element.name);
  const reading = { file, metadata, columns, flat: trees.filter(isFlat), nested, maxValues };
  let start = 0;
  for (const group of groups) {
    await readFlat(reading, group, start);
    if (nested.length > 0) await readNested(reading, group, start);
    start += Number(group.num_rows);
  }
  return Table.of(Array.from(columns, ([name, column]) => [name, column.build()] as const));
}

function askedFor(trees: readonly SchemaTree[], names: readonly string[] | undefined): readonly SchemaTree[] {
  const unknown = names?.find((name) => trees.every(({ element }) => element.name !== name));
  if (unknown === undefined) return trees.filter(({ element }) => names?.includes(element.name) ?? true);
  throw new UsageError(
    'not-found',
    `Parquet: no column ${unknown}; there are ${trees.map((tree) => tree.element.name)}`,
  );
}

async function readFlat({ file, flat, columns }: Reading, group: RowGroup, start: number): Promise<void> {
  for (const tree of flat) {
    const { name } = tree.element;
    const chunk = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === name);
    if (chunk === undefined) throw new Error(`no column ${name} in a group of rows`);
    const { meta, bytes } = await bytesOf(file, chunk);
    readFlatColumn(bytes, meta, tree, Number(group.num_rows), (values, from, present) => {
      columns.get(name)!.take(values, start + from, present);
    });
  }
}

/** Checked before they are put together. */
async function readNested(
  { file, metadata, nested, columns, maxValues }: Reading,
  group: RowGroup,
  start: number,
): Promise<void> {
  for (const chunk of group.columns) {
    if (!nested.includes(chunk.meta_data?.path_in_schema[0] ?? '')) continue;
    const { meta, bytes } = await bytesOf(file, chunk);
    const values = valuesIn(bytes, metadata, meta, maxValues);
    if (BigInt(values) < group.num_rows) throw new Error(`${group.num_rows} rows, but ${values} values`);
  }
  await parquetRead({
    file,
    metadata: { ...metadata, num_rows: group.num_rows, row_groups: [group] },
    compressors,
    columns: [...nested],
    onChunk: ({ columnName, columnData, rowStart }) => columns.get(columnName)?.take(columnData, start + rowStart),
  });
}

async function bytesOf(file: ParquetFile, chunk: RowGroup['columns'][number]) {
  const { meta, from, size } = placeOf(chunk);
  const isThere = from >= 0 && size >= 0 && from + size <= file.byteLength;
  if (!isThere) throw new Error(`a column at ${from} of ${size} bytes`);
  return { meta, bytes: new Uint8Array(await file.slice(from, from + size)) };
}
