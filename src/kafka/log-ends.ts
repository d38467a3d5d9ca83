import type { Clock } from '../host/clock.ts';
import type { DataLoss } from './data-loss.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import { keyOf, type PartitionOffset } from './kafka-offset.ts';
import { type SelectedPartition, selectedPartitions, type TopicSelection } from './topic-selection.ts';

/** A partition as it is now. */
export interface PartitionEnd {
  /** Where the next batch begins. */
  readonly position: PartitionOffset;
  readonly latest: number;
}

/** What the brokers say at one batch time. */
interface Seen {
  readonly batchTime: number;
  readonly partitions: readonly (SelectedPartition & { readonly latest: number })[];
}

/** How often brokers are asked before it is believed that a partition is gone, or ends before what was read of it. */
const BELIEVED_AFTER = 6;
const FIRST_DELAY_MS = 10;

/**
 * Follows where the selected partitions end, as topics and partitions come and go. The same batch time gives the same ends: a
 * stream that is to read what is there now doesn't run after what is written meanwhile.
 */
export class LogEnds {
  readonly #driver: KafkaDriver;
  readonly #selection: TopicSelection;
  readonly #loss: DataLoss;
  readonly #clock: Clock;
  #seen: Seen | undefined;

  constructor(driver: KafkaDriver, selection: TopicSelection, loss: DataLoss, clock: Clock) {
    this.#driver = driver;
    this.#selection = selection;
    this.#loss = loss;
    this.#clock = clock;
  }

  /** The partitions that exist, each with where a stream goes on in it that has read up to `read`. Reports what is lost. */
  async after(read: readonly PartitionOffset[], batchTime: number): Promise<PartitionEnd[]> {
    if (this.#seen?.batchTime !== batchTime) this.#seen = await this.#look(read, batchTime);
    const { partitions } = this.#seen;
    const there = new Set(partitions.map(keyOf));
    for (const gone of read.filter((each) => !there.has(keyOf(each)))) {
      this.#loss.report(`${nameOf(gone)} is gone, and what was not read of it from offset ${gone.offset} on`);
    }
    const readOf = new Map(read.map((each) => [keyOf(each), each]));
    const ends: PartitionEnd[] = [];
    const found: typeof partitions = partitions.filter((each) => readOf.get(keyOf(each))?.topicId !== each.topicId);
    const earliest = await this.#earliest(found, readOf);
    for (const { latest, ...partition } of partitions) {
      const key = keyOf(partition);
      const position = readOf.get(key);
      if (position?.topicId !== partition.topicId) {
        const offset = earliest.get(key);
        if (offset !== undefined) ends.push({ position: { ...partition, offset }, latest: offset });
      } else if (position.offset > latest) {
        this.#loss.report(`${nameOf(position)} was read up to offset ${position.offset}, and now ends at ${latest}`);
        ends.push({ position: { ...position, offset: latest }, latest });
      } else {
        ends.push({ position, latest });
      }
    }
    return ends;
  }

  /** Where partitions begin that are new, or whose topic is another one now. */
  async #earliest(
    found: readonly SelectedPartition[],
    readOf: ReadonlyMap<string, PartitionOffset>,
  ): Promise<ReadonlyMap<string, number>> {
    const earliest = new Map<string, number>();
    const offsets = found.length === 0 ? [] : await this.#driver.offsets(found, 'earliest');
    for (const [i, partition] of found.entries()) {
      const offset = offsets[i];
      const before = readOf.get(keyOf(partition));
      if (offset === undefined) {
        this.#loss.report(`${nameOf(partition)} was found, and is gone again`);
        continue;
      }
      if (before !== undefined) {
        this.#loss.report(
          `${nameOf(partition)} belongs to a topic that was made anew; the old one was read up to offset ${before.offset}`,
        );
      } else if (offset > 0) {
        this.#loss.report(`${nameOf(partition)} was found, and its first ${offset} offsets are gone already`);
      }
      earliest.set(keyOf(partition), offset);
    }
    return earliest;
  }

  /** Asks again where an answer would mean a loss: it may be that of a broker that lags behind. */
  async #look(read: readonly PartitionOffset[], batchTime: number): Promise<Seen> {
    for (let attempt = 1; ; attempt++) {
      const selected = await selectedPartitions(this.#driver, this.#selection);
      const latest = await this.#driver.offsets(selected, 'latest');
      const partitions = selected.flatMap((partition, i) => {
        const end = latest[i];
        return end === undefined ? [] : [{ ...partition, latest: end }];
      });
      const ends = new Map(partitions.map((each) => [keyOf(each), each.latest]));
      const isStale = read.some((each) => !(ends.get(keyOf(each))! >= each.offset));
      if (!isStale || attempt === BELIEVED_AFTER) return { batchTime, partitions };
      await this.#clock.sleepUntil(this.#clock.now() + FIRST_DELAY_MS * 2 ** attempt);
    }
  }
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `partition ${partition} of topic ${topic}`;
}
