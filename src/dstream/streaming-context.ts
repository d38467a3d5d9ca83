import { AsyncLocalStorage } from 'node:async_hooks';
import { checkNumPartitions } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Source } from '../contracts/source.ts';
import type { Stateful } from '../contracts/stateful.ts';
import type { BadRecords } from '../engine/bad-records.ts';
import {
  Checkpoint,
  type CheckpointOptions,
  type CommitLog,
  type Found,
  NOTHING_FOUND,
  volatileCommitLog,
} from '../engine/checkpoint.ts';
import type { EmptyBatches } from '../engine/engine-options.ts';
import { MicroBatchEngine } from '../engine/micro-batch-engine.ts';
import type { RateOptions } from '../engine/rate-control.ts';
import { messageOf, UsageError } from '../errors.ts';
import { type Clock, systemClock } from '../host/clock.ts';
import { type Log, stderrLog, stdoutWriter, type TextWriter } from '../host/log.ts';
import { onStopSignal } from '../host/stop-signals.ts';
import { type FileStreamOptions, FileStreamSource } from '../sources/file-stream-source.ts';
import { type QueueEntry, type QueueOptions, QueueSource } from '../sources/queue-source.ts';
import { type SocketOptions, SocketSource } from '../sources/socket-source.ts';
import { type TextFileOptions, TextFileSource } from '../sources/text-file-source.ts';
import { DStream, type RDD } from './dstream.ts';
import { type Compute, DStreamGraph } from './dstream-graph.ts';
import type { OperatorOptions, StreamOperators } from './stream-operators.ts';
import { type StreamingListener, StreamingListeners } from './streaming-listener.ts';

export interface StreamingContextOptions extends RateOptions {
  /** Partitions of a batch after an operation by key, unless the call says otherwise. Default 1. */
  readonly defaultParallelism?: number;
  /** A record that an operator can't take fails the batch, or is skipped and counted, or also diverted. Default `fail`. */
  readonly badRecords?: BadRecords;
  /**
   * How often a batch is tried, at least 1. One that fails with a `TransientError` is undone and run again as it was planned,
   * and sinks see its id again; any other error ends the context at once. Default 1.
   */
  readonly maxBatchAttempts?: number;
  /** Time before the second attempt, which doubles with each further one. Default 1 second. */
  readonly retryDelay?: Duration;
  /**
   * Whether SIGINT and SIGTERM stop the context gracefully, as Spark's `stopGracefullyOnShutdown`. A second signal ends the
   * process at once; the next start goes on as after a kill. Default false.
   */
  readonly stopOnSignals?: boolean;
  /** How long a graceful stop may go on beginning batches. Default: ten batch durations. */
  readonly gracefulStopTimeout?: Duration;
  /** A batch time without data runs an empty batch, as in Spark, or is skipped. Default `run`. */
  readonly emptyBatches?: EmptyBatches;
  /**
   * Whether a record counts as received when it is in the checkpoint's journal, so that a crash loses none of them: Spark's
   * `receiver.writeAheadLog.enable`. Default false: a crash loses what no batch had planned yet.
   */
  readonly receiver?: { readonly writeAheadLog?: boolean };
  /** Where `print` and `pprint` write. Default: standard output. */
  readonly output?: TextWriter;
  readonly log?: Log;
  readonly clock?: Clock;
}

/** Where a context is in its life. */
export type StreamingContextState = 'INITIALIZED' | 'ACTIVE' | 'STOPPED';

/** What every source takes beside its own options. */
export interface SourceIdentity {
  /** Name of the source's offsets in the checkpoint. Default: its kind, and a number from the second on. */
  readonly id?: string;
}

/** The context whose batch is running, for code that such a batch calls. */
const runningContext = new AsyncLocalStorage<StreamingContext>();

/**
 * Spark's StreamingContext: sources in, a graph of streams, one micro-batch every `batchDuration`.
 *
 * Build the graph, `start()`, then `awaitTermination()`. With `checkpoint(directory)`, a program that is started again goes
 * on exactly where the last committed batch ended.
 */
export class StreamingContext {
  readonly batchDurationMs: number;
  readonly defaultParallelism: number;
  readonly output: TextWriter;
  readonly graph = new DStreamGraph();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #engine: MicroBatchEngine;
  readonly #listeners: StreamingListeners;
  readonly #stopOnSignals: boolean;
  readonly #writeAheadLog: boolean;
  #checkpointDirectory: string | undefined;
  #checkpointOptions: CheckpointOptions = {};
  #state: StreamingContextState = 'INITIALIZED';
  /** Whether somebody waits for the end, and so will be told of an error. */
  #awaited = false;
  readonly #terminated: Promise<void>;
  #terminate!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };

  constructor(batchDuration: Duration, options: StreamingContextOptions = {}) {
    this.batchDurationMs = toMilliseconds(batchDuration, 'batchDuration');
    this.defaultParallelism = options.defaultParallelism ?? 1;
    checkNumPartitions(this.defaultParallelism, 'defaultParallelism');
    this.output = options.output ?? stdoutWriter;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? stderrLog;
    this.#listeners = new StreamingListeners(this.#log);
    this.#stopOnSignals = options.stopOnSignals ?? false;
    const { gracefulStopTimeout = 10 * this.batchDurationMs, retryDelay = 1000 } = options;
    this.#writeAheadLog = options.receiver?.writeAheadLog ?? false;
    this.#engine = new MicroBatchEngine({
      ...options,
      writeAheadLog: this.#writeAheadLog,
      graph: this.graph,
      batchDurationMs: this.batchDurationMs,
      trigger: 'processingTime',
      gracefulStopTimeoutMs: toMilliseconds(gracefulStopTimeout, 'gracefulStopTimeout'),
      maxBatchAttempts: options.maxBatchAttempts ?? 1,
      retryDelayMs: toMilliseconds(retryDelay, 'retryDelay'),
      clock: this.#clock,
      log: this.#log,
      badRecords: options.badRecords ?? 'fail',
      emptyBatches: options.emptyBatches ?? 'run',
      listener: this.#listeners,
      openCommitLog: () => this.#openCommitLog(),
    });
    this.#terminated = new Promise((resolve, reject) => {
      this.#terminate = { resolve, reject };
    });
    // Whoever waits is told of an error; nobody has to wait.
    this.#terminated.catch(() => {});
  }

  /** Keeps the checkpoint in a directory of its own. Without one, a crash loses what was learned. */
  checkpoint(directory: string, options: CheckpointOptions = {}): void {
    this.#checkBuilding();
    this.#checkpointDirectory = directory;
    this.#checkpointOptions = options;
  }

  // Sources

  /** Lines of text that a TCP server sends, such as `nc -lk 9999`. */
  socketTextStream(host: string, port: number, options: SocketOptions & SourceIdentity = {}): DStream<string> {
    return this.#input('socket', new SocketSource(host, port, this.#clock, this.#log, options), options);
  }

  /** Lines of the files that appear in a directory. */
  textFileStream(directory: string, options: FileStreamOptions & SourceIdentity = {}): DStream<string> {
    const source = new FileStreamSource(directory, this.batchDurationMs, this.#clock, this.#log, options);
    return this.#input('files', source, options);
  }

  /** Lines of one stored file, as a stream that ends; the context then stops by itself. */
  textFile(file: string, options: TextFileOptions & SourceIdentity = {}): DStream<string> {
    return this.#input('file', new TextFileSource(file, options), options);
  }

  /** Batches that the program holds in an array, and may push to. */
  queueStream<T>(queue: readonly QueueEntry<T>[], options: QueueOptions<T> & SourceIdentity = {}): DStream<T> {
    return this.#input('queue', new QueueSource(queue, options), options);
  }

  /** Records of any source; see `contracts/source.ts`. */
  sourceStream<T>(source: Source<T>, options: SourceIdentity = {}): DStream<T> {
    return this.#input('source', source, options);
  }

  // Several streams

  union<T>(streams: readonly DStream<T>[]): DStream<T> {
    const [first, ...others] = streams;
    if (first === undefined) throw new UsageError('bad-option', 'should have at least one DStream to union');
    if (others.length === 0) return first;
    return this.transform(streams, (rdds) => rdds.reduce((all, rdd) => all.union(rdd)), 'union');
  }

  transform<T, U>(
    streams: readonly DStream<T>[],
    f: (rdds: readonly RDD<T>[], time: number) => RDD<U> | Promise<RDD<U>>,
    kind = 'transform',
  ): DStream<U> {
    if (streams.length === 0) throw new UsageError('bad-option', 'List of DStreams to transform is empty');
    return this.derive(kind, streams, (rdds, { time }) => f(rdds as readonly RDD<T>[], time));
  }

  // Life

  addStreamingListener(listener: StreamingListener): void {
    this.#listeners.add(listener);
  }

  removeStreamingListener(listener: StreamingListener): void {
    this.#listeners.delete(listener);
  }

  getState(): StreamingContextState {
    return this.#state;
  }

  /** Takes up the checkpoint, opens the sources, and begins. A second call only warns; an error leaves the context stopped. */
  async start(): Promise<void> {
    if (this.#state === 'ACTIVE') return this.#log.warn('StreamingContext has already been started');
    if (this.#state === 'STOPPED') throw wrongState('StreamingContext has already been stopped');
    this.#state = 'ACTIVE';
    if (this.#stopOnSignals) this.#listenToSignals();
    try {
      this.graph.validate();
      await runningContext.run(this, () => this.#engine.start());
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    this.#engine.terminated.then(
      () => this.#stopped(),
      (error) => {
        if (!this.#awaited) this.#log.warn(messageOf(error));
        this.#failed(error);
      },
    );
  }

  /** Resolves when the context has stopped, also where it is yet to start; rejects with the error that stopped it. */
  async awaitTermination(): Promise<void> {
    this.#awaited = true;
    await this.#terminated;
  }

  /** As `awaitTermination`, but for so long at most, 0 for not at all; tells whether the context has stopped. */
  async awaitTerminationOrTimeout(timeout: Duration): Promise<boolean> {
    this.#awaited = true;
    const waited = new AbortController();
    const deadline = this.#clock.now() + (timeout === 0 ? 0 : toMilliseconds(timeout, 'timeout'));
    try {
      return await Promise.race([
        this.#terminated.then(() => true),
        this.#clock.sleepUntil(deadline, waited.signal).then(() => false),
      ]);
    } finally {
      waited.abort();
    }
  }

  /**
   * Stops after the batch that is running. With `graceful`, receives nothing more, and stops after one last batch and as many
   * more as it takes to process what was received and can't be read again (`gracefulStopTimeout` at most). Always ends
   * stopped, however often it is called. Called by that batch itself, in `foreachRDD` say, it does not wait for the end.
   */
  async stop({ graceful = false }: { graceful?: boolean } = {}): Promise<void> {
    if (this.#state === 'INITIALIZED') this.#stopped();
    if (this.#state === 'STOPPED') return;
    void this.#engine.stop({ drain: graceful });
    if (runningContext.getStore() === this) return;
    await this.#terminated.catch(() => {}); // an error is for those who await the termination
  }

  // For streams

  /** The stream of what an operator makes of the batches of `parents`. */
  derive<U>(
    kind: string,
    parents: readonly StreamOperators<never>[] | readonly StreamOperators<unknown>[],
    compute: Compute,
    options: OperatorOptions = {},
  ): DStream<U> {
    this.#checkBuilding();
    return new DStream(this, this.graph.addOperator(kind, this.#nodesOf(parents), compute, options));
  }

  addUpdate(
    kind: string,
    parents: readonly StreamOperators<never>[] | readonly StreamOperators<unknown>[],
    compute: Compute,
  ): void {
    this.#checkBuilding();
    this.graph.addUpdate(kind, this.#nodesOf(parents), compute);
  }

  addOutput(kind: string, parent: StreamOperators<unknown>, sink: Sink): void {
    this.#checkBuilding();
    this.graph.addOutput(kind, parent.node, sink);
  }

  addState(id: string | undefined, kind: string, state: Stateful): void {
    this.#checkBuilding();
    this.graph.addState(id, kind, state);
  }

  #input<T>(kind: string, source: Source<T>, { id }: SourceIdentity): DStream<T> {
    this.#checkBuilding();
    return new DStream<T>(
      this,
      this.graph.addSource(id ?? this.graph.freeSourceId(kind), source, this.batchDurationMs),
    );
  }

  #nodesOf(streams: readonly StreamOperators<never>[] | readonly StreamOperators<unknown>[]) {
    if (streams.some(({ context }) => context !== this)) {
      throw new UsageError('bad-option', 'Some of the DStreams have different contexts');
    }
    return streams.map(({ node }) => node);
  }

  #checkBuilding(): void {
    if (this.#state === 'INITIALIZED') return;
    const when = this.#state === 'ACTIVE' ? 'starting' : 'stopping';
    throw wrongState(
      `Adding new inputs, transformations, and output operations after ${when} a context is not supported`,
    );
  }

  async #openCommitLog(): Promise<[CommitLog, Found]> {
    const directory = this.#checkpointDirectory;
    if (directory !== undefined) return Checkpoint.open(directory, this.#checkpointOptions);
    if (!this.#writeAheadLog) return [volatileCommitLog, NOTHING_FOUND];
    throw new UsageError(
      'bad-option',
      'Cannot enable receiver write-ahead log without checkpoint directory set. ' +
        'Please use streamingContext.checkpoint() to set the checkpoint directory.',
    );
  }

  #listenToSignals(): void {
    const forget = onStopSignal((signal) => {
      this.#log.info(`${signal}: stopping after the batch that is running; a second signal stops at once`);
      void this.stop({ graceful: true });
    });
    this.#terminated.then(forget, forget);
  }

  #stopped(): void {
    this.#state = 'STOPPED';
    this.#terminate.resolve();
  }

  #failed(error: unknown): void {
    this.#state = 'STOPPED';
    this.#terminate.reject(error);
  }
}

function wrongState(message: string): UsageError {
  return new UsageError('bad-state-of-context', message);
}
