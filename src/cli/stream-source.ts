import * as fs from 'node:fs/promises';
import {
  type DStream,
  GeneratorSource,
  messageOf,
  type SharedJob,
  type StreamingContext,
  UsageError,
} from '../index.ts';
import { CsvColumns } from './csv-columns.ts';
import { type GeneratedStream, isGenerator, lineOf, parseGenerator } from './generated-lines.ts';
import { kafkaLines, parseKafkaSource } from './kafka-stream.ts';
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
  readonly lines: DStream<string>;
  readonly columns: CsvColumns;
}

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
      return withGivenColumns(context.textFileStream(source.directory), 'a directory', options);
    case 'kafka': {
      const { maxRecordsPerBatch: maxOffsetsPerTrigger, minRecordsPerBatch: minOffsetsPerTrigger } = options;
      const limits = {
        ...(maxOffsetsPerTrigger !== undefined && { maxOffsetsPerTrigger }),
        ...(minOffsetsPerTrigger !== undefined && { minOffsetsPerTrigger }),
      };
      return withGivenColumns(kafkaLines(context, source.url, limits, options.sharedJob), 'a Kafka topic', options);
    }
    case 'socket': {
      const { connectAttempts, onEnd, resume = false } = options;
      const socket = { connectAttempts, onEnd, resume, ...limitsOf(options) };
      return withGivenColumns(context.socketTextStream(source.host, source.port, socket), 'a socket', options);
    }
  }
}

function openGenerator(context: StreamingContext, generated: GeneratedStream, options: SourceOptions): CsvStream {
  const { stream, rows, columns } = generated;
  const limits = { maxRecordsPerBatch: STORED_RECORDS_PER_BATCH, ...limitsOf(options) };
  const source = new GeneratorSource(stream, rows === undefined ? limits : { ...limits, rows });
  return {
    lines: context.sourceStream(source, { id: 'generator' }).map(lineOf),
    columns: new CsvColumns(options.columns ?? columns),
  };
}

async function openFile(context: StreamingContext, file: string, options: SourceOptions): Promise<CsvStream> {
  const { columns, header = columns === undefined } = options;
  const limits = { maxRecordsPerBatch: STORED_RECORDS_PER_BATCH, ...limitsOf(options) };
  return {
    lines: context.textFile(file, { ...limits, skipLines: header ? 1 : 0 }),
    columns: columns === undefined ? CsvColumns.fromHeader(await firstLineOf(file)) : new CsvColumns(columns),
  };
}

/** A stream whose columns must be named, as no first line can be looked at. With `--header`, lines that name them are left out. */
function withGivenColumns(lines: DStream<string>, what: string, { columns, header }: SourceOptions): CsvStream {
  if (columns === undefined) {
    throw new UsageError(
      'bad-option',
      `--columns: expected the names of the columns, as the source is ${what}; got none`,
    );
  }
  const names = columns.join(',');
  return { lines: header ? lines.filter((line) => line !== names) : lines, columns: new CsvColumns(columns) };
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
