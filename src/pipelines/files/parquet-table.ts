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
import { DataError, messageOf } from '../../errors.ts';
import { placeOf, valuesIn } from '../saved/parquet-bounds.ts';
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
 * values that no stage computes with. Throws `DataError` for what is no Parquet, for whole numbers beyond 2^53, and for a file that
 * claims more than it holds or than `maxValues`.
 *
 * Cost: O(bytes + values); lists and vectors take some ten times as long as plain columns.
 */
export async function tableFromParquet(file: ParquetFile, options: ParquetOptions = {}): Promise<Table> {
  return told(async () => {
    const metadata = await parquetMetadataAsync(file);
    return readGroups(file, metadata, metadata.row_groups, options);
  });
}

/** As `tableFromParquet`, one table for each group of rows that the file is written in, so that it need not fit into memory. */
export async function* tablesFromParquet(file: ParquetFile, options: ParquetOptions = {}): AsyncGenerator<Table> {
  const metadata = await told(() => parquetMetadataAsync(file));
  for (const group of metadata.row_groups) yield await told(() => readGroups(file, metadata, [group], options));
}

async function told<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError('bad-record', `Parquet: ${messageOf(cause)}`, { cause });
  }
}

async function readGroups(
  file: ParquetFile,
  metadata: FileMetaData,
  groups: readonly RowGroup[],
  { columns: names, maxValues = 2 ** 28 }: ParquetOptions,
): Promise<Table> {
  const trees = parquetSchema(metadata).children.filter(({ element }) => names?.includes(element.name) ?? true);
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
  let start = 0;
  for (const group of groups) {
    const nested = trees.filter((tree) => !isFlat(tree));
    for (const tree of trees)
      if (isFlat(tree)) await readFlat(file, group, tree, columns.get(tree.element.name)!, start);
    if (nested.length > 0) await readNested(file, metadata, group, nested, columns, start, maxValues);
    start += Number(group.num_rows);
  }
  return Table.of(Array.from(columns, ([name, column]) => [name, column.build()] as const));
}

async function readFlat(file: ParquetFile, group: RowGroup, tree: SchemaTree, into: ParquetColumn, start: number) {
  const { name } = tree.element;
  const chunk = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === name);
  if (chunk === undefined) throw new Error(`no column ${name} in a group of rows`);
  const { meta, bytes } = await bytesOf(file, chunk);
  readFlatColumn(bytes, meta, tree, Number(group.num_rows), (values, from, present) => {
    into.take(values, start + from, present);
  });
}

/** Lists, structs and vectors: checked before they are put together. */
async function readNested(
  file: ParquetFile,
  metadata: FileMetaData,
  group: RowGroup,
  trees: readonly SchemaTree[],
  columns: ReadonlyMap<string, ParquetColumn>,
  start: number,
  maxValues: number,
) {
  const names = trees.map(({ element }) => element.name);
  for (const chunk of group.columns) {
    if (!names.includes(chunk.meta_data?.path_in_schema[0] ?? '')) continue;
    const { meta, bytes } = await bytesOf(file, chunk);
    const values = valuesIn(bytes, metadata, meta, maxValues);
    if (BigInt(values) < group.num_rows) throw new Error(`${group.num_rows} rows, but ${values} values`);
  }
  await parquetRead({
    file,
    metadata: { ...metadata, num_rows: group.num_rows, row_groups: [group] },
    compressors,
    columns: names,
    onChunk: ({ columnName, columnData, rowStart }) => columns.get(columnName)?.take(columnData, start + rowStart),
  });
}

async function bytesOf(file: ParquetFile, chunk: RowGroup['columns'][number]) {
  const { meta, from, size } = placeOf(chunk);
  if (!(from >= 0 && size >= 0 && from + size <= file.byteLength))
    throw new Error(`a column at ${from} of ${size} bytes`);
  return { meta, bytes: new Uint8Array(await file.slice(from, from + size)) };
}
