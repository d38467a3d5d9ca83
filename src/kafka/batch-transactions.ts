import type { SinkBatch } from '../contracts/sink.ts';
import { StateError } from '../errors.ts';
import type { KafkaDriver, KafkaProducer } from './kafka-driver.ts';
import type { ProducerRecord } from './kafka-record.ts';
import {
  isWritten,
  type LedgerEntries,
  type LedgerEntry,
  ledgerRecord,
  readLedger,
  type ShareEntry,
} from './sink-ledger.ts';
import type { Codec } from './wire/compression.ts';

/** Under which id batches are written, and where that is kept. */
export interface TransactionOptions {
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number | undefined;
  readonly controlTopic: string;
  readonly compression?: Codec;
  /** Where the id belongs to one of several processes that write the output of one job. */
  readonly share?: ShareRules;
}

/** What the ledger must say for a share to write, and what it says of each batch. */
export interface ShareRules {
  /** Throws `StateError` where another set of shares has taken the job over. */
  check(entries: LedgerEntries): void;
  /** Throws `StateError` where the batch doesn't begin where `last` ends. */
  entryOf(batch: SinkBatch<unknown>, last: LedgerEntry): ShareEntry;
}

/**
 * Writes each batch in one transaction with an entry in a ledger that says so. Older producers of the id are shut out before
 * the ledger is read: what it says then can't change behind our back.
 */
export class BatchTransactions {
  readonly #driver: KafkaDriver;
  readonly #options: TransactionOptions;
  #producer: KafkaProducer | undefined;
  #last: LedgerEntry = {};
  #ended: StateError | undefined;

  constructor(driver: KafkaDriver, options: TransactionOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  /**
   * Writes the batch unless it is there. One whose outcome nobody told is written again, after a look whether it is there. Throws `StateError`, then and ever after, where another process has taken our place
   * (`in-use`), or the ledger is not of this checkpoint (`does-not-fit`).
   */
  async write(batch: SinkBatch<unknown>, records: readonly ProducerRecord[]): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    await this.#driver.retried(async () => {
      try {
        await this.#writeOnce(batch, records);
      } catch (error) {
        await this.close();
        if (error instanceof StateError) this.#ended = error;
        throw error;
      }
    });
  }

  /** Lets go of the producer; the next batch makes another. */
  async close(): Promise<void> {
    await this.#producer?.close();
    this.#producer = undefined;
  }

  async #writeOnce(batch: SinkBatch<unknown>, records: readonly ProducerRecord[]): Promise<void> {
    const { transactionalId, controlTopic, share } = this.#options;
    this.#producer ??= await this.#open();
    if (isWritten(batch, this.#last)) return;
    if (records.length === 0 && share === undefined) return;
    const entry: LedgerEntry = {
      batch: batch.id,
      time: batch.time,
      ...(share !== undefined && { share: share.entryOf(batch, this.#last) }),
    };
    await this.#producer.produce([...records, ledgerRecord(controlTopic, transactionalId, entry)]);
    this.#last = entry;
  }

  async #open(): Promise<KafkaProducer> {
    const { transactionalId, transactionTimeoutMs, controlTopic, compression, share } = this.#options;
    await this.#driver.makeCompactedTopic(controlTopic);
    const producer = await this.#driver.producer({
      transactionalId,
      ...(transactionTimeoutMs !== undefined && { transactionTimeoutMs }),
      ...(compression !== undefined && { compression }),
    });
    const entries = await readLedger(this.#driver, controlTopic);
    share?.check(entries);
    this.#last = entries.get(transactionalId) ?? {};
    return producer;
  }
}
