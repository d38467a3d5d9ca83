import * as fs from 'node:fs/promises';
import {
  type DataError,
  type DStream,
  GeneratorSource,
  LineBlock,
  lineBlocks,
  messageOf,
  type SharedJob,
  type StreamingContext,
  TextFileSource,
  UsageError,
} from '../index.ts';
import { CsvColumns } from './csv-columns.ts';
import { type GeneratedStream, isGenerator, lineOf, parseGenerator } from './generated-lines.ts';
import { kafkaStream, lineOfRecord, parseKafkaSource } from './kafka-stream.ts';
import { isKafkaUrl, type KafkaUrl } from './kafka-url.ts';

/** What `--source` names. */
export type StreamSource =
  | { readonly kind: 'socket'; readonly host: string; readonly port: number }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'generator'; readonly generated: GeneratedStream }
  | { readonly kind: 'kafka'; readonly url: KafkaUrl };

/** The options that say how a source is read. */
export interface SourceOptions {
  readonly columns?: readonly string[];
  readonly header?: boolean;
  readonly maxRecordsPerBatch?: number;
  readonly minRecordsPerBatch?: number;
  readonly connectAttempts: number;
  readonly onEnd: 'reconnect' | 'end';
  readonly resume?: boolean;
  /** Where this process reads a share of a Kafka topic. */
  readonly sharedJob?: SharedJob | undefined;
}

/** Lines of CSV, and what their columns are called. */
export interface CsvStream {
  /** What `f` makes of each line. A bad line is told of, and diverted, as the record that it came in. */
  map<U>(f: (line: string) => U): DStream<U>;
  flatMap<U>(f: (line: string) => Iterable<U>): DStream<U>;
  /** What `f` makes of the lines of each partition, as bytes: for millions of lines. `refuse`: to be called for a bad one. */
  mapBlocks<U>(kind: string, f: (block: LineBlock, refuse: RefuseLine) => U): DStream<U>;
  /** The stream that `f` makes of the records, told how to get the line of each. */
  through<U>(f: <T>(records: DStream<T>, lineOf: (record: T) => string) => DStream<U>): DStream<U>;
  readonly columns: CsvColumns;
}

/** Tells of a bad line, by its place in the block; throws where one bad line is enough. */
type RefuseLine = (line: number, error: DataError) => void;

/** Rows of a batch where all rows of the stream are there from the beginning. */
const STORED_RECORDS_PER_BATCH = 1000;

/** Whether all records of the source are there already, so that no batch needs to wait for any. */
export function isStored({ kind }: StreamSource): boolean {
  return kind === 'file' || kind === 'generator';
}

/** Finds out what a source is. Throws `UsageError` where there is none. */
export async function parseSource(source: string): Promise<StreamSource> {
  if (isGenerator(source)) return { kind: 'generator', generated: parseGenerator(source) };
  if (isKafkaUrl(source)) return { kind: 'kafka', url: parseKafkaSource(source) };
  if (source.startsWith('socket://')) {
    const [, host, port] = /^socket:\/\/(.+):(\d+)$/.exec(source) ?? [];
    if (host === undefined) throw new UsageError('bad-option', `--source: expected socket://HOST:PORT, got ${source}`);
    return { kind: 'socket', host, port: Number(port) };
  }
  const stat = await fs.stat(source).catch(() => {
    throw new UsageError('not-found', `--source: no file or directory at ${source}`);
  });
  return stat.isDirectory() ? { kind: 'directory', directory: source } : { kind: 'file', file: source };
}

/** Puts the source on the context. */
export async function openSource(
  context: StreamingContext,
  source: StreamSource,
  options: SourceOptions,
): Promise<CsvStream> {
  switch (source.kind) {
    case 'generator':
      return openGenerator(context, source.generated, options);
    case 'file':
      return openFile(context, source.file, options);
    case 'directory':
      return withGivenColumns(context.textFileStream(source.directory), itself, 'a directory', options);
    case 'kafka': {
      const { maxRecordsPerBatch: maxOffsetsPerTrigger, minRecordsPerBatch: minOffsetsPerTrigger } = options;
      const limits = {
        ...(maxOffsetsPerTrigger !== undefined && { maxOffsetsPerTrigger }),
        ...(minOffsetsPerTrigger !== undefined && { minOffsetsPerTrigger }),
      };
      const records = kafkaStream(context, source.url, limits, options.sharedJob);
      return withGivenColumns(records, lineOfRecord, 'a Kafka topic', options);
    }
    case 'socket': {
      const { connectAttempts, onEnd, resume = false } = options;
      const socket = { connectAttempts, onEnd, resume, ...limitsOf(options) };
      return withGivenColumns(context.socketTextStream(source.host, source.port, socket), itself, 'a socket', options);
    }
  }
}

function openGenerator(context: StreamingContext, generated: GeneratedStream, options: SourceOptions): CsvStream {
  const { stream, rows, columns } = generated;
  const limits = { maxRecordsPerBatch: STORED_RECORDS_PER_BATCH, ...limitsOf(options) };
  const source = new GeneratorSource(stream, rows === undefined ? limits : { ...limits, rows });
  const lines = context.sourceStream(source, { id: 'generator' }).map(lineOf);
  return csvStream(lines, itself, new CsvColumns(options.columns ?? columns));
}

async function openFile(context: StreamingContext, file: string, options: SourceOptions): Promise<CsvStream> {
  const { columns, header = columns === undefined } = options;
  const limits = { maxRecordsPerBatch: STORED_RECORDS_PER_BATCH, ...limitsOf(options) };
  const named = columns === undefined ? CsvColumns.fromHeader(await firstLineOf(file)) : new CsvColumns(columns);
  const reading = { ...limits, skipLines: header ? 1 : 0 };
  return {
    map: (f) => context.textFile(file, reading).map(f),
    flatMap: (f) => context.textFile(file, reading).flatMap(f),
    mapBlocks(kind, f) {
      const blocks = context.sourceStream(new TextFileSource(file, lineBlocks, reading), { id: 'file' });
      return inBlocks(blocks, kind, (part) => part.map((block) => [block, (at) => block.lineAt(at)]), f);
    },
    through: (f) => f(context.textFile(file, reading), itself),
    columns: named,
  };
}

/** A stream whose columns must be named, as no first line can be looked at. With `--header`, lines that name them are left out. */
function withGivenColumns<T>(
  records: DStream<T>,
  lineOf: (record: T) => string,
  what: string,
  { columns, header }: SourceOptions,
): CsvStream {
  if (columns === undefined) {
    throw new UsageError(
      'bad-option',
      `--columns: expected the names of the columns, as the source is ${what}; got none`,
    );
  }
  const names = columns.join(',');
  const rows = header ? records.filter((record) => lineOf(record) !== names) : records;
  return csvStream(rows, lineOf, new CsvColumns(columns));
}

function csvStream<T>(records: DStream<T>, lineOf: (record: T) => string, columns: CsvColumns): CsvStream {
  return {
    map: (f) => records.map((record) => f(lineOf(record))),
    flatMap: (f) => records.flatMap((record) => f(lineOf(record))),
    mapBlocks: (kind, f) => inBlocks(records, kind, (part) => [[LineBlock.of(part.map(lineOf)), (at) => part[at]]], f),
    through: (f) => f(records, lineOf),
    columns,
  };
}

/** `blocksOf`: the lines of a partition, and what record each came in. */
function inBlocks<T, U>(
  records: DStream<T>,
  kind: string,
  blocksOf: (partition: readonly T[]) => readonly (readonly [LineBlock, recordAt: (line: number) => unknown])[],
  f: (block: LineBlock, refuse: RefuseLine) => U,
): DStream<U> {
  const results: DStream<U> = records.deriveBatches(kind, (batch, context) => {
    return batch.mapPartitions((partition, index) => {
      let before = 0;
      return blocksOf(partition).map(([block, recordAt]) => {
        const result = f(block, (line, error) => {
          const position = `${before + line} of partition ${index}`;
          context.reject(error, { operator: results.node.name, position, record: recordAt(line) });
        });
        before += block.length;
        return result;
      });
    });
  });
  return results;
}

function itself(line: string): string {
  return line;
}

function limitsOf({ maxRecordsPerBatch, minRecordsPerBatch }: SourceOptions) {
  return {
    ...(maxRecordsPerBatch !== undefined && { maxRecordsPerBatch }),
    ...(minRecordsPerBatch !== undefined && { minRecordsPerBatch }),
  };
}

async function firstLineOf(file: string): Promise<string> {
  const handle = await fs.open(file).catch((cause) => {
    throw new UsageError('not-found', `--source: can't read ${file} (${messageOf(cause)})`, { cause });
  });
  try {
    for await (const line of handle.readLines({ autoClose: false })) return line;
  } finally {
    await handle.close();
  }
  throw new UsageError('bad-option', `--source: expected a header line in ${file}, got an empty file`);
}
