import { AsyncLocalStorage } from 'node:async_hooks';
import { checkNumPartitions } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Source } from '../contracts/source.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { Checkpoint, type CheckpointOptions, type CommitLog, volatileCommitLog } from '../engine/checkpoint.ts';
import { type Found, NOTHING_FOUND } from '../engine/checkpoint-records.ts';
import { MicroBatchEngine } from '../engine/micro-batch-engine.ts';
import { messageOf, UsageError } from '../errors.ts';
import { resolvedBy, systemClock } from '../host/clock.ts';
import { stderrLog, stdoutWriter, type TextWriter } from '../host/log.ts';
import { onStopSignal } from '../host/stop-signals.ts';
import { ContextLife, type StreamingContextState, wrongState } from './context-life.ts';
import { DStream, type RDD } from './dstream.ts';
import { type Compute, DStreamGraph } from './dstream-graph.ts';
import { type SourceIdentity, StreamInputs } from './stream-inputs.ts';
import type { OperatorOptions, StreamOperators } from './stream-operators.ts';
import type { StreamingContextOptions } from './streaming-context-options.ts';
import type { StreamingListener } from './streaming-listener.ts';

/** The contexts that are ACTIVE in this process, the last one started last. */
const activeContexts = new Set<StreamingContext>();

/** The context whose batch is running, for code that such a batch calls. */
const runningContext = new AsyncLocalStorage<StreamingContext>();

/**
 * Spark's StreamingContext: sources in, a graph of streams, one micro-batch every `batchDuration`.
 *
 * Build the graph, `start()`, then `awaitTermination()`. With `checkpoint(directory)`, a program that is started again goes
 * on exactly where the last committed batch ended.
 */
export class StreamingContext extends StreamInputs {
  readonly defaultParallelism: number;
  readonly output: TextWriter;
  readonly graph = new DStreamGraph();
  readonly #engine: MicroBatchEngine;
  readonly #stopOnSignals: boolean;
  readonly #writeAheadLog: boolean;
  #checkpointDirectory: string | undefined;
  #checkpointOptions: CheckpointOptions = {};
  readonly #life = new ContextLife();

  constructor(batchDuration: Duration, options: StreamingContextOptions = {}) {
    const clock = options.clock ?? systemClock;
    const log = options.log ?? stderrLog;
    super(batchDurationMsOf(batchDuration), clock, log);
    this.defaultParallelism = options.defaultParallelism ?? 1;
    checkNumPartitions(this.defaultParallelism, 'defaultParallelism');
    this.output = options.output ?? stdoutWriter;
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
      clock,
      log,
      badRecords: options.badRecords ?? 'fail',
      emptyBatches: options.emptyBatches ?? 'run',
      listener: this.listeners,
      openCommitLog: () => this.#openCommitLog(),
    });
  }

  /** The context of this process that is ACTIVE; where there are several, the one that was started last. */
  static getActive(): StreamingContext | undefined {
    return [...activeContexts].at(-1);
  }

  /**
   * The context that `create` builds, with its checkpoint in this directory. A checkpoint here holds no program, so `create`
   * is called in any case, and `start` takes up what the directory holds: new code goes on from an old checkpoint.
   */
  static async getOrCreate(
    directory: string,
    create: () => StreamingContext | Promise<StreamingContext>,
  ): Promise<StreamingContext> {
    const context = await create();
    const chosen = context.#checkpointDirectory;
    if (chosen === undefined) context.checkpoint(directory);
    else if (chosen !== directory) {
      throw new UsageError(
        'bad-option',
        `getOrCreate: expected the checkpoint ${directory}, got ${chosen} from create()`,
      );
    }
    return context;
  }

  /** `getActive`, or else `getOrCreate`; without a directory, what `create` builds. */
  static async getActiveOrCreate(
    directory: string | undefined,
    create: () => StreamingContext | Promise<StreamingContext>,
  ): Promise<StreamingContext> {
    const active = StreamingContext.getActive();
    if (active !== undefined) return active;
    return directory === undefined ? create() : StreamingContext.getOrCreate(directory, create);
  }

  /** Keeps the checkpoint in a directory of its own. Without one, or with null, a crash loses what was learned. */
  checkpoint(directory: string | null, options: CheckpointOptions = {}): void {
    this.#life.checkBuilding();
    this.#checkpointDirectory = directory ?? undefined;
    this.#checkpointOptions = options;
  }

  /** Keeps what every stream gives for so long, for `slice`. */
  remember(duration: Duration): void {
    this.#life.checkBuilding();
    this.graph.remembered.remember(toMilliseconds(duration, 'remember'));
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
    this.listeners.add(listener);
  }

  removeStreamingListener(listener: StreamingListener): void {
    this.listeners.delete(listener);
  }

  getState(): StreamingContextState {
    return this.#life.state;
  }

  /** Takes up the checkpoint, opens the sources, and begins. A second call only warns; an error leaves the context stopped. */
  async start(): Promise<void> {
    if (this.getState() === 'ACTIVE') return this.log.warn('StreamingContext has already been started');
    if (this.getState() === 'STOPPED') throw wrongState('StreamingContext has already been stopped');
    this.#life.begin();
    activeContexts.add(this);
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
        if (!this.#life.isAwaited) this.log.warn(messageOf(error));
        this.#failed(error);
      },
    );
  }

  /** Resolves when the context has stopped, also where it is yet to start; rejects with the error that stopped it. */
  async awaitTermination(): Promise<void> {
    await this.#life.awaited();
  }

  /** As `awaitTermination`, but for so long at most, 0 for not at all; tells whether the context has stopped. */
  async awaitTerminationOrTimeout(timeout: Duration): Promise<boolean> {
    const deadline = this.clock.now() + (timeout === 0 ? 0 : toMilliseconds(timeout, 'timeout'));
    return resolvedBy(deadline, this.#life.awaited(), this.clock);
  }

  /**
   * Stops after the batch that is running. With `graceful`, receives nothing more, and stops after one last batch and as many
   * more as it takes to process what was received and can't be read again (`gracefulStopTimeout` at most). Always ends
   * stopped, however often it is called. Called by that batch itself, in `foreachRDD` say, it does not wait for the end.
   */
  async stop({ graceful = false }: { graceful?: boolean } = {}): Promise<void> {
    if (this.getState() === 'INITIALIZED') {
      this.log.warn('StreamingContext has not been started yet');
      this.#stopped();
    }
    if (this.getState() === 'STOPPED') return;
    void this.#engine.stop({ drain: graceful });
    if (runningContext.getStore() === this) return;
    await this.#life.ended.catch(() => {}); // an error is for those who await the termination
  }

  protected addInput<T>(kind: string, source: Source<T>, { id = this.freeSourceId(kind) }: SourceIdentity): DStream<T> {
    this.#life.checkBuilding();
    return new DStream<T>(this, this.graph.addSource(id, source, this.batchDurationMs));
  }

  protected freeSourceId(kind: string): string {
    return this.graph.freeSourceId(kind);
  }

  // For streams

  /** What `DStream.slice` gives. */
  slice(stream: StreamOperators<never> | StreamOperators<unknown>, fromTime: number, toTime: number) {
    const { node } = stream;
    if (this.getState() === 'INITIALIZED') throw wrongState(`${node.name} has not been initialized`);
    return this.graph.remembered.slice(node, fromTime, toTime, (message) => this.log.warn(message));
  }

  /** The stream of what an operator makes of the batches of `parents`. */
  derive<U>(
    kind: string,
    parents: readonly StreamOperators<never>[] | readonly StreamOperators<unknown>[],
    compute: Compute,
    options: OperatorOptions = {},
  ): DStream<U> {
    this.#life.checkBuilding();
    return new DStream(this, this.graph.addOperator(kind, this.#nodesOf(parents), compute, options));
  }

  addUpdate(
    kind: string,
    parents: readonly StreamOperators<never>[] | readonly StreamOperators<unknown>[],
    compute: Compute,
  ): void {
    this.#life.checkBuilding();
    this.graph.addUpdate(kind, this.#nodesOf(parents), compute);
  }

  addOutput(kind: string, parent: StreamOperators<unknown>, sink: Sink): void {
    this.#life.checkBuilding();
    this.graph.addOutput(kind, parent.node, sink);
  }

  addState(id: string | undefined, kind: string, state: Stateful): void {
    this.#life.checkBuilding();
    this.graph.addState(id, kind, state);
  }

  #nodesOf(streams: readonly StreamOperators<never>[] | readonly StreamOperators<unknown>[]) {
    if (streams.some(({ context }) => context !== this)) {
      throw new UsageError('bad-option', 'Some of the DStreams have different contexts');
    }
    return streams.map(({ node }) => node);
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
      this.log.info(`${signal}: stopping after the batch that is running; a second signal stops at once`);
      void this.stop({ graceful: true });
    });
    this.#life.ended.then(forget, forget);
  }

  #stopped(): void {
    activeContexts.delete(this);
    this.#life.end();
  }

  #failed(error: unknown): void {
    activeContexts.delete(this);
    this.#life.fail(error);
  }
}

function batchDurationMsOf(duration: Duration | null | undefined): number {
  if (duration !== null && duration !== undefined) return toMilliseconds(duration, 'batchDuration');
  throw new UsageError('bad-option', 'Batch duration for StreamingContext cannot be null');
}
