import { Batch } from '../batch/batch.ts';
import type { BatchContext, PendingWrite } from '../contracts/graph.ts';
import type { Source } from '../contracts/source.ts';
import { messageOf } from '../errors.ts';
import { RejectedRecords } from './bad-records.ts';
import type { Plan, PlannedRange, Totals } from './checkpoint-records.ts';
import type { EngineOptions } from './engine-options.ts';
import { ownValue } from './own-value.ts';
import type { PhaseTimer } from './phase-timer.ts';
import type {
  BatchInfo,
  BatchProgress,
  EndedOutputOperationInfo,
  OutputOperationInfo,
  SourceProgress,
  StateProgress,
} from './progress.ts';
import { withPlace } from './with-place.ts';

/** What the engine adds to a batch's progress when it is committed. */
interface CommittedFigures {
  readonly state: StateProgress;
  readonly rateLimits: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly totals: Totals;
}

/** A planned batch while it is under way: reads what was planned, runs the graph and writes the outputs. */
export class BatchRun {
  readonly plan: Plan;
  readonly timer: PhaseTimer;
  readonly #startedAt: number;
  readonly #options: EngineOptions;
  #attempts = 0;
  #inputs: ReadonlyMap<string, Batch<unknown>> = new Map();
  #rejected: RejectedRecords;
  /** What this attempt wrote. */
  #outputs: EndedOutputOperationInfo[] = [];

  constructor(plan: Plan, startedAt: number, timer: PhaseTimer, options: EngineOptions) {
    this.plan = plan;
    this.timer = timer;
    this.#startedAt = startedAt;
    this.#options = options;
    this.#rejected = this.#noneRejected();
  }

  get numRecords(): number {
    let records = 0;
    for (const batch of this.#inputs.values()) records += batch.count();
    return records;
  }

  get rejectedRecords(): number {
    return this.#rejected.count;
  }

  /** Does all but the commit. May be called again when it has failed and the states are again as they were. */
  async attempt(attempt: number): Promise<void> {
    const { graph, listener } = this.#options;
    this.#attempts = attempt;
    this.#rejected = this.#noneRejected();
    this.#outputs = [];
    this.#inputs = await this.timer.time('plan', () => this.#read());
    if (attempt === 1) void listener.onBatchSubmitted?.(this.#info());
    void listener.onBatchStarted?.(this.#info());
    const writes = await this.timer.time('run', () => graph.run(this.#inputs, this.#context()));
    await this.timer.time('write', () => this.#write([...writes, ...this.#rejected.writes()]));
  }

  progress(figures: CommittedFigures): BatchProgress {
    const { plan, timer, numRecords } = this;
    const { batchDurationMs, clock } = this.#options;
    const processingTimeMs = timer.elapsedMs;
    const schedulingDelayMs = Math.max(0, this.#startedAt - plan.time);
    return {
      batchId: plan.batch,
      batchTime: plan.time,
      sources: this.#sources,
      numRecords,
      rejectedRecords: this.rejectedRecords,
      attempts: this.#attempts,
      processingStartTime: this.#startedAt,
      processingEndTime: clock.now(),
      schedulingDelayMs,
      processingTimeMs,
      totalDelayMs: schedulingDelayMs + processingTimeMs,
      phaseMs: timer.phaseMs,
      inputRowsPerSecond: (numRecords * 1000) / batchDurationMs,
      processedRowsPerSecond: processingTimeMs > 0 ? (numRecords * 1000) / processingTimeMs : 0,
      outputs: this.#outputs,
      ...figures,
    };
  }

  async #read(): Promise<ReadonlyMap<string, Batch<unknown>>> {
    const inputs = new Map<string, Batch<unknown>>();
    for (const [id, source] of this.#options.graph.sources) {
      const place = { source: id, batch: this.plan.batch };
      inputs.set(id, await withPlace('source', place, () => inputOf(source, ownValue(this.plan.ranges, id))));
    }
    return inputs;
  }

  async #write(writes: readonly PendingWrite[]): Promise<void> {
    const { batch: batchId, time: batchTime, ranges } = this.plan;
    const { clock } = this.#options;
    for (const [id, { operator, sink, batch }] of writes.entries()) {
      const output = { batchId, batchTime, id, name: operator, startTime: clock.now() };
      const written = { id: batchId, time: batchTime, batch, ranges };
      await this.#tellOf(output, () => withPlace('output', { operator, batch: batchId }, () => sink.write(written)));
    }
  }

  async #tellOf(output: OutputOperationInfo, write: () => Promise<void>): Promise<void> {
    const { clock, listener } = this.#options;
    const startedMs = clock.monotonicMs();
    const ended = () => ({ ...output, endTime: clock.now(), durationMs: clock.monotonicMs() - startedMs });
    void listener.onOutputOperationStarted?.(output);
    try {
      await write();
    } catch (error) {
      void listener.onOutputOperationCompleted?.({ ...ended(), failureReason: messageOf(error) });
      throw error;
    }
    const completed = ended();
    this.#outputs.push(completed);
    void listener.onOutputOperationCompleted?.(completed);
  }

  #info(): BatchInfo {
    const { batch, time } = this.plan;
    const { numRecords } = this;
    return {
      batchId: batch,
      batchTime: time,
      processingStartTime: this.#startedAt,
      sources: this.#sources,
      numRecords,
    };
  }

  get #sources(): Record<string, SourceProgress> {
    const ranges = Object.entries(this.plan.ranges);
    return Object.fromEntries(
      ranges.map(([id, { start, end }]): [string, SourceProgress] => {
        return [id, { start, end, numRecords: this.#inputs.get(id)?.count() ?? 0 }];
      }),
    );
  }

  #context(): BatchContext {
    return {
      id: this.plan.batch,
      time: this.plan.time,
      zeroTime: this.plan.zeroTime,
      reject: (error, rejected) => this.#rejected.reject(error, rejected),
    };
  }

  #noneRejected(): RejectedRecords {
    return new RejectedRecords(this.plan.batch, this.#options.badRecords, this.#options.log);
  }
}

/** What a batch takes from a source: nothing from one that is newer than the plan. */
async function inputOf(source: Source, range: PlannedRange | undefined): Promise<Batch<unknown>> {
  if (range === undefined) return Batch.empty();
  return range.records === undefined ? source.read(range) : new Batch<unknown>(range.records);
}
