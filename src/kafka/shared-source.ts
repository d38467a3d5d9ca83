import type { Batch } from '../batch/batch.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { UsageError } from '../errors.ts';
import { offsetsAtBoundary } from './boundary-offsets.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import { type KafkaOffset, keyOf, offsetOf, type PartitionOffset } from './kafka-offset.ts';
import { type KafkaReadOptions, KafkaSource, type KafkaSourceOptions } from './kafka-source.ts';
import type { RecordFormat } from './record-format.ts';
import type { ShareLedger } from './share-ledger.ts';
import { missingFrom, type SelectedPartition, selectedPartitions, type TopicSelection } from './topic-selection.ts';

export type SharedSourceOptions = TopicSelection &
  Pick<
    KafkaReadOptions,
    | 'maxOffsetsPerTrigger'
    | 'maxOffsetsPerPartition'
    | 'minOffsetsPerTrigger'
    | 'maxTriggerDelay'
    | 'failOnDataLoss'
    | 'groupId'
  > & {
    /** Where partitions begin that no share has read yet. Default `'latest'`. */
    readonly startingOffsets?: 'earliest' | 'latest';
    /** Where the stream ends, found out when it is started. Default: nowhere. */
    readonly endingOffsets?: 'latest';
  };

/** What one share of a job reads. Without a checkpoint it takes the share over, and begins where the output of all shares ends. */
export class SharedSource<T> implements Source<T> {
  readonly replayable = true;
  readonly #options: KafkaSourceOptions & SharedSourceOptions;
  readonly #source: KafkaSource<T>;
  readonly #driver: KafkaDriver;
  readonly #ledger: ShareLedger;

  /** `driver` sees the share's partitions only. */
  constructor(
    options: KafkaSourceOptions & SharedSourceOptions,
    format: RecordFormat<T>,
    driver: KafkaDriver,
    ledger: ShareLedger,
  ) {
    this.#options = options;
    this.#source = new KafkaSource(options, format, { driver });
    this.#driver = driver;
    this.#ledger = ledger;
  }

  async open(from: Offset | undefined): Promise<Offset> {
    if (from === undefined) return this.#source.open(await this.#ledger.takeOver((covered) => this.#begin(covered)));
    await this.#ledger.resume();
    return this.#source.open(from);
  }

  plan(start: Offset, request: PlanRequest): Promise<Offset> {
    return this.#source.plan(start, request);
  }

  read(range: OffsetRange): Promise<Batch<T>> {
    return this.#source.read(range);
  }

  commit(end: Offset): Promise<void> {
    return this.#source.commit(end);
  }

  endedAt(offset: Offset): boolean {
    return this.#source.endedAt(offset);
  }

  retryNoMore(): void {
    this.#source.retryNoMore();
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #begin(covered: readonly PartitionOffset[]): Promise<KafkaOffset> {
    const partitions = await this.#partitions();
    const known = new Map(covered.map((each) => [`${keyOf(each)} ${each.topicId}`, each]));
    const knownOf = (each: SelectedPartition) => known.get(`${keyOf(each)} ${each.topicId}`);
    const goOn = partitions.flatMap((each) => knownOf(each) ?? []);
    const fresh = partitions.filter((each) => knownOf(each) === undefined);
    const boundary = { offsets: this.#options.startingOffsets, withoutSuchRecord: 'error' } as const;
    const begin = await offsetsAtBoundary(this.#driver, fresh, boundary, 'starting');
    return offsetOf([...goOn, ...begin], 'read_committed');
  }

  /** Those of the share. Throws `UsageError` where it has none of a topic. */
  async #partitions(): Promise<SelectedPartition[]> {
    const partitions = await selectedPartitions(this.#driver, this.#options);
    const missing = missingFrom(partitions, this.#options);
    if (missing.length === 0) return partitions;
    throw new UsageError(
      'not-found',
      `Kafka: there is no ${missing.join(', no ')}, or it has fewer partitions than the job has shares`,
    );
  }
}
