import type { Graph } from '../contracts/graph.ts';
import { excerpt, UsageError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { type Attempts, checkAttempts } from './attempts.ts';
import type { BadRecords } from './bad-records.ts';
import type { CommitLog } from './checkpoint.ts';
import type { Found } from './checkpoint-records.ts';
import type { BatchListener } from './progress.ts';
import type { RateOptions } from './rate-control.ts';

/** What to do at a batch time for which no source has anything: run an empty batch, as Spark does, or skip it. */
export type EmptyBatches = 'run' | 'skip';

/**
 * When batches run: at every multiple of the batch duration; once, a batch of all that is there, whatever the rate; or as many
 * as it takes to read what is there at the start. After the last two the engine ends. A batch that was under way at a crash is
 * run first, and is the one batch of `once`.
 */
export type Trigger = 'processingTime' | 'once' | 'availableNow';

export interface EngineOptions extends Attempts, RateOptions {
  readonly graph: Graph;
  /** Batch times are multiples of it. */
  readonly batchDurationMs: number;
  readonly trigger: Trigger;
  /** How long a stop with `drain` may go on beginning batches. */
  readonly gracefulStopTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly badRecords: BadRecords;
  readonly emptyBatches: EmptyBatches;
  /** Whether what a receiver gets is in the journal before it counts as received. */
  readonly writeAheadLog: boolean;
  readonly listener: BatchListener;
  readonly openCommitLog: () => Promise<[CommitLog, Found]>;
}

/** Throws `UsageError` where the compiler was not asked what the options may be. */
export function checkEngineOptions(options: EngineOptions): void {
  const { badRecords, emptyBatches } = options;
  checkAttempts(options);
  const diverts = typeof badRecords === 'object' && typeof badRecords?.divert?.write === 'function';
  if (!diverts && badRecords !== 'fail' && badRecords !== 'skip') {
    throw badOption("badRecords: expected 'fail', 'skip' or { divert: a sink }", badRecords);
  }
  if (emptyBatches !== 'run' && emptyBatches !== 'skip') {
    throw badOption("emptyBatches: expected 'run' or 'skip'", emptyBatches);
  }
}

function badOption(expected: string, got: unknown): UsageError {
  return new UsageError('bad-option', `${expected}, got ${excerpt(got)}`);
}
