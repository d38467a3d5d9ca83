import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { asyncBufferFromFile } from 'hyparquet';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { MillraceError, messageOf, UsageError } from '../../errors.ts';
import { readNamedFile, writeFileAtomically } from '../../host/files.ts';
import { csvFromTable, tableFromCsv } from './csv-table.ts';
import { jsonLinesFromTable, tableFromJsonLines } from './json-lines-table.ts';
import { parquetFromTable, tableFromParquet } from './parquet-table.ts';

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
 * Reads a table from a file of CSV, JSON lines, Parquet or Arrow. Throws `UsageError` (`not-found`; `bad-option` where the format is not
 * said), `DataError` where the file is not of its format.
 */
export async function readTable(
  file: string,
  { format = formatOf(file), schema }: TableFileOptions = {},
): Promise<Table> {
  switch (format) {
    case 'csv':
      return tableFromCsv(await readNamedFile(file, 'table'), schema && { schema });
    case 'json':
      return tableFromJsonLines(await readNamedFile(file, 'table'), schema);
    case 'parquet':
      return tableFromParquet(await asyncBufferFromFile(file).catch(notFound(file)));
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
