import { Batch } from '../batch/batch.ts';
import type { PendingWrite, RejectedRecord } from '../contracts/graph.ts';
import type { Sink } from '../contracts/sink.ts';
import { atPlace, type DataError } from '../errors.ts';
import type { Log } from '../host/log.ts';

/**
 * What to do with a record that an operator can't take: fail the batch; skip the record and count it; or do that and divert it
 * to a sink, as a `DivertedRecord`. The sink gets the diverted records of a batch together with the batch's outputs and with
 * its id, so it holds each exactly once where it knows a batch that it has. A batch without any is not written to it.
 */
export type BadRecords = 'fail' | 'skip' | { readonly divert: Sink };

/** A bad record, and what was wrong with it: what the sink of diverted records gets. */
export type DivertedRecord = RejectedRecord & {
  readonly batch: number;
  readonly message: string;
};

/** The bad records of one batch. */
export class RejectedRecords {
  readonly #batch: number;
  readonly #policy: BadRecords;
  readonly #log: Log;
  readonly #diverted: DivertedRecord[] = [];
  #count = 0;

  constructor(batch: number, policy: BadRecords, log: Log) {
    this.#batch = batch;
    this.#policy = policy;
    this.#log = log;
  }

  get count(): number {
    return this.#count;
  }

  /** Does with the record what the policy says. */
  reject(error: DataError, rejected: RejectedRecord): void {
    this.#count++;
    const { operator, position } = rejected;
    const placed = () => atPlace(error, { operator, batch: this.#batch, record: position });
    if (this.#policy === 'fail') throw placed();
    if (this.#count === 1) {
      this.#log.warn(`${this.#policy === 'skip' ? 'skipped' : 'diverted'} a bad record: ${placed().message}`);
    }
    if (this.#policy !== 'skip') {
      this.#diverted.push({ ...rejected, batch: this.#batch, message: error.message });
    }
  }

  /** What is to be written of them. */
  writes(): readonly PendingWrite[] {
    if (typeof this.#policy === 'string' || this.#diverted.length === 0) return [];
    return [{ operator: 'badRecords', sink: this.#policy.divert, batch: Batch.of(this.#diverted) }];
  }
}
