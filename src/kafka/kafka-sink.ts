import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Sink, SinkBatch } from '../contracts/sink.ts';
import { UsageError } from '../errors.ts';
import { systemClock } from '../host/clock.ts';
import { BatchTransactions, type TransactionOptions } from './batch-transactions.ts';
import { KafkaClient } from './kafka-client.ts';
import type { KafkaDriver, KafkaProducer } from './kafka-driver.ts';
import { checkedKafkaOptions, type KafkaOptions } from './kafka-options.ts';
import type { ProducerRecord } from './kafka-record.ts';
import { type OutputRecord, producerRecordOf } from './output-record.ts';
import type { Codec } from './wire/compression.ts';
import { checkCodec } from './wire/compressors.ts';

export interface KafkaSinkOptions extends KafkaOptions {
  /** Where records go that name no topic themselves. */
  readonly topic?: string;
  /**
   * Makes the output exactly-once: each batch is a transaction under this id. It must stay the same from run to run, and belong
   * to this output of this checkpoint alone. Letters, digits and `._-`. Absent: at-least-once, a batch that was under way
   * at a crash is written again.
   */
  readonly transactionalId?: string;
  /** After which brokers give up a transaction, and the batch with it. Default 60 seconds; brokers allow up to 15 minutes. */
  readonly transactionTimeout?: Duration;
  /**
   * Keeps which batch was written last, in the same transaction as the batch. It is made where it does not exist, compacted, with
   * one partition. Default: `millrace-` and the transactional id.
   */
  readonly controlTopic?: string;
  /** How batches are compressed, for brokers that keep them so: zstd needs Node 22.15, 23.8 or later. Default `'none'`. */
  readonly compression?: Codec;
}

/**
 * Writes batches to Kafka. Exactly-once with a `transactionalId`: the batch and its number are one transaction, so a batch that
 * comes again after a crash is known, and dropped. A process that was thought dead, and whose place another one took, can
 * write nothing any more, and stops. Readers see whole batches only where they read with `read_committed`.
 *
 * Records are what `OutputRecord` says: text or bytes, or objects with `value` and what else Kafka keeps of a record.
 */
export class KafkaSink implements Sink {
  readonly #topic: string | undefined;
  readonly #compression: Codec;
  readonly #options: KafkaOptions;
  readonly #transactions: TransactionOptions | undefined;
  #driver: KafkaDriver | undefined;
  #writer: Writer | undefined;
  #triesAgain = true;

  /**
   * Throws `UsageError` where an option is out of range. Nothing is connected before the first batch. `transactions` is for
   * `SharedJob`.
   */
  constructor(options: KafkaSinkOptions, transactions = transactionOptionsOf(options)) {
    checkedKafkaOptions(options);
    checkCodec(options.compression ?? 'none');
    this.#compression = options.compression ?? 'none';
    this.#topic = options.topic;
    this.#options = options;
    this.#transactions = transactions;
  }

  async write(batch: SinkBatch<unknown>): Promise<void> {
    const records = batch.batch.collect().map((record) => producerRecordOf(record as OutputRecord, this.#topic));
    this.#driver ??= new KafkaClient(this.#options, systemClock);
    if (!this.#triesAgain) this.#driver.retryNoMore();
    this.#writer ??=
      this.#transactions === undefined
        ? new PlainWriter(this.#driver, this.#compression)
        : new BatchTransactions(this.#driver, { ...this.#transactions, compression: this.#compression });
    await this.#writer.write(batch, records);
  }

  retryNoMore(): void {
    this.#triesAgain = false;
    this.#driver?.retryNoMore();
  }

  async close(): Promise<void> {
    await this.#writer?.close();
    await this.#driver?.close();
    this.#driver = undefined;
    this.#writer = undefined;
    this.#triesAgain = true;
  }
}

interface Writer {
  write(batch: SinkBatch<unknown>, records: readonly ProducerRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Writes batches without a transaction: each record once, as long as the process lives. */
class PlainWriter implements Writer {
  readonly #driver: KafkaDriver;
  readonly #compression: Codec;
  #producer: KafkaProducer | undefined;

  constructor(driver: KafkaDriver, compression: Codec) {
    this.#driver = driver;
    this.#compression = compression;
  }

  async write(_batch: SinkBatch<unknown>, records: readonly ProducerRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#producer ??= await this.#driver.producer({ compression: this.#compression });
    try {
      await this.#producer.produce(records);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#producer?.close();
    this.#producer = undefined;
  }
}

function transactionOptionsOf(options: KafkaSinkOptions): TransactionOptions | undefined {
  const { transactionalId, transactionTimeout, controlTopic = `millrace-${transactionalId}` } = options;
  const transactionTimeoutMs =
    transactionTimeout === undefined ? undefined : toMilliseconds(transactionTimeout, 'transactionTimeout');
  if (transactionalId === undefined) return undefined;
  if (!/^[\w.-]{1,200}$/.test(transactionalId)) {
    throw new UsageError(
      'bad-option',
      `Kafka sink: expected a transactionalId of letters, digits and ._-, got ${JSON.stringify(transactionalId)}`,
    );
  }
  return { transactionalId, transactionTimeoutMs, controlTopic };
}
