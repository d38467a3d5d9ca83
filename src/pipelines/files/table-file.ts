import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { joinedTables } from '../../batch/joined-tables.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { MillraceError, messageOf, UsageError } from '../../errors.ts';
import { isSystemError, mapFiles, readNamedFile, writeFileAtomically } from '../../host/files.ts';
import { csvFromTable, tableFromCsv } from './csv-table.ts';
import { jsonLinesFromTable, tableFromJsonLines } from './json-lines-table.ts';
import { OpenFile } from './open-file.ts';
import { parquetFromTable } from './parquet-from-table.ts';
import { tableFromParquet, tablesFromParquet } from './parquet-table.ts';

export type TableFormat = 'csv' | 'json' | 'parquet' | 'arrow';

export interface TableFileOptions {
  /** Default: what the name ends in says. */
  readonly format?: TableFormat;
  /** Types of the columns, for CSV and JSON, which have none. Default: as the values are. */
  readonly schema?: Schema;
}

const ENDINGS: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.feather': 'arrow',
};

/**
 * Reads a table from a file of CSV, JSON lines, Parquet or Arrow, or from a directory of such files, as Spark writes it: in the order of
 * their names, without those that begin with `_` or a dot. Throws `UsageError` (`not-found`; `bad-option` where the format is not said),
 * `DataError` where a file is not of its format, or the files do not have the same columns.
 */
export async function readTable(file: string, options: TableFileOptions = {}): Promise<Table> {
  const parts = await partsOf(file);
  return parts === undefined
    ? readFile(file, options)
    : joinedTables(await mapFiles(parts, (part) => readFile(part, options)));
}

/**
 * As `readTable`, table after table, so that what is read need not fit into memory: a group of rows of a Parquet file each, of other formats
 * a file.
 */
export async function* readTables(file: string, options: TableFileOptions = {}): AsyncGenerator<Table> {
  for (const part of (await partsOf(file)) ?? [file]) {
    if ((options.format ?? formatOf(part)) !== 'parquet') {
      yield await readFile(part, options);
      continue;
    }
    const open = await OpenFile.at(part).catch(notFound(part));
    try {
      yield* tablesFromParquet(open);
    } finally {
      await open.close();
    }
  }
}

/** The files of a directory; undefined where it is none. */
async function partsOf(file: string): Promise<string[] | undefined> {
  const entries = await fs.readdir(file, { withFileTypes: true }).catch((error) => {
    if (isSystemError(error, 'ENOTDIR') || isSystemError(error, 'ENOENT')) return undefined;
    return notFound(file)(error);
  });
  const parts = entries?.filter(({ name }) => !/^[._]/.test(name));
  const folder = parts?.find((each) => each.isDirectory());
  if (folder !== undefined) {
    throw new UsageError(
      'bad-option',
      `table ${file}: expected files in it, got the folder ${folder.name}; read each by itself`,
    );
  }
  if (parts?.length === 0) throw new UsageError('not-found', `table ${file}: expected files in it, got none`);
  return parts?.map(({ name }) => path.join(file, name)).sort();
}

async function readFile(file: string, { format = formatOf(file), schema }: TableFileOptions): Promise<Table> {
  switch (format) {
    case 'csv':
      return tableFromCsv(await readNamedFile(file, 'table'), schema && { schema });
    case 'json':
      return tableFromJsonLines(await readNamedFile(file, 'table'), schema);
    case 'parquet': {
      const open = await OpenFile.at(file).catch(notFound(file));
      return tableFromParquet(open).finally(() => open.close());
    }
    case 'arrow': {
      const { tableFromArrow } = await import('./arrow-table.ts');
      return tableFromArrow(await fs.readFile(file).catch(notFound(file)));
    }
  }
}

/** Writes a table to a file, whole or not at all. Throws `UsageError` where it can't, or the format can't hold the table. */
export async function writeTable(
  table: Table,
  file: string,
  { format = formatOf(file) }: TableFileOptions = {},
): Promise<void> {
  const content = await contentOf(table, format);
  await writeFileAtomically(file, content).catch((cause) => {
    throw new UsageError('io', `table: can't write ${file} (${messageOf(cause)})`, { cause });
  });
}

async function contentOf(table: Table, format: TableFormat): Promise<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return csvFromTable(table);
    case 'json':
      return jsonLinesFromTable(table);
    case 'parquet':
      return parquetFromTable(table);
    case 'arrow': {
      const { arrowFromTable } = await import('./arrow-table.ts');
      return arrowFromTable(table);
    }
  }
}

function formatOf(file: string): TableFormat {
  const format = ENDINGS[path.extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new UsageError(
    'bad-option',
    `table ${file}: expected a name that ends in ${Object.keys(ENDINGS).join(', ')}; or say the format`,
  );
}

function notFound(file: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof MillraceError) throw cause;
    throw new UsageError('not-found', `table: expected a readable file, got ${file} (${messageOf(cause)})`, { cause });
  };
}
