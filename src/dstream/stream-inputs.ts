import type { Source } from '../contracts/source.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import type { KafkaRecord } from '../kafka/kafka-record.ts';
import { KafkaSource, type KafkaSourceOptions } from '../kafka/kafka-source.ts';
import { kafkaRecords, type RecordFormat } from '../kafka/record-format.ts';
import { binaryRecordsFormat, ofLength } from '../sources/binary-records.ts';
import {
  type FileFormat,
  type FileStreamOptions,
  FileStreamSource,
  textLinesFormat,
} from '../sources/file-stream-source.ts';
import { type QueueEntry, type QueueOptions, QueueSource } from '../sources/queue-source.ts';
import { type RateRow, RateSource, type RateStreamOptions } from '../sources/rate-source.ts';
import type { Receiver } from '../sources/receiver.ts';
import { type ReceiverOptions, ReceiverSource } from '../sources/receiver-source.ts';
import { oneByOne, SocketReceiver } from '../sources/socket-receiver.ts';

import { lineReceiver, receiverOptionsOf, type SocketOptions } from '../sources/socket-source.ts';
import { objectLine, type TextFileOptions, TextFileSource, textLine } from '../sources/text-file-source.ts';

import type { DStream } from './dstream.ts';
import type { KafkaStream } from './kafka-utils.ts';
import { StreamingListeners } from './streaming-listener.ts';

/** What every source takes beside its own options. */
export interface SourceIdentity {
  /** Name of the source's offsets in the checkpoint. Default: its kind, and a number from the second on. */
  readonly id?: string;
}

/** The sources of a context: each method adds one, and gives the stream of its records. */
export abstract class StreamInputs {
  readonly batchDurationMs: number;
  readonly clock: Clock;
  readonly log: Log;
  protected readonly listeners: StreamingListeners;

  constructor(batchDurationMs: number, clock: Clock, log: Log) {
    this.batchDurationMs = batchDurationMs;
    this.clock = clock;
    this.log = log;
    this.listeners = new StreamingListeners(log);
  }

  protected abstract addInput<T>(kind: string, source: Source<T>, identity: SourceIdentity): DStream<T>;

  /** The first id of this kind that no source has. */
  protected abstract freeSourceId(kind: string): string;

  // What others send

  /** Lines of text that a TCP server sends, such as `nc -lk 9999`. */
  socketTextStream(host: string, port: number, options: SocketOptions & SourceIdentity = {}): DStream<string> {
    const receiver = lineReceiver(host, port, options);
    return this.#receive('socket', receiver, `socket ${host}:${port}`, receiverOptionsOf(options), options);
  }

  /**
   * What `converter` makes of the bytes that a TCP server sends. It is called for each connection, and gives a record as soon
   * as it has one.
   */
  socketStream<T>(
    host: string,
    port: number,
    converter: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<T>,
    options: SocketOptions & SourceIdentity = {},
  ): DStream<T> {
    const receiver = new SocketReceiver('socketStream', host, port, (bytes) => oneByOne(converter(bytes)), options);
    return this.#receive('socket', receiver, `socket ${host}:${port}`, receiverOptionsOf(options), options);
  }

  /** What a receiver stores; see `Receiver`. */
  receiverStream<T>(receiver: Receiver<T>, options: ReceiverOptions & SourceIdentity = {}): DStream<T> {
    return this.#receive('receiver', receiver, receiver.constructor.name, options, options);
  }

  // Files as they appear

  /** Lines of the files that appear in a directory, or in the directories that a pattern such as `logs/2024-*` names. */
  textFileStream(directory: string, options: FileStreamOptions & SourceIdentity = {}): DStream<string> {
    return this.fileStream(directory, textLinesFormat, options);
  }

  /** Records of so many bytes each, of the files that appear in a directory or in those that a pattern names. */
  binaryRecordsStream(
    directory: string,
    recordLength: number,
    options: FileStreamOptions & SourceIdentity = {},
  ): DStream<Uint8Array> {
    const records = this.fileStream(directory, binaryRecordsFormat(recordLength), options);
    return records.map((record) => ofLength(record, recordLength));
  }

  /** What `format` makes of the files that appear in a directory or in those that a pattern names. */
  fileStream<T>(
    directory: string,
    format: FileFormat<T>,
    options: FileStreamOptions & SourceIdentity = {},
  ): DStream<T> {
    const source = new FileStreamSource(directory, format, this.batchDurationMs, this.clock, this.log, options);
    return this.addInput('files', source, options);
  }

  // Files that are there

  /** Lines of a stored file, or of all files in a directory, as a stream that ends; the context then stops by itself. */
  textFile(path: string, options: TextFileOptions & SourceIdentity = {}): DStream<string> {
    return this.addInput('file', new TextFileSource(path, textLine, options), options);
  }

  /** What `saveAsObjectFiles` wrote to a directory, as a stream that ends. */
  objectFile<T>(path: string, options: TextFileOptions & SourceIdentity = {}): DStream<T> {
    return this.addInput('file', new TextFileSource(path, objectLine<T>(), options), options);
  }

  // Kafka

  /** Records of Kafka's topics; without a `format`, all that the broker keeps of each. See `KafkaUtils` for Spark's names. */
  kafkaStream<T = KafkaRecord>(
    options: KafkaSourceOptions & { readonly format?: RecordFormat<T> } & SourceIdentity,
  ): KafkaStream<T> {
    const format = options.format ?? (kafkaRecords as RecordFormat<unknown> as RecordFormat<T>);
    const source = new KafkaSource(options, format, { clock: this.clock, log: this.log });
    const commitAsync = source.commitAsync.bind(source);
    return Object.assign(this.addInput('kafka', source, options), { commitAsync });
  }

  // What the program makes up

  /** Batches that the program holds in an array, and may push to. */
  queueStream<T>(queue: readonly QueueEntry<T>[], options: QueueOptions<T> & SourceIdentity = {}): DStream<T> {
    return this.addInput('queue', new QueueSource(queue, options), options);
  }

  /** Numbers that count up, so many a second, each with a timestamp. */
  rateStream(options: RateStreamOptions & SourceIdentity = {}): DStream<RateRow> {
    return this.addInput('rate', new RateSource(this.clock, options), options);
  }

  /** Records of any source; see `contracts/source.ts`. */
  sourceStream<T>(source: Source<T>, options: SourceIdentity = {}): DStream<T> {
    return this.addInput('source', source, options);
  }

  #receive<T>(
    kind: string,
    receiver: Receiver<T>,
    name: string,
    options: ReceiverOptions,
    { id = this.freeSourceId(kind) }: SourceIdentity,
  ): DStream<T> {
    const source = new ReceiverSource(receiver, { name, streamId: id }, this.clock, this.log, options);
    return this.addInput(kind, source.toldTo(this.listeners), { id });
  }
}
