import type { Batch } from '../batch/batch.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';

/** What a batch asks of a source. */
export interface PlanRequest {
  /** Milliseconds since 1970. */
  readonly batchTime: number;
  /**
   * At most so many records: a whole number from 1 on, or infinity. What is over stays for the next batch. A source whose
   * records come in pieces that it can't cut, such as files, takes whole pieces.
   */
  readonly maxRecords: number;
}

/** Records that a receiver got one after the other. */
export type Received = {
  /** The number of the first: how many the receiver had got before it, in all its life. */
  readonly start: number;
  readonly records: readonly Offset[];
};

/**
 * The checkpoint's journal, as a receiver sees it. A receiver that writes its records there, before it counts them as
 * received, can give them again after a crash, and is then replayable. Its offset must be the number of records.
 */
export interface ReceiverJournal {
  /** What was in the journal at the start and is not yet committed; a planned range may begin here. */
  readonly kept: Received | undefined;

  /**
   * Resolves when the records are on disk. Throws `UsageError` (`wrong-type`) at once where they are more than plain data.
   * Absent where the program asked for no write-ahead log.
   */
  readonly append?: (received: Received) => Promise<void>;
}

/**
 * Where records come from. To write one: decide what an offset is (any JSON value), and give the same records for the same
 * range each time. A source that can't sets `replayable` to false: the engine then writes what `read` gave into the journal
 * together with the batch's plan, and never asks for that range again. To receive what others send, extend `Receiver`.
 *
 * Calls come one at a time, in this order: `open`, then per batch `plan`, `read`, `commit`, and `close` at the end.
 */
export interface Source<T = unknown> {
  readonly replayable: boolean;

  /** Starts reading: after `from` when a checkpoint knows it, else at the source's own beginning. Returns the offset. */
  open(from: Offset | undefined, journal?: ReceiverJournal): Promise<Offset>;

  /**
   * The end of the next batch: everything from `start` that is there at the batch time, within the request and the source's
   * own limits. The same offset again means that there is nothing for this batch.
   */
  plan(start: Offset, request: PlanRequest): Promise<Offset>;

  /** The records of a planned range. A replayable source answers for any range that is not yet committed, also after a restart. */
  read(range: OffsetRange): Promise<Batch<T>>;

  /** Everything before `end` is committed and may be forgotten. */
  commit(end: Offset): Promise<void>;

  /** Whether nothing can come any more after `offset`. */
  endedAt(offset: Offset): boolean;

  /** The stream is to end: from now on what fails is not tried again by the source itself. May be called at any time. */
  retryNoMore?(): void;

  /** Receives nothing more, but still gives what it has: the first step of a graceful stop. */
  stopReceiving?(): Promise<void>;

  /** Lets go of files and sockets. Harmless when called twice. */
  close(): Promise<void>;
}
