import { messageOf, TransientError } from '../errors.ts';
import { attempted } from './attempts.ts';
import { BatchRun } from './batch-run.ts';
import { firstBatchTime } from './batch-times.ts';
import type { CommitLog } from './checkpoint.ts';
import { endsOf, type Found, NOTHING_COMMITTED, type Plan, type Totals } from './checkpoint-records.ts';
import { closeAll } from './close-all.ts';
import { checkEngineOptions, type EmptyBatches, type EngineOptions } from './engine-options.ts';
import { GraphSources, isEmpty } from './graph-sources.ts';
import { GraphStates } from './graph-states.ts';
import { PhaseTimer } from './phase-timer.ts';
import { RateControl } from './rate-control.ts';

/**
 * The micro-batch core. For each batch time: plan what to read, log the plan, run the graph, write the outputs, commit.
 * A power cut between any two of these steps loses nothing that was committed, and what was not is done again.
 */
export class MicroBatchEngine {
  readonly #options: EngineOptions;
  readonly #stopRequested = new AbortController();
  /** Without draining: what fails from then on is not tried again. */
  readonly #stoppedAtOnce = new AbortController();
  #commitLog: CommitLog | undefined;
  readonly #sources: GraphSources;
  readonly #states: GraphStates;
  readonly #rates: RateControl;
  /** Id of the last committed batch, −1 before the first. */
  #lastBatch = -1;
  #totals: Totals = NOTHING_COMMITTED.totals;
  /** One batch duration before the very first batch time. */
  #zeroTime = 0;
  #nextTime = 0;
  #loop: Promise<void> = Promise.resolve();
  #drain = false;
  #isPlanning = false;

  constructor(options: EngineOptions) {
    checkEngineOptions(options);
    this.#options = options;
    this.#sources = new GraphSources(options.graph.sources);
    this.#states = new GraphStates(options.graph.states, options.graph.derivedIds);
    this.#rates = new RateControl(options.batchDurationMs, options);
  }

  /** Takes up the checkpoint, opens the sources, and begins the loop. Returns when the first batch can come. */
  async start(): Promise<void> {
    const { openCommitLog, listener, clock } = this.#options;
    let pending: Plan | undefined;
    try {
      const [commitLog, found] = await openCommitLog();
      this.#commitLog = commitLog;
      this.#takeUp(found);
      pending = found.pending;
      await this.#sources.open(commitLog, found, this.#options.writeAheadLog);
      void listener.onStreamingStarted?.(clock.now());
      if (pending !== undefined) await this.#runPlanned(pending);
    } catch (error) {
      return this.#closeAfter(error);
    }
    this.#loop = this.#run(pending !== undefined).then(
      () => this.#close(),
      (error) => this.#closeAfter(error),
    );
    this.#loop.catch(() => {}); // `terminated` tells
  }

  /** Resolves when the loop has ended; rejects with the error that ended it. */
  get terminated(): Promise<void> {
    return this.#loop;
  }

  /** Ends after the batch that is running; with `drain`, after all that the receivers have received. */
  async stop({ drain }: { drain: boolean }): Promise<void> {
    this.#drain = drain;
    this.#stopRequested.abort();
    if (!drain) this.#stoppedAtOnce.abort();
    if (!drain || this.#isPlanning) this.#sources.retryNoMore();
    if (!drain) this.#options.graph.retryNoMore?.();
    await this.#loop.catch(() => {});
  }

  #run(hasRunOne: boolean): Promise<void> {
    const { trigger } = this.#options;
    if (trigger === 'processingTime') return this.#runByTheClock();
    return trigger === 'once' && hasRunOne ? Promise.resolve() : this.#runAvailable();
  }

  async #runByTheClock(): Promise<void> {
    const { clock, emptyBatches } = this.#options;
    const { signal } = this.#stopRequested;
    while (!this.#sources.allEnded) {
      await clock.sleepUntil(this.#nextTime, signal);
      if (signal.aborted) break;
      await this.#runBatch(emptyBatches);
    }
    if (this.#drain) await this.#drainReceivers();
  }

  /** Runs what is there now, and ends. */
  async #runAvailable(): Promise<void> {
    const { signal } = this.#stopRequested;
    const { batchDurationMs, clock } = this.#options;
    const until = firstBatchTime(clock.now(), batchDurationMs);
    this.#nextTime = Math.max(this.#nextTime, until);
    while (!signal.aborted && (await this.#runBatch('skip', until)) !== undefined) {
      if (this.#options.trigger === 'once') return;
    }
  }

  /** One last batch, as in Spark, and as many more as it takes to use up what was received and can't be read again. */
  async #drainReceivers(): Promise<void> {
    const { clock, gracefulStopTimeoutMs, log } = this.#options;
    const deadline = clock.monotonicMs() + gracefulStopTimeoutMs;
    await this.#sources.stopReceiving();
    for (;;) {
      const plan = await this.#runBatch('skip');
      if (plan === undefined || this.#sources.hasNothingReceived(plan)) return;
      if (clock.monotonicMs() < deadline) continue;
      log.warn(`graceful stop: after ${gracefulStopTimeoutMs} ms there is still more that was received`);
      return;
    }
  }

  /** Runs the batch whose time has come, and tells what it took; undefined where there was nothing to run. */
  async #runBatch(emptyBatches: EmptyBatches, until = this.#nextTime): Promise<Plan | undefined> {
    const time = this.#nextTime;
    this.#nextTime += this.#options.batchDurationMs;
    const timer = this.#newTimer();
    const startedAt = this.#options.clock.now();
    const plan = await timer.time('plan', () => this.#planned(time, until));
    if (plan === undefined) return undefined;
    if (emptyBatches === 'skip' && isEmpty(plan)) return undefined;
    await timer.time('log', () => this.#commitLog!.logPlan(plan));
    await this.#execute(plan, startedAt, timer);
    return plan;
  }

  /** Runs a batch that was logged before a crash, exactly as it was planned. */
  async #runPlanned(plan: Plan): Promise<void> {
    await this.#execute(plan, this.#options.clock.now(), this.#newTimer());
  }

  async #execute(plan: Plan, startedAt: number, timer: PhaseTimer): Promise<void> {
    const run = new BatchRun(plan, startedAt, timer, this.#options);
    const step = async (attempt: number) => {
      if (attempt > 1) this.#states.undo();
      await run.attempt(attempt);
    };
    try {
      await this.#attempted(step);
      await timer.time('commit', () => this.#commit(run));
    } catch (error) {
      this.#states.undo();
      throw error;
    }
    const state = { rows: this.#states.rows, journalBytes: this.#commitLog!.sizeBytes };
    const rateLimits = this.#rates.limitsOf(this.#sources.ids);
    const progress = run.progress({ state, rateLimits, metrics: this.#states.metrics(), totals: this.#totals });
    this.#rates.batchCompleted(progress, this.#options.clock.monotonicMs());
    void this.#options.listener.onBatchCompleted?.(progress);
  }

  #attempted<R>(step: (attempt: number) => Promise<R>): Promise<R> {
    return attempted(step, this.#options, this.#stoppedAtOnce.signal);
  }

  #newTimer(): PhaseTimer {
    return new PhaseTimer(() => this.#options.clock.monotonicMs());
  }

  /** Undefined where the sources can't be reached, and the stream is to end: then there is one batch less. */
  async #planned(time: number, until: number): Promise<Plan | undefined> {
    this.#isPlanning = true;
    try {
      return await this.#attempted(() => this.#plan(time, until));
    } catch (error) {
      if (!this.#stopRequested.signal.aborted || !(error instanceof TransientError)) throw error;
      this.#options.log.warn(`stopping without the batch of ${time}: ${error.message}`);
      return undefined;
    } finally {
      this.#isPlanning = false;
    }
  }

  /** The batch of a time, of what the sources have until then. */
  async #plan(time: number, until: number): Promise<Plan> {
    const batch = this.#lastBatch + 1;
    const ranges = await this.#sources.plan(batch, until, (id) => this.#maxRecordsOf(id));
    return { batch, time, zeroTime: this.#zeroTime, ranges };
  }

  /** A trigger that runs one batch only has it take all that is there, as in Spark. */
  #maxRecordsOf(source: string): number {
    return this.#options.trigger === 'once' ? Number.POSITIVE_INFINITY : this.#rates.maxRecordsOf(source);
  }

  async #commit({ plan, numRecords, rejectedRecords }: BatchRun): Promise<void> {
    const { batches, records, rejected } = this.#totals;
    const totals = { batches: batches + 1, records: records + numRecords, rejected: rejected + rejectedRecords };
    const { states, changes } = this.#states.toCommit(this.#commitLog);
    const { batch, time, zeroTime } = plan;
    const offsets = { ...this.#sources.offsets, ...endsOf(plan) };
    const position = { batch, time, zeroTime, offsets, totals };
    await this.#commitLog!.commit({ batch, states, changes, totals }, () => ({
      ...position,
      states: this.#states.snapshots(),
      changes: {},
    }));
    this.#states.keep(states);
    this.#lastBatch = batch;
    this.#totals = totals;
    await this.#sources.committed(batch, offsets);
  }

  /** Goes on from what is committed, or begins. */
  #takeUp(found: Found): void {
    const { committed, pending } = found;
    const { batchDurationMs, clock } = this.#options;
    this.#sources.restore(found);
    this.#states.restore(committed);
    this.#lastBatch = committed.batch;
    this.#totals = committed.totals;
    // The last batch that was planned; undefined where this is the beginning.
    const last = pending ?? (committed.batch >= 0 ? committed : undefined);
    this.#nextTime = firstBatchTime(last?.time ?? clock.now(), batchDurationMs);
    // With another batch duration than before, windows slide from here on.
    const keepsZeroTime = last !== undefined && last.zeroTime % batchDurationMs === 0;
    this.#zeroTime = keepsZeroTime ? last.zeroTime : this.#nextTime - batchDurationMs;
  }

  async #close(): Promise<void> {
    const { badRecords, graph } = this.#options;
    const diverted = typeof badRecords === 'string' ? [] : [badRecords.divert];
    const commitLog = this.#commitLog === undefined ? [] : [this.#commitLog];
    this.#commitLog = undefined;
    await closeAll([...graph.sources.values(), graph, ...diverted, ...commitLog]);
  }

  /** … and tells the error that came first. */
  async #closeAfter(error: unknown): Promise<never> {
    await this.#close().catch((also) => this.#options.log.warn(`closing failed, too: ${messageOf(also)}`));
    throw error;
  }
}
