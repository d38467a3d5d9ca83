import { Batch } from '../batch/batch.ts';
import { type Offset, sameOffset } from '../batch/offset.ts';
import type { BatchContext, Graph, PendingWrite } from '../contracts/graph.ts';
import type { Source } from '../contracts/source.ts';
import { atPlace, StateError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { firstBatchTime } from './batch-times.ts';
import {
  type CommitLog,
  endsOf,
  type Found,
  NOTHING_COMMITTED,
  type Plan,
  type PlannedRange,
  type Totals,
} from './checkpoint.ts';
import { GraphStates } from './graph-states.ts';
import { type BatchProgress, PhaseTimer, type SourceProgress } from './progress.ts';
import { RateControl, type RateOptions } from './rate-control.ts';
import { withPlace } from './with-place.ts';

/** What to do with a record that an operator can't take: fail the batch, or skip the record and count it. */
export type BadRecords = 'fail' | 'skip';

/** What to do at a batch time for which no source has anything: run an empty batch, as Spark does, or skip it. */
export type EmptyBatches = 'run' | 'skip';

export interface EngineOptions extends RateOptions {
  readonly graph: Graph;
  readonly batchDurationMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly badRecords: BadRecords;
  readonly emptyBatches: EmptyBatches;
  readonly openCommitLog: () => Promise<[CommitLog, Found]>;
  readonly onProgress: (progress: BatchProgress) => void;
}

/** A batch while it is under way. */
interface RunningBatch {
  readonly plan: Plan;
  readonly inputs: ReadonlyMap<string, Batch<unknown>>;
  readonly context: BatchContext;
  readonly startedAt: number;
  readonly timer: PhaseTimer;
  rejected: number;
}

/**
 * The micro-batch core. For each batch time: plan what to read, log the plan, run the graph, write the outputs, commit.
 * A power cut between any two of these steps loses nothing that was committed, and what was not is done again.
 */
export class MicroBatchEngine {
  readonly #options: EngineOptions;
  readonly #stopRequested = new AbortController();
  #commitLog: CommitLog | undefined;
  readonly #states: GraphStates;
  readonly #rates: RateControl;
  /** Id of the last committed batch, −1 before the first. */
  #lastBatch = -1;
  #totals: Totals = NOTHING_COMMITTED.totals;
  /** One batch duration before the very first batch time. */
  #zeroTime = 0;
  #nextTime = 0;
  /** Where the next plan begins, by source. */
  #offsets: Record<string, Offset> = {};
  #loop: Promise<void> = Promise.resolve();
  #drain = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#states = new GraphStates(options.graph.states, options.graph.derivedIds);
    this.#rates = new RateControl(options.batchDurationMs, options);
  }

  /** Takes up the checkpoint, opens the sources, and begins the loop. Returns when the first batch can come. */
  async start(): Promise<void> {
    try {
      const [commitLog, found] = await this.#options.openCommitLog();
      this.#commitLog = commitLog;
      this.#takeUp(found);
      await this.#openSources(found.pending);
      if (found.pending !== undefined) await this.#runPlanned(found.pending);
    } catch (error) {
      await this.#close();
      throw error;
    }
    this.#loop = this.#runLoop().finally(() => this.#close());
    this.#loop.catch(() => {}); // `terminated` tells
  }

  /** Resolves when the loop has ended; rejects with the error that ended it. */
  get terminated(): Promise<void> {
    return this.#loop;
  }

  /** Ends after the batch that is running; with `drain`, after all that the sources have received. */
  async stop({ drain }: { drain: boolean }): Promise<void> {
    this.#drain = drain;
    this.#stopRequested.abort();
    await this.#loop.catch(() => {});
  }

  async #runLoop(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopRequested;
    while (!this.#allEnded()) {
      await clock.sleepUntil(this.#nextTime, signal);
      if (signal.aborted) break;
      await this.#runBatch();
    }
    if (this.#drain) await this.#drainSources();
  }

  async #drainSources(): Promise<void> {
    for (const source of this.#sources.values()) await source.stopReceiving?.();
    while (await this.#runBatch('skip'));
  }

  /** Runs the batch whose time has come, and tells whether there was one. */
  async #runBatch(emptyBatches = this.#options.emptyBatches): Promise<boolean> {
    const time = this.#nextTime;
    this.#nextTime += this.#options.batchDurationMs;
    const timer = new PhaseTimer(() => this.#options.clock.monotonicMs());
    const startedAt = this.#options.clock.now();
    const plan = await timer.time('plan', () => this.#plan(time));
    if (emptyBatches === 'skip' && isEmpty(plan)) return false;
    await timer.time('log', () => this.#commitLog!.logPlan(plan));
    await this.#execute(plan, startedAt, timer);
    return true;
  }

  /** Runs a batch that was logged before a crash, exactly as it was planned. */
  async #runPlanned(plan: Plan): Promise<void> {
    await this.#execute(plan, this.#options.clock.now(), new PhaseTimer(() => this.#options.clock.monotonicMs()));
  }

  async #execute(plan: Plan, startedAt: number, timer: PhaseTimer): Promise<void> {
    try {
      const batch = await timer.time('plan', () => this.#readInputs(plan, startedAt, timer));
      const writes = await timer.time('run', () => this.#options.graph.run(batch.inputs, batch.context));
      await timer.time('write', () => this.#write(batch, writes));
      await timer.time('commit', () => this.#commit(batch));
      this.#report(batch);
    } catch (error) {
      this.#states.undo();
      throw error;
    }
  }

  async #plan(time: number): Promise<Plan> {
    const batch = this.#lastBatch + 1;
    const ranges: Record<string, PlannedRange> = {};
    for (const [id, source] of this.#sources) {
      const start = this.#offsets[id]!;
      ranges[id] = await withPlace('source', { source: id, batch }, async () => {
        const end = await source.plan(start, { batchTime: time, maxRecords: this.#rates.maxRecordsOf(id) });
        return source.replayable ? { start, end } : { start, end, records: await recordsOf(source, start, end) };
      });
    }
    return { batch, time, ranges };
  }

  async #readInputs(plan: Plan, startedAt: number, timer: PhaseTimer): Promise<RunningBatch> {
    const inputs = new Map<string, Batch<unknown>>();
    for (const [id, source] of this.#sources) {
      const place = { source: id, batch: plan.batch };
      inputs.set(id, await withPlace('source', place, () => inputOf(source, plan.ranges[id])));
    }
    const batch: RunningBatch = {
      plan,
      inputs,
      startedAt,
      timer,
      rejected: 0,
      context: {
        id: plan.batch,
        time: plan.time,
        zeroTime: this.#zeroTime,
        reject: (error, { operator, record }) => {
          batch.rejected++;
          const placed = atPlace(error, { operator, batch: plan.batch, record });
          if (this.#options.badRecords === 'fail') throw placed;
          if (batch.rejected === 1) this.#options.log.warn(`skipped a bad record: ${placed.message}`);
        },
      },
    };
    return batch;
  }

  async #write({ plan }: RunningBatch, writes: readonly PendingWrite[]): Promise<void> {
    for (const { operator, sink, batch } of writes) {
      const written = { id: plan.batch, time: plan.time, batch };
      await withPlace('output', { operator, batch: plan.batch }, () => sink.write(written));
    }
  }

  async #commit({ plan, inputs, rejected }: RunningBatch): Promise<void> {
    const { batches, records, rejected: rejectedBefore } = this.#totals;
    const totals: Totals = {
      batches: batches + 1,
      records: records + countOf(inputs),
      rejected: rejectedBefore + rejected,
    };
    const { states, changes } = this.#states.toCommit();
    const { batch, time } = plan;
    const offsets = { ...this.#offsets, ...endsOf(plan) };
    const position = { batch, time, zeroTime: this.#zeroTime, offsets, totals };
    await this.#commitLog!.commit({ batch, zeroTime: this.#zeroTime, states, changes, totals }, () => ({
      ...position,
      states: this.#states.snapshots(),
      changes: {},
    }));
    this.#states.keep(states);
    this.#lastBatch = batch;
    this.#totals = totals;
    this.#offsets = offsets;
    for (const [id, source] of this.#sources) {
      await withPlace('source', { source: id, batch }, () => source.commit(offsets[id]!));
    }
  }

  #report({ plan, inputs, rejected, startedAt, timer }: RunningBatch): void {
    const { batchDurationMs } = this.#options;
    const numRecords = countOf(inputs);
    const processingTimeMs = Object.values(timer.phaseMs).reduce((sum, ms) => sum + ms, 0);
    const schedulingDelayMs = Math.max(0, startedAt - plan.time);
    const progress: BatchProgress = {
      batchId: plan.batch,
      batchTime: plan.time,
      sources: Object.fromEntries(
        Object.entries(plan.ranges).map(([id, { start, end }]): [string, SourceProgress] => {
          return [id, { start, end, numRecords: inputs.get(id)?.count() ?? 0 }];
        }),
      ),
      numRecords,
      rejectedRecords: rejected,
      schedulingDelayMs,
      processingTimeMs,
      totalDelayMs: schedulingDelayMs + processingTimeMs,
      phaseMs: timer.phaseMs,
      inputRowsPerSecond: (numRecords * 1000) / batchDurationMs,
      processedRowsPerSecond: processingTimeMs > 0 ? (numRecords * 1000) / processingTimeMs : 0,
      rateLimits: this.#rates.limitsOf(this.#sources.keys()),
      metrics: this.#states.metrics(),
      totals: this.#totals,
    };
    this.#rates.batchCompleted(progress, this.#options.clock.monotonicMs());
    this.#options.onProgress(progress);
  }

  /** Goes on from what is committed, or begins. Refuses by name what the checkpoint holds and the program lacks. */
  #takeUp({ committed, pending }: Found): void {
    const { states } = this.#options.graph;
    const { batchDurationMs, clock } = this.#options;
    for (const id of Object.keys({ ...committed.offsets, ...pending?.ranges })) {
      if (!this.#sources.has(id)) throw missing('source', id, this.#sources);
    }
    for (const id of Object.keys({ ...committed.states, ...committed.changes })) {
      if (!states.has(id)) throw missing('state', id, states);
    }
    this.#states.restore(committed);
    this.#lastBatch = committed.batch;
    this.#totals = committed.totals;
    this.#offsets = { ...committed.offsets };
    const begun = committed.batch >= 0;
    const lastTime = pending?.time ?? (begun ? committed.time : undefined);
    this.#nextTime = firstBatchTime(lastTime ?? clock.now(), batchDurationMs);
    // With another batch duration than before, windows slide from here on.
    const keepsZeroTime = begun && committed.zeroTime % batchDurationMs === 0;
    this.#zeroTime = keepsZeroTime ? committed.zeroTime : (lastTime ?? this.#nextTime) - batchDurationMs;
  }

  async #openSources(pending: Plan | undefined): Promise<void> {
    for (const [id, source] of this.#sources) {
      this.#offsets[id] = await source.open(pending?.ranges[id]?.end ?? this.#offsets[id]);
    }
  }

  #allEnded(): boolean {
    const sources = [...this.#sources];
    return sources.length > 0 && sources.every(([id, source]) => source.endedAt(this.#offsets[id]!));
  }

  get #sources(): ReadonlyMap<string, Source> {
    return this.#options.graph.sources;
  }

  async #close(): Promise<void> {
    for (const source of this.#sources.values()) await source.close();
    await this.#options.graph.close();
    await this.#commitLog?.close();
    this.#commitLog = undefined;
  }
}

/** What a batch takes from a source: nothing from one that is newer than the plan. */
async function inputOf(source: Source, range: PlannedRange | undefined): Promise<Batch<unknown>> {
  if (range === undefined) return Batch.empty();
  return range.records === undefined ? source.read(range) : new Batch<unknown>(range.records);
}

async function recordsOf(source: Source, start: Offset, end: Offset): Promise<PlannedRange['records'] & {}> {
  const { partitions } = await source.read({ start, end });
  return partitions as readonly (readonly Offset[])[];
}

function isEmpty(plan: Plan): boolean {
  return Object.values(plan.ranges).every(({ start, end }) => sameOffset(start, end));
}

function countOf(inputs: ReadonlyMap<string, Batch<unknown>>): number {
  let records = 0;
  for (const batch of inputs.values()) records += batch.count();
  return records;
}

function missing(what: string, id: string, known: ReadonlyMap<string, unknown>): StateError {
  const names = known.size === 0 ? 'none' : [...known.keys()].join(', ');
  return new StateError(
    'does-not-fit',
    `checkpoint: it holds the ${what} '${id}', which this program lacks (it has: ${names}); ` +
      'give it back the same id, or start with a new checkpoint directory',
    { context: { [what]: id } },
  );
}
