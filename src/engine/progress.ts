import type { Offset } from '../batch/offset.ts';
import type { Totals } from './checkpoint.ts';

/** The steps of a batch, in their order. */
export type Phase = 'plan' | 'log' | 'run' | 'write' | 'commit';

/** What one committed batch was: the event that listeners, logs and reports are made from. */
export interface BatchProgress {
  readonly batchId: number;
  /** Batch time, milliseconds since 1970. */
  readonly batchTime: number;
  readonly sources: Readonly<Record<string, SourceProgress>>;
  /** Records read in this batch, over all sources. */
  readonly numRecords: number;
  /** Bad records that were skipped in this batch. */
  readonly rejectedRecords: number;
  /** Start of the batch minus its batch time: how far the job is behind, milliseconds. */
  readonly schedulingDelayMs: number;
  /** From start to commit, milliseconds. */
  readonly processingTimeMs: number;
  /** Both of these together. */
  readonly totalDelayMs: number;
  readonly phaseMs: Readonly<Record<Phase, number>>;
  /** Records over the batch duration. */
  readonly inputRowsPerSecond: number;
  /** Records over the processing time. */
  readonly processedRowsPerSecond: number;
  /** The rate that each source was held to, records a second; one that was not is absent. */
  readonly rateLimits: Readonly<Record<string, number>>;
  /** Figures of learners and monitors, as `id.name`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly totals: Totals;
}

export interface SourceProgress {
  readonly start: Offset;
  readonly end: Offset;
  readonly numRecords: number;
}

/** Measures the phases of one batch. */
export class PhaseTimer {
  readonly phaseMs: Record<Phase, number> = { plan: 0, log: 0, run: 0, write: 0, commit: 0 };
  readonly #monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  async time<R>(phase: Phase, work: () => Promise<R>): Promise<R> {
    const start = this.#monotonicMs();
    try {
      return await work();
    } finally {
      this.phaseMs[phase] += this.#monotonicMs() - start;
    }
  }
}
