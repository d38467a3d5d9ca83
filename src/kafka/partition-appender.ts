import { type BrokerAddress, nameOf } from './broker-connections.ts';
import type { Cluster } from './cluster.ts';
import { grouped } from './grouped.ts';
import type { TopicPartition } from './kafka-driver.ts';
import type { PartitionBatch } from './partition-batches.ts';
import type { Compressor } from './wire/compressors.ts';
import { DUPLICATE_SEQUENCE_NUMBER, kafkaError, NO_ERROR } from './wire/error-codes.ts';
import { type EncodedBatch, produceRequest } from './wire/produce.ts';
import type { ProducerIdentity } from './wire/transactions.ts';

/** Sequence numbers count modulo this. */
const SEQUENCES = 2 ** 31;
/** A request holds several batches, up to about so many bytes; brokers refuse requests of over 100 MB. */
const MAX_REQUEST_BYTES = 8 * 2 ** 20;

/** Appends batches to partitions: each once, however often it is sent, since brokers drop one whose sequence numbers they have. */
export class PartitionAppender {
  readonly #cluster: Cluster;
  readonly #identity: ProducerIdentity;
  readonly #compressor: Compressor | undefined;
  /** By partition: the sequence number of the next record. */
  readonly #sequences = new Map<string, number>();

  constructor(cluster: Cluster, identity: ProducerIdentity, compressor: Compressor | undefined) {
    this.#cluster = cluster;
    this.#identity = identity;
    this.#compressor = compressor;
  }

  /** Round after round: the next batch of each partition, to all leaders at once. */
  async append(batches: readonly PartitionBatch[]): Promise<void> {
    const ofPartition = [...grouped(batches, keyOf).values()];
    const rounds = Math.max(0, ...ofPartition.map(({ length }) => length));
    for (let round = 0; round < rounds; round++) {
      const next = ofPartition.flatMap((each) => each[round] ?? []);
      const left = new Map(next.map((batch) => [keyOf(batch), this.#encoded(batch)]));
      await this.#cluster.retried(() => this.#appendAll(left));
    }
  }

  /** Takes out of `left` what the leaders have appended. Throws where something is left. */
  async #appendAll(left: Map<string, EncodedBatch>): Promise<void> {
    const led = await Promise.all(
      Array.from(left.values(), async (batch) => ({ batch, leader: await this.#cluster.leaderOf(batch) })),
    );
    const requests = Array.from(grouped(led, ({ leader }) => nameOf(leader)).values()).flatMap((ofLeader) => {
      const batches = ofLeader.map(({ batch }) => batch);
      return sized(batches).map((each) => this.#send(ofLeader[0]!.leader, each, left));
    });
    const failed = (await Promise.allSettled(requests)).find(({ status }) => status === 'rejected');
    if (failed === undefined) return;
    this.#cluster.forget(Array.from(left.values(), ({ topic }) => topic));
    throw (failed as PromiseRejectedResult).reason;
  }

  async #send(leader: BrokerAddress, batches: readonly EncodedBatch[], left: Map<string, EncodedBatch>): Promise<void> {
    const { transactionalId } = this.#identity;
    const request = produceRequest(transactionalId, this.#cluster.options.requestTimeoutMs, batches);
    const results = await this.#cluster.send(leader, request);
    for (const result of results) {
      if (isAppended(result.errorCode)) left.delete(keyOf(result));
    }
    const refused = results.find(({ errorCode }) => !isAppended(errorCode));
    if (refused === undefined) return;
    const { topic, partition, errorCode } = refused;
    throw kafkaError(errorCode, `writing to partition ${partition} of topic ${topic}`, { topic, partition });
  }

  #encoded(batch: PartitionBatch): EncodedBatch {
    const { topic, partition, records } = batch;
    const firstSequence = this.#sequences.get(keyOf(batch)) ?? 0;
    this.#sequences.set(keyOf(batch), (firstSequence + records.count) % SEQUENCES);
    const { producerId, producerEpoch, transactionalId } = this.#identity;
    const stamp = { producerId, producerEpoch, firstSequence, transactional: transactionalId !== undefined };
    return { topic, partition, bytes: records.encoded(stamp, this.#compressor) };
  }
}

function isAppended(errorCode: number): boolean {
  return errorCode === NO_ERROR || errorCode === DUPLICATE_SEQUENCE_NUMBER;
}

/** The batches in groups, each small enough for one request. */
function sized(batches: readonly EncodedBatch[]): EncodedBatch[][] {
  const groups: EncodedBatch[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const batch of batches) {
    if (sizeBytes + batch.bytes.length > MAX_REQUEST_BYTES) {
      groups.push([]);
      sizeBytes = 0;
    }
    groups.at(-1)!.push(batch);
    sizeBytes += batch.bytes.length;
  }
  return groups;
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
