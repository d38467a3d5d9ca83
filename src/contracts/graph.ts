import type { Batch } from '../batch/batch.ts';
import type { DataError } from '../errors.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';
import type { Stateful } from './stateful.ts';

/** What the engine runs. A front end builds it; the engine knows nothing else of the front end. */
export interface Graph {
  /** By id. The ids name offsets in the checkpoint, so they must stay the same when the program changes. */
  readonly sources: ReadonlyMap<string, Source>;

  /** By id, as above. */
  readonly states: ReadonlyMap<string, Stateful>;

  /** Those ids of `states` that the program did not give, each with the kind of operator that it was derived from. */
  readonly derivedIds?: ReadonlyMap<string, string>;

  /** Computes one batch: runs every operator and updates every state, but writes nothing. */
  run(inputs: ReadonlyMap<string, Batch<unknown>>, context: BatchContext): Promise<readonly PendingWrite[]>;

  /** The outputs are told so; see `Sink`. */
  retryNoMore?(): void;

  close(): Promise<void>;
}

/** An output that waits until the whole batch has been computed. */
export interface PendingWrite {
  readonly operator: string;
  readonly sink: Sink;
  readonly batch: Batch<unknown>;
}

/** The batch that is running, as operators see it. */
export interface BatchContext {
  readonly id: number;
  /** Batch time, milliseconds since 1970. */
  readonly time: number;
  /** One batch duration before the very first batch time. */
  readonly zeroTime: number;

  /**
   * Reports a bad record. Under the policy `fail` this throws; else it counts the record and returns, and the operator goes
   * on without it.
   */
  reject(error: DataError, rejected: RejectedRecord): void;
}

/** A record that an operator can't take. */
export interface RejectedRecord {
  readonly operator: string;
  /** Where the record stands in the operator's input: `3 of partition 0`. */
  readonly position: string;
  readonly record: unknown;
}
