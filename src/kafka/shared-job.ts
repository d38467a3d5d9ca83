import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Source } from '../contracts/source.ts';
import { UsageError } from '../errors.ts';
import { systemClock } from '../host/clock.ts';
import { KafkaClient } from './kafka-client.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import { checkedKafkaOptions, type KafkaOptions } from './kafka-options.ts';
import { KafkaSink } from './kafka-sink.ts';
import { PartitionsOfShare } from './partitions-of-share.ts';
import type { RecordFormat } from './record-format.ts';
import { ShareLedger } from './share-ledger.ts';
import { SharedSource, type SharedSourceOptions } from './shared-source.ts';
import type { Codec } from './wire/compression.ts';

export interface SharedJobOptions extends KafkaOptions {
  /** Names the job: the same for all its shares, in every run. Letters, digits and `._-`. */
  readonly job: string;
  /** Which share this process is, from 1 to `count`. */
  readonly share: number;
  /** How many shares there are; at most as many as each topic has partitions. */
  readonly count: number;
  /**
   * After which brokers give up a transaction, and the batch with it. A share that starts may wait as long for one that has
   * died. Default 10 seconds.
   */
  readonly transactionTimeout?: Duration;
  /** As a sink's. Default `'none'`. */
  readonly compression?: Codec;
}

/**
 * One job done by several processes, each of which reads its share of the partitions and writes its output exactly once. Each
 * has a checkpoint of its own, and goes on from it when it is started again. To grow or shrink, start another number of
 * processes with new checkpoint directories: the first of them shuts out the old ones, which stop with an error, and each
 * partition goes on exactly where the output of the old ones ends.
 *
 *     const job = new SharedJob({ bootstrapServers, job: 'scores', share: 1, count: 3 });
 *     const records = context.sourceStream(job.source({ subscribe: 'flights' }, textValues), { id: 'flights' });
 *     score(records).writeTo('scores', job.sink('scores'));
 *
 * What the job remembers from record to record stays with the process, not with the partition: share jobs that score, and
 * train in one process.
 */
export class SharedJob {
  readonly #options: SharedJobOptions;
  readonly #ledger: ShareLedger;
  readonly #driver: KafkaDriver;

  /** Throws `UsageError` where an option is out of range. Nothing is connected before the source is opened. */
  constructor(options: SharedJobOptions) {
    const { job, share, count } = options;
    checkedKafkaOptions(options);
    if (!/^[\w.-]{1,150}$/.test(job)) {
      throw new UsageError('bad-option', `job: expected letters, digits and ._-, got ${JSON.stringify(job)}`);
    }
    if (!(Number.isSafeInteger(share) && Number.isSafeInteger(count) && share >= 1 && share <= count)) {
      throw new UsageError('bad-option', `share: expected one from 1 to ${count}, got ${share}`);
    }
    this.#options = options;
    this.#driver = new KafkaClient(options, systemClock);
    this.#ledger = new ShareLedger(options, this.#driver);
  }

  /** What this share reads. A context closes it. */
  source<T>(options: SharedSourceOptions, format: RecordFormat<T>): Source<T> {
    const { share, count } = this.#options;
    const driver = new PartitionsOfShare(this.#driver, share, count);
    return new SharedSource({ ...this.#options, ...options }, format, driver, this.#ledger);
  }

  /** Where this share writes, in transactions that keep how far it has read. One for each job. */
  sink(topic?: string): Sink {
    const { job, transactionTimeout = '10 seconds', ...options } = this.#options;
    const ledger = this.#ledger;
    return new KafkaSink(topic === undefined ? options : { ...options, topic }, {
      get transactionalId() {
        return ledger.transactionalId;
      },
      transactionTimeoutMs: toMilliseconds(transactionTimeout, 'transactionTimeout'),
      controlTopic: ledger.controlTopic,
      share: ledger,
    });
  }
}
