import { atPlace, InternalError, MillraceError, TransientError } from '../errors.ts';
import { type BrokerAddress, nameOf } from './broker-connections.ts';
import type { Cluster } from './cluster.ts';
import { decodeBatches } from './decode-batches.ts';
import { FetchSizes } from './fetch-sizes.ts';
import { grouped } from './grouped.ts';
import type { IsolationLevel, PartitionRange, TopicPartition } from './kafka-driver.ts';
import { type LostOffsets, PartitionRecords } from './partition-records.ts';
import type { Decompress } from './wire/compression.ts';
import { kafkaError, NO_ERROR, OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION } from './wire/error-codes.ts';
import { type FetchedPartition, fetchRequest } from './wire/fetch.ts';
import { listOffsetsRequest } from './wire/list-offsets.ts';

const MAX_WAIT_MS = 500;
/** A broker sends less where its own limit is lower. */
const MAX_RESPONSE_BYTES = 64 * 2 ** 20;
/** Records that room is made for at once; most of a range may be gone. */
const MOST_EXPECTED = 2 ** 16;
/** How often in a row brokers must say that a partition or an offset is not there before it is believed. */
const BELIEVED_AFTER = 5;

/** A range that is being read. */
interface OpenRange extends PartitionRange {
  /** Where the next fetch begins. */
  next: number;
  readonly records: PartitionRecords;
  /** How often in a row the broker said that there is no such partition, or offset. */
  denials: number;
}

/** Reads ranges of offsets exactly: one request to each leader with all that it leads, again and again until each range is at its end. */
export class RangeReader {
  readonly #cluster: Cluster;
  readonly #isolation: IsolationLevel;
  readonly #decompress: Decompress;
  readonly #sizes = new FetchSizes();

  constructor(cluster: Cluster, isolation: IsolationLevel, decompress: Decompress) {
    this.#cluster = cluster;
    this.#isolation = isolation;
    this.#decompress = decompress;
  }

  /** Throws `TransientError` where no range has got on for the cluster's `retryTimeoutMs`. */
  async read(ranges: readonly PartitionRange[]): Promise<readonly PartitionRecords[]> {
    const all = ranges.map((range): OpenRange => {
      const expected = Math.min(range.end - range.start, MOST_EXPECTED);
      const records = new PartitionRecords(range.topic, range.partition, expected);
      return { ...range, next: range.start, records, denials: 0 };
    });
    for (let open = all.filter(isOpen); open.length > 0; open = open.filter(isOpen)) {
      await this.#cluster.retried(() => this.#round(open.filter(isOpen)));
    }
    return all.map(({ records }) => records);
  }

  /** One fetch from each leader. Throws where none of the ranges got on. */
  async #round(open: readonly OpenRange[]): Promise<void> {
    const before = open.map(({ next }) => next);
    const failures: TransientError[] = [];
    const attempt = async (ranges: readonly OpenRange[], work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        failures.push(error);
        this.#cluster.forget(ranges.map(({ topic }) => topic));
      }
    };
    const led: { range: OpenRange; leader: BrokerAddress }[] = [];
    for (const range of open) {
      await attempt([range], async () => {
        const leader = await this.#leaderOf(range);
        if (leader !== undefined) led.push({ range, leader });
      });
    }
    await Promise.all(
      Array.from(grouped(led, ({ leader }) => nameOf(leader)).values(), (ofLeader) => {
        const ranges = ofLeader.map(({ range }) => range);
        return attempt(ranges, () => this.#fetch(ofLeader[0]!.leader, ranges));
      }),
    );
    if (open.some(({ next }, i) => next > before[i]!)) return;
    throw failures[0] ?? waitingFor(open[0]!);
  }

  /** The leader; undefined where the topic is gone, or is another one, and with it the rest of the range. */
  async #leaderOf(range: OpenRange): Promise<BrokerAddress | undefined> {
    const { topic, topicId } = range;
    try {
      const leader = await this.#cluster.leaderOf(range);
      if (topicId === undefined || topicId === this.#cluster.idOf(topic)) return leader;
    } catch (error) {
      const known = this.#cluster.idOf(topic);
      const isAnother = known !== undefined && topicId !== undefined && known !== topicId;
      if (!isAnother) {
        if (!isUnknown(error) || ++range.denials < BELIEVED_AFTER) throw error;
        lose(range, range.end, 'deleted');
        return undefined;
      }
    }
    lose(range, range.end, 'recreated');
    return undefined;
  }

  async #fetch(leader: BrokerAddress, ranges: readonly OpenRange[]): Promise<void> {
    const partitions = ranges.map((range) => ({
      topic: range.topic,
      partition: range.partition,
      fetchOffset: range.next,
      maxBytes: this.#sizes.maxBytesOf(range, range.end - range.next),
    }));
    const limits = { isolation: this.#isolation, maxWaitMs: MAX_WAIT_MS, maxBytes: MAX_RESPONSE_BYTES };
    const fetched = await this.#cluster.send(leader, fetchRequest(partitions, limits));
    for (const each of fetched) {
      const range = ranges.find(({ topic, partition }) => topic === each.topic && partition === each.partition);
      if (range === undefined) throw new InternalError('bug', `Kafka: got records of ${each.topic}, not asked for`);
      if (each.errorCode === NO_ERROR) this.#take(range, each);
      else await this.#failed(leader, range, each.errorCode);
    }
  }

  #take(range: OpenRange, { batches, aborted, logStartOffset }: FetchedPartition): void {
    range.denials = 0;
    if (logStartOffset > range.next) lose(range, logStartOffset, 'aged-out');
    const { topic, partition } = range;
    const from = { topic, partition, start: range.next, end: range.end };
    const decoded = atPartition({ topic, partition }, () =>
      decodeBatches(batches, from, aborted, this.#decompress, range.records),
    );
    range.next = decoded.next;
    this.#sizes.learn(range, decoded.bytes, decoded.offsets);
  }

  /** Throws what another attempt may mend; finds out what is lost where the broker doesn't have the offset. */
  async #failed(leader: BrokerAddress, range: OpenRange, errorCode: number): Promise<void> {
    const { topic, partition, next } = range;
    const error = kafkaError(errorCode, `partition ${partition} of topic ${topic}, offset ${next}`, {
      topic,
      partition,
    });
    if (errorCode !== OFFSET_OUT_OF_RANGE) throw error;
    const earliest = await this.#offset(leader, range, 'earliest');
    if (earliest > next) return lose(range, earliest, 'aged-out');
    if (++range.denials < BELIEVED_AFTER) throw new TransientError('unreachable', error.message, { cause: error });
    lose(range, range.end, 'recreated');
  }

  async #offset(leader: BrokerAddress, of: TopicPartition, at: 'earliest' | 'latest'): Promise<number> {
    const [listed] = await this.#cluster.send(leader, listOffsetsRequest([of], at, 'read_uncommitted'));
    if (listed === undefined || listed.errorCode !== NO_ERROR) {
      throw kafkaError(listed?.errorCode ?? UNKNOWN_TOPIC_OR_PARTITION, `offsets of topic ${of.topic}`);
    }
    return listed.offset;
  }
}

function isOpen({ next, end }: OpenRange): boolean {
  return next < end;
}

/** What is wrong with the bytes, with the partition that they are of. */
function atPartition<R>(partition: { topic: string; partition: number }, decode: () => R): R {
  try {
    return decode();
  } catch (error) {
    throw error instanceof MillraceError ? atPlace(error, partition) : error;
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof TransientError && error.context.kafkaErrorCode === UNKNOWN_TOPIC_OR_PARTITION;
}

/** Goes on at `to`, or at the end where that comes first. */
function lose(range: OpenRange, to: number, because: LostOffsets['because']): void {
  const end = Math.min(to, range.end);
  range.records.lost.push({ start: range.next, end, because });
  range.next = end;
}

function waitingFor({ topic, partition, next, end }: OpenRange): TransientError {
  const message = `Kafka: expected records of topic ${topic}, partition ${partition}, from offset ${next} to ${end}; the broker doesn't give any yet, as where a transaction is open`;
  return new TransientError('unreachable', message, { context: { topic, partition, offset: next } });
}
