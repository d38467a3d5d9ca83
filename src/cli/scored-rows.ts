/** How the records of a source become rows for a pipeline, and lines with its predictions. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { type DStream, messageOf, type StreamingContext, UsageError } from '../index.ts';
import {
  csvRows,
  type Field,
  inLines,
  jsonRows,
  type RecordRows,
  readTable,
  Schema,
  StoredRows,
  tableFromCsv,
} from '../pipelines/index.ts';
import type { RowFormat } from './row-options.ts';
import { openSource, type SourceOptions, type StreamSource } from './stream-source.ts';

export interface RowOptions extends SourceOptions {
  readonly schema?: readonly Field[];
  readonly format?: RowFormat;
  /** Whether a directory is read as it is, and the stream ends. */
  readonly stored?: boolean;
}

/** Records of a source as rows, before they are on a context. */
export interface RowStream {
  /** What the lines of output are. */
  readonly format: RowFormat;
  /** Whether all rows are there already. */
  readonly isStored: boolean;
  /** Puts the records on a context, and gives what `f` makes of them. */
  through<U>(
    context: StreamingContext,
    f: <T>(records: DStream<T>, rows: RecordRows<T>) => DStream<U>,
  ): Promise<DStream<U>>;
}

/** Lines of a file that its columns' types are taken from. */
const LINES_LOOKED_AT = 1000;

/** Of stored rows; larger batches take no less time a row. */
const ROWS_PER_BATCH = 10_000;

/** Finds out what the rows of a source are. Throws `UsageError` where that is not said, and can't be seen. */
export async function rowStream(source: StreamSource, options: RowOptions): Promise<RowStream> {
  const files = await filesOf(source);
  const ending = path.extname(files?.[0] ?? '').toLowerCase();
  if (['.parquet', '.arrow', '.feather'].includes(ending)) return storedRows(placeOf(source)!, options);
  const isStored = source.kind === 'file' || source.kind === 'generator' || options.stored === true;
  const [place, limited] = isStored ? [storedSource(source), withLimit(options)] : [source, options];
  const format = options.format ?? (isJson(source, ending, options) ? 'json' : 'csv');
  if (format === 'json')
    return lines(place, { ...limited, columns: [] }, format, jsonRows(options.schema && new Schema(options.schema)));
  const { schema, header } = await csvSchema(source, files?.[0], options);
  return lines(place, { ...limited, columns: schema.names, header }, format, csvRows(schema));

  function lines(from: StreamSource, how: SourceOptions, as: RowFormat, rows: RecordRows<string>): RowStream {
    return {
      format: as,
      isStored,
      through: async (context, f) => {
        const { through } = await openSource(context, from, how);
        return through((records, lineOf) => f(records, inLines(rows, lineOf)));
      },
    };
  }
}

/** A file says it by its name; of other sources, those are CSV that say what their columns are. */
function isJson({ kind }: StreamSource, ending: string, { columns, schema }: RowOptions): boolean {
  if (ending !== '') return ['.json', '.jsonl', '.ndjson'].includes(ending);
  return kind !== 'generator' && columns === undefined && schema === undefined;
}

async function storedRows(place: string, { maxRecordsPerBatch = ROWS_PER_BATCH }: RowOptions): Promise<RowStream> {
  const source = new StoredRows(await readTable(place), { maxRecordsPerBatch });
  return {
    format: 'json',
    isStored: true,
    through: async (context, f) => f(context.sourceStream(source, { id: 'file' }), source.rows),
  };
}

/** A file or directory as lines that are there, one file after the other. */
function storedSource(source: StreamSource): StreamSource {
  return source.kind === 'directory' ? { kind: 'file', file: source.directory } : source;
}

function withLimit(options: RowOptions): RowOptions {
  return { maxRecordsPerBatch: ROWS_PER_BATCH, ...options };
}

function placeOf(source: StreamSource): string | undefined {
  return source.kind === 'file' ? source.file : source.kind === 'directory' ? source.directory : undefined;
}

/** The files of rows that are there now; undefined where the source has none. */
async function filesOf(source: StreamSource): Promise<readonly string[] | undefined> {
  if (source.kind === 'file') return [source.file];
  if (source.kind !== 'directory') return undefined;
  const names = await fs.readdir(source.directory);
  return names
    .filter((name) => !/^[._]/.test(name))
    .sort()
    .map((name) => path.join(source.directory, name));
}

/** The columns of CSV and their types, as they were given, or as the first lines of a file show them. */
async function csvSchema(
  source: StreamSource,
  file: string | undefined,
  { schema: fields, columns, header }: RowOptions,
): Promise<{ readonly schema: Schema; readonly header: boolean }> {
  const given = fields && new Schema(fields);
  if (given !== undefined && columns !== undefined) {
    throw new UsageError('bad-option', '--columns: --schema names the columns, too; give one of them');
  }
  if (source.kind === 'generator') {
    const names = columns ?? source.generated.columns;
    return { schema: given ?? new Schema(names.map((name) => ({ name, type: 'double' }))), header: false };
  }
  if (file === undefined) {
    if (given !== undefined) return { schema: given, header: header ?? false };
    const what = columns === undefined ? 'the columns and their types' : 'the types of the columns';
    throw new UsageError(
      'bad-option',
      `--schema: expected ${what}, such as 'delay double, origin string', as they can't be seen beforehand; got none`,
    );
  }
  const first = await firstLinesOf(file);
  const named = given?.names ?? columns;
  const hasHeader = header ?? (named === undefined || namesOnly(first[0]!, named, file));
  if (given !== undefined) return { schema: given, header: hasHeader };
  const text = [...(named === undefined ? [] : [named.join(',')]), ...(hasHeader && named ? first.slice(1) : first)];
  const { schema } = tableFromCsv(text.join('\n'));
  // A column that is empty so far may hold anything.
  const shown = schema.fields.map(
    (field) => ({ ...field, type: field.type === 'void' ? 'string' : field.type }) as const,
  );
  return { schema: new Schema(shown), header: hasHeader };
}

/** Whether a file's first line only names the columns. Throws `UsageError` where it has them in another order: values would be taken for others. */
function namesOnly(line: string, names: readonly string[], file: string): boolean {
  const fields = line
    .replace(/^\ufeff/, '')
    .split(',')
    .map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  if (fields.join() === names.join()) return true;
  if (fields.length !== names.length || !fields.every((field) => names.includes(field))) return false;
  throw new UsageError(
    'bad-option',
    `--source: ${file} has its columns in the order ${fields.join()}, expected ${names.join()}; name them in its order`,
  );
}

async function firstLinesOf(file: string): Promise<readonly string[]> {
  const handle = await fs.open(file).catch((cause) => {
    throw new UsageError('not-found', `--source: can't read ${file} (${messageOf(cause)})`, { cause });
  });
  const lines: string[] = [];
  try {
    for await (const line of handle.readLines({ autoClose: false })) {
      lines.push(line);
      if (lines.length > LINES_LOOKED_AT) break;
    }
  } finally {
    await handle.close();
  }
  if (lines.length > 0) return lines;
  throw new UsageError('bad-option', `--source: expected lines of CSV in ${file}, got an empty file`);
}
