import type { Offset } from '../batch/offset.ts';
import type { Totals } from './checkpoint-records.ts';

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
  /** Bad records that were skipped or diverted in this batch. */
  readonly rejectedRecords: number;
  /** How often the batch was tried: 1 where all went well. */
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly processingStartTime: number;
  readonly processingEndTime: number;
  /** Start of the batch minus its batch time, at which it should have begun: how far the job is behind, milliseconds. */
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
  /** What was written, in the order of the outputs' registration. */
  readonly outputs: readonly EndedOutputOperationInfo[];
  readonly state: StateProgress;
  /** Figures of learners and monitors, as `id.name`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly totals: Totals;
}

export interface SourceProgress {
  readonly start: Offset;
  readonly end: Offset;
  readonly numRecords: number;
}

/** How much the job remembers. */
export interface StateProgress {
  /** Keys with a state and records in windows, over all operators. */
  readonly rows: number;
  /** Bytes of the journal, from which a restart would read it; 0 without a checkpoint. */
  readonly journalBytes: number;
}

/** A batch that has yet to end. */
export interface BatchInfo {
  readonly batchId: number;
  /** Batch time, milliseconds since 1970. */
  readonly batchTime: number;
  /** When the batch began, milliseconds since 1970. */
  readonly processingStartTime: number;
  readonly sources: Readonly<Record<string, SourceProgress>>;
  /** Over all sources. */
  readonly numRecords: number;
}

/** An output of a batch. */
export interface OutputOperationInfo {
  readonly batchId: number;
  readonly batchTime: number;
  /** Its place among the outputs of the batch, from 0. */
  readonly id: number;
  /** The operator that writes. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
}

/** … that has ended. */
export interface EndedOutputOperationInfo extends OutputOperationInfo {
  readonly endTime: number;
  readonly durationMs: number;
  /** Why it failed; absent where it did not. */
  readonly failureReason?: string;
}

/** Is told what becomes of a job and its batches. A batch that is tried again is started again. */
export interface BatchListener {
  /** The sources are open. `time`: milliseconds since 1970. */
  onStreamingStarted?(time: number): void | Promise<void>;
  /** The batch is planned, and its plan is logged. */
  onBatchSubmitted?(batch: BatchInfo): void | Promise<void>;
  onBatchStarted?(batch: BatchInfo): void | Promise<void>;
  onOutputOperationStarted?(output: OutputOperationInfo): void | Promise<void>;
  onOutputOperationCompleted?(output: EndedOutputOperationInfo): void | Promise<void>;
  /** The batch is committed. */
  onBatchCompleted?(progress: BatchProgress): void | Promise<void>;
}
