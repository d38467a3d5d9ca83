import { systemClock } from '../../src/host/clock.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import type { KafkaDriver } from '../../src/kafka/kafka-driver.ts';
import type { KafkaRecord } from '../../src/kafka/kafka-record.ts';

/** All that `driver` sees of a topic now, partition after partition. */
export async function readTopic(driver: KafkaDriver, topic: string): Promise<KafkaRecord[]> {
  return readBefore(await endsOf(driver, topic), driver);
}

/**
 * The same of committed records. A commit is acknowledged before brokers show what was committed; this waits until everything is
 * decided that was there at the call.
 */
export async function readCommitted(bootstrapServers: readonly string[], topic: string): Promise<KafkaRecord[]> {
  const [all, committed] = (['read_uncommitted', 'read_committed'] as const).map((isolation) => {
    return new KafkaClient({ bootstrapServers }, systemClock, isolation);
  }) as [KafkaClient, KafkaClient];
  try {
    return await readBefore(await endsOf(all, topic), committed);
  } finally {
    await Promise.all([all.close(), committed.close()]);
  }
}

async function endsOf(driver: KafkaDriver, topic: string) {
  const { partitions } = (await driver.describe([topic])).get(topic)!;
  const places = partitions.map((partition) => ({ topic, partition }));
  const ends = await driver.offsets(places, 'latest');
  return places.map((place, i) => ({ ...place, end: ends[i]! }));
}

async function readBefore(ends: Awaited<ReturnType<typeof endsOf>>, driver: KafkaDriver): Promise<KafkaRecord[]> {
  const starts = await driver.offsets(ends, 'earliest');
  const read = await driver.read(ends.map((each, i) => ({ ...each, start: starts[i]! })));
  return read.flatMap((records) => Array.from({ length: records.length }, (_, i) => records.recordAt(i)));
}
