import type { KafkaDriver } from '../../src/kafka/kafka-driver.ts';
import type { KafkaRecord } from '../../src/kafka/kafka-record.ts';

/** All that is in a topic now, partition after partition. */
export async function readTopic(driver: KafkaDriver, topic: string): Promise<KafkaRecord[]> {
  const known = await driver.describe([topic]);
  const partitions = known.get(topic)!.partitions.map((partition) => ({ topic, partition }));
  const [starts, ends] = [await driver.offsets(partitions, 'earliest'), await driver.offsets(partitions, 'latest')];
  const read = await driver.read(partitions.map((each, i) => ({ ...each, start: starts[i]!, end: ends[i]! })));
  return read.flatMap((records) => Array.from({ length: records.length }, (_, i) => records.recordAt(i)));
}
