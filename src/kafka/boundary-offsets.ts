import { UsageError } from '../errors.ts';
import type { KafkaDriver, OffsetsAt } from './kafka-driver.ts';
import { keyOf, type PartitionNumbers, type PartitionOffset } from './kafka-offset.ts';
import type { SelectedPartition } from './topic-selection.ts';

/** In offsets by partition, as in Spark: the first there is, and the one after the last. */
const [LATEST, EARLIEST] = [-1, -2];

/** A point in all partitions: by name, by offset (−2 is the first, −1 the one after the last), or by time. */
export interface Boundary {
  readonly offsets?: 'earliest' | 'latest' | PartitionNumbers | undefined;
  /** Milliseconds since 1970, for all partitions: the first record of that time or later. Comes before `offsets`. */
  readonly timestamp?: number | undefined;
  /** The same for each partition. */
  readonly offsetsByTimestamp?: PartitionNumbers | undefined;
  /** What a partition without such a record does: begin at its end, or be an error. */
  readonly withoutSuchRecord: 'error' | 'latest';
}

/** Where each partition stands at the boundary. Throws `UsageError` naming a partition that the boundary leaves out. */
export async function offsetsAtBoundary(
  driver: KafkaDriver,
  partitions: readonly SelectedPartition[],
  boundary: Boundary,
  what: string,
): Promise<PartitionOffset[]> {
  const { offsets = 'latest', timestamp, offsetsByTimestamp } = boundary;
  if (timestamp !== undefined) {
    const times = partitions.map(() => timestamp);
    return atTimes(driver, partitions, times, boundary.withoutSuchRecord, what);
  }
  if (offsetsByTimestamp !== undefined) {
    const times = numbersOf(partitions, offsetsByTimestamp, `${what}OffsetsByTimestamp`);
    return atTimes(driver, partitions, times, boundary.withoutSuchRecord, what);
  }
  if (typeof offsets === 'string') return at(driver, partitions, offsets);
  return atNumbers(driver, partitions, numbersOf(partitions, offsets, `${what}Offsets`));
}

/** Partitions that went meanwhile are left out. */
async function at(
  driver: KafkaDriver,
  partitions: readonly SelectedPartition[],
  point: OffsetsAt,
): Promise<PartitionOffset[]> {
  const found = await driver.offsets(partitions, point);
  return partitions.flatMap((partition, i) => {
    const offset = found[i];
    return offset === undefined ? [] : [{ ...partition, offset }];
  });
}

async function atNumbers(
  driver: KafkaDriver,
  partitions: readonly SelectedPartition[],
  numbers: readonly number[],
): Promise<PartitionOffset[]> {
  const numbered = partitions.map((partition, i) => ({ ...partition, offset: numbers[i]! }));
  const earliest = await at(
    driver,
    numbered.filter(({ offset }) => offset === EARLIEST),
    'earliest',
  );
  const latest = await at(
    driver,
    numbered.filter(({ offset }) => offset === LATEST),
    'latest',
  );
  return [...earliest, ...latest, ...numbered.filter(({ offset }) => offset >= 0)];
}

async function atTimes(
  driver: KafkaDriver,
  partitions: readonly SelectedPartition[],
  times: readonly number[],
  withoutSuchRecord: Boundary['withoutSuchRecord'],
  what: string,
): Promise<PartitionOffset[]> {
  const found = new Map<string, number>();
  for (const timestampMs of new Set(times)) {
    const asked = partitions.filter((_, i) => times[i] === timestampMs);
    for (const each of await at(driver, asked, { timestampMs })) found.set(keyOf(each), each.offset);
  }
  const without = partitions.filter((each) => !found.has(keyOf(each)));
  if (without.length > 0 && withoutSuchRecord === 'error') {
    const [{ topic, partition }] = without as [SelectedPartition];
    throw new UsageError(
      'bad-option',
      `Kafka: partition ${partition} of topic ${topic} has no record as late as its ${what} time; ` +
        `give an earlier one, or the strategy 'latest'`,
      { context: { topic, partition } },
    );
  }
  const latest = await at(driver, without, 'latest');
  const there = partitions.filter((each) => found.has(keyOf(each)));
  return [...latest, ...there.map((each) => ({ ...each, offset: found.get(keyOf(each))! }))];
}

/** The number of each partition. Throws `UsageError` unless it has one, and every number has its partition. */
function numbersOf(partitions: readonly SelectedPartition[], numbers: PartitionNumbers, what: string): number[] {
  for (const [topic, ofTopic] of Object.entries(numbers)) {
    for (const partition of Object.keys(ofTopic)) {
      if (partitions.some((each) => each.topic === topic && each.partition === Number(partition))) continue;
      throw wrongNumber(what, topic, Number(partition), 'a partition that is read, got one that is not');
    }
  }
  return partitions.map(({ topic, partition }) => {
    const number = numbers[topic]?.[partition];
    if (Number.isSafeInteger(number) && number! >= EARLIEST) return number!;
    throw wrongNumber(what, topic, partition, `a whole number of at least −2, got ${number ?? 'none'}`);
  });
}

function wrongNumber(what: string, topic: string, partition: number, expected: string): UsageError {
  const message = `Kafka: ${what}, partition ${partition} of topic ${topic}: expected ${expected}`;
  return new UsageError('bad-option', message, { context: { topic, partition } });
}
