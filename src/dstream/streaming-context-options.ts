import type { Duration } from '../batch/duration.ts';
import type { BadRecords } from '../engine/bad-records.ts';
import type { EmptyBatches } from '../engine/engine-options.ts';
import type { RateOptions } from '../engine/rate-control.ts';
import type { Clock } from '../host/clock.ts';
import type { Log, TextWriter } from '../host/log.ts';

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
  /** What a person should know while it runs: connections that are lost, records that are skipped. Default: standard error. */
  readonly log?: Log;
  /** Default: the machine's own. A `ManualClock` runs batches at the times that a test chooses. */
  readonly clock?: Clock;
}
