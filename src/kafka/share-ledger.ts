import type { SinkBatch } from '../contracts/sink.ts';
import { StateError, UsageError } from '../errors.ts';
import type { ShareRules } from './batch-transactions.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import { type KafkaOffset, keyOf, type PartitionOffset, positionsOf } from './kafka-offset.ts';
import {
  type LedgerEntries,
  type LedgerEntry,
  ledgerRecord,
  readLedger,
  readUndecidedLedger,
  type ShareEntry,
} from './sink-ledger.ts';

/** Which share of which job. */
export interface ShareIdentity {
  readonly job: string;
  /** From 1 to `count`. */
  readonly share: number;
  readonly count: number;
}

/**
 * How one share of a job takes its place among the others, by the ledger that they all write. A set of shares of another
 * number is another generation, which shuts out the one before and goes on where that stopped: by then nothing of the old
 * set can be written any more, so each partition goes on exactly behind what the output covers.
 */
export class ShareLedger implements ShareRules {
  readonly controlTopic: string;
  readonly #identity: ShareIdentity;
  readonly #driver: KafkaDriver;
  #generation = 0;

  constructor(identity: ShareIdentity, driver: KafkaDriver) {
    this.controlTopic = `millrace-${identity.job}`;
    this.#identity = identity;
    this.#driver = driver;
  }

  /** Known once it has taken over or resumed. */
  get transactionalId(): string {
    const { job, share, count } = this.#identity;
    return `${job}.${this.#generation}.${share}-of-${count}`;
  }

  /**
   * Begins anew: `begin` gives each of the share's partitions a first position, most often that of `covered`, which is how far
   * the output of all shares reaches. Throws `StateError` (`in-use`) where another set of shares begins at the same time.
   */
  async takeOver(begin: (covered: readonly PartitionOffset[]) => Promise<KafkaOffset>): Promise<KafkaOffset> {
    await this.#driver.makeCompactedTopic(this.controlTopic);
    const newest = newestOf(await this.#undecided());
    this.#generation = newest.count === this.#identity.count ? newest.generation : newest.generation + 1;
    const producer = await this.#driver.producer({ transactionalId: this.transactionalId });
    const note = (id: string, position?: KafkaOffset) =>
      producer.produce([ledgerRecord(this.controlTopic, id, { share: this.#entry(position) })]);
    // From here on a process of an older generation that starts is refused; those that have started are shut out next.
    await note(`${this.#identity.job}.${this.#generation}`);
    for (const [id, { share }] of await this.#undecided()) {
      if (share?.position !== undefined && share.generation < this.#generation) await this.#shutOut(id);
    }
    const settled = await readLedger(this.#driver, this.controlTopic);
    this.#checkNewest(settled);
    const position = await begin(coveredBy(settled));
    await note(this.transactionalId, position);
    await producer.close();
    return position;
  }

  /** Goes on from a checkpoint. Throws `StateError` (`in-use`) where another set of shares has taken over since. */
  async resume(): Promise<void> {
    await this.#driver.makeCompactedTopic(this.controlTopic);
    const entries = await this.#undecided();
    this.#generation = newestOf(entries).generation;
    this.check(entries);
    await this.#shutOut(this.transactionalId);
  }

  check(entries: LedgerEntries): void {
    this.#checkNewest(entries);
    if (entries.has(this.transactionalId)) return;
    throw this.#replaced('has no such share yet');
  }

  entryOf({ ranges = {} }: SinkBatch<unknown>, last: LedgerEntry): ShareEntry {
    const [range, ...others] = Object.values(ranges);
    if (range === undefined || others.length > 0) {
      throw new UsageError(
        'bad-option',
        'Kafka: expected a shared job to read from its own source alone, got others too',
      );
    }
    const covered = new Map(positionsOf(last.share!.position!).map((each) => [keyOf(each), each.offset]));
    for (const { topic, partition, offset } of positionsOf(range.start)) {
      const expected = covered.get(keyOf({ topic, partition }));
      if (expected === undefined || expected === offset) continue;
      throw new StateError(
        'does-not-fit',
        `Kafka: expected a batch from offset ${expected} of partition ${partition} of topic ${topic}, where the output ends, ` +
          `got one from ${offset}; this checkpoint is not the one that the output belongs to`,
        { context: { topic, partition, offset } },
      );
    }
    return this.#entry(range.end as KafkaOffset);
  }

  #checkNewest(entries: LedgerEntries): void {
    const { generation, count } = newestOf(entries);
    const rival = Array.from(entries.values()).find(
      ({ share }) => share?.generation === this.#generation && share.count !== this.#identity.count,
    );
    if (generation > this.#generation) throw this.#replaced(`is now done by ${count} shares`);
    if (rival !== undefined) throw this.#replaced(`is now done by ${rival.share!.count} shares`);
  }

  #replaced(why: string): StateError {
    const { job, share, count } = this.#identity;
    return new StateError(
      'in-use',
      `Kafka: share ${share} of ${count}: the job ${job} ${why}; to take it over, start all ${count} with new checkpoint directories`,
      { context: { job, share, count } },
    );
  }

  #entry(position: KafkaOffset | undefined): ShareEntry {
    const entry = { generation: this.#generation, count: this.#identity.count };
    return position === undefined ? entry : { ...entry, position };
  }

  #undecided(): Promise<LedgerEntries> {
    return readUndecidedLedger(this.#driver, this.controlTopic);
  }

  async #shutOut(transactionalId: string): Promise<void> {
    const producer = await this.#driver.producer({ transactionalId });
    await producer.close();
  }
}

/** The newest set of shares. */
function newestOf(entries: LedgerEntries): Pick<ShareEntry, 'generation' | 'count'> {
  let newest = { generation: 0, count: 0 };
  for (const { share } of entries.values()) {
    if (share !== undefined && share.generation > newest.generation) newest = share;
  }
  return newest;
}

/** How far the output of all shares reaches in each partition: whichever share read it last got furthest. */
function coveredBy(entries: LedgerEntries): PartitionOffset[] {
  const furthest = new Map<string, PartitionOffset>();
  const positions = Array.from(entries.values()).flatMap(({ share }) =>
    share?.position === undefined ? [] : positionsOf(share.position),
  );
  for (const each of positions) {
    const key = `${keyOf(each)} ${each.topicId}`;
    if ((furthest.get(key)?.offset ?? -1) < each.offset) furthest.set(key, each);
  }
  return [...furthest.values()];
}
