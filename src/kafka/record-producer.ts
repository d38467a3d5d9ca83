import { InternalError, MillraceError, StateError, TransientError } from '../errors.ts';
import type { BrokerAddress } from './broker-connections.ts';
import type { Cluster } from './cluster.ts';
import type { KafkaProducer, ProducerOptions } from './kafka-driver.ts';
import type { ProducerRecord } from './kafka-record.ts';
import { PartitionAppender } from './partition-appender.ts';
import { type PartitionBatch, PartitionBatches } from './partition-batches.ts';
import type { Api } from './wire/api.ts';
import { type Compressor, loadCompressor } from './wire/compressors.ts';
import { CONCURRENT_TRANSACTIONS, kafkaError, NO_ERROR } from './wire/error-codes.ts';
import {
  addPartitionsRequest,
  endTransactionRequest,
  initProducerIdRequest,
  type ProducerIdentity,
} from './wire/transactions.ts';

const DEFAULT_TRANSACTION_TIMEOUT_MS = 60_000;
/** For a transaction that is nearly at its end, before it counts as a failure. */
const LONGEST_WAIT_MS = 16;
/** A newer producer has this transactional id: INVALID_PRODUCER_EPOCH, PRODUCER_FENCED. */
const SHUT_OUT = new Set<unknown>([47, 90]);
/** What a new producer mends: OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE, INVALID_PRODUCER_ID_MAPPING, UNKNOWN_PRODUCER_ID. */
const ENDS_THE_PRODUCER = new Set<unknown>([45, 48, 49, 59]);

/** Writes records, each once. With a transactional id, each `produce` is one transaction. */
export class RecordProducer implements KafkaProducer {
  readonly #cluster: Cluster;
  readonly #identity: ProducerIdentity;
  readonly #transactionTimeoutMs: number;
  readonly #batches: PartitionBatches;
  readonly #appender: PartitionAppender;
  #coordinator: BrokerAddress | undefined;
  #usable = true;

  private constructor(
    cluster: Cluster,
    identity: ProducerIdentity,
    transactionTimeoutMs: number,
    compressor: Compressor | undefined,
  ) {
    this.#cluster = cluster;
    this.#identity = identity;
    this.#transactionTimeoutMs = transactionTimeoutMs;
    this.#batches = new PartitionBatches(cluster);
    this.#appender = new PartitionAppender(cluster, identity, compressor);
  }

  /** When this resolves, older producers of the transactional id are shut out, and what they left open is ended. */
  static async open(cluster: Cluster, options: ProducerOptions): Promise<RecordProducer> {
    const { transactionalId, transactionTimeoutMs = DEFAULT_TRANSACTION_TIMEOUT_MS, compression = 'none' } = options;
    const compressor = await loadCompressor(compression);
    const request = initProducerIdRequest(transactionalId, transactionTimeoutMs);
    const identity = await cluster.retried(async () => {
      const answer =
        transactionalId === undefined
          ? await cluster.sendToAny(request)
          : await cluster.send(await cluster.coordinatorOf(transactionalId, 'transaction'), request);
      if (answer.errorCode === NO_ERROR) return answer.identity;
      throw kafkaError(answer.errorCode, `producer ${transactionalId ?? 'without transactions'}`);
    });
    return new RecordProducer(cluster, identity, transactionTimeoutMs, compressor);
  }

  async produce(records: readonly ProducerRecord[]): Promise<void> {
    if (!this.#usable) throw new InternalError('bug', 'Kafka: a producer is used after it was closed or had failed');
    if (records.length === 0) return;
    const { clock } = this.#cluster;
    const begunMs = clock.monotonicMs();
    this.#usable = false;
    try {
      const batches = await this.#batches.of(records);
      if (this.#identity.transactionalId === undefined) await this.#appender.append(batches);
      else await this.#transact(batches);
    } catch (error) {
      throw this.#meaningOf(error, clock.monotonicMs() - begunMs);
    }
    this.#usable = true;
  }

  async close(): Promise<void> {
    this.#usable = false;
  }

  async #transact(batches: readonly PartitionBatch[]): Promise<void> {
    try {
      const partitions = [...new Map(batches.map((batch) => [`${batch.topic}/${batch.partition}`, batch])).values()];
      await this.#coordinated(addPartitionsRequest(this.#identity, partitions));
      await this.#appender.append(batches);
    } catch (error) {
      // So that readers need not wait for the time-out. Where it fails, the next producer of this id ends the transaction.
      await this.#send(endTransactionRequest(this.#identity, 'abort')).catch(() => {});
      throw error;
    }
    await this.#commit();
  }

  /**
   * Sent again only where the coordinator has refused it. One that is lost must not be: it may come late, and would then end
   * the next transaction of this producer, whatever that has written by then.
   */
  async #commit(): Promise<void> {
    let lost: { readonly error: unknown } | undefined;
    await this.#cluster.retried(async () => {
      const answer = await this.#send(endTransactionRequest(this.#identity, 'commit')).catch((error: unknown) => {
        lost = { error };
      });
      if (answer !== undefined) this.#check(answer.errorCode, 'commit');
    });
    if (lost !== undefined) throw lost.error;
  }

  async #coordinated(request: Api<{ readonly errorCode: number }>): Promise<void> {
    await this.#cluster.retried(async () => {
      let { errorCode } = await this.#send(request);
      // Most often the transaction before is being written to its partitions, which is a matter of milliseconds.
      for (let waitMs = 1; errorCode === CONCURRENT_TRANSACTIONS && waitMs <= LONGEST_WAIT_MS; waitMs *= 2) {
        await this.#cluster.clock.sleepUntil(this.#cluster.clock.now() + waitMs);
        errorCode = (await this.#send(request)).errorCode;
      }
      this.#check(errorCode, request.name);
    });
  }

  async #send<R>(request: Api<R>): Promise<R> {
    try {
      this.#coordinator ??= await this.#cluster.coordinatorOf(this.#identity.transactionalId!, 'transaction');
      return await this.#cluster.send(this.#coordinator, request);
    } catch (error) {
      this.#coordinator = undefined;
      throw error;
    }
  }

  #check(errorCode: number, what: string): void {
    if (errorCode === NO_ERROR) return;
    this.#coordinator = undefined;
    throw kafkaError(errorCode, `transaction of ${this.#identity.transactionalId}, ${what}`);
  }

  #meaningOf(error: unknown, elapsedMs: number): unknown {
    if (!(error instanceof MillraceError)) return error;
    const { kafkaErrorCode } = error.context;
    const details = { context: error.context, cause: error };
    if (ENDS_THE_PRODUCER.has(kafkaErrorCode)) return new TransientError('unreachable', error.message, details);
    if (!SHUT_OUT.has(kafkaErrorCode)) return error;
    if (elapsedMs > this.#transactionTimeoutMs) {
      const message = `Kafka: the transaction took ${Math.round(elapsedMs)} ms, and brokers end it after ${this.#transactionTimeoutMs}; raise the transaction time-out`;
      return new TransientError('unreachable', message, details);
    }
    const { transactionalId } = this.#identity;
    const message = `Kafka: another process writes as ${transactionalId} since, and has shut this one out; one of them has to go, or to take another id`;
    return new StateError('in-use', message, details);
  }
}
