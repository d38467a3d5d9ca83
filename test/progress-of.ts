import type { BatchProgress } from '../src/engine/progress.ts';

/** The progress of a batch of a thousand milliseconds a batch, with what a test is about. */
export function progressOf(batchId: number, about: Partial<BatchProgress> = {}): BatchProgress {
  const batchTime = 1000 * batchId;
  return {
    batchId,
    batchTime,
    sources: {},
    numRecords: 250,
    rejectedRecords: 0,
    attempts: 1,
    processingStartTime: batchTime + 1,
    processingEndTime: batchTime + 3,
    schedulingDelayMs: 1,
    processingTimeMs: 2,
    totalDelayMs: 3,
    phaseMs: { plan: 0, log: 0, run: 2, write: 0, commit: 0 },
    inputRowsPerSecond: 250,
    processedRowsPerSecond: 125_000,
    rateLimits: {},
    outputs: [],
    state: { rows: 0, journalBytes: 0 },
    metrics: {},
    totals: { batches: batchId + 1, records: 250 * (batchId + 1), rejected: 0 },
    ...about,
  };
}
