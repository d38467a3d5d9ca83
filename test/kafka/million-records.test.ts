import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/host/clock.ts';
import { seededRandom } from '../../src/host/random.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { Checksums } from './checksums.ts';
import { kafkaLog } from './java/java-client.ts';

/** More than a million, as what an aborted transaction had not yet sent is never written. */
const RECORDS = 1_200_000;
const KEYS = 50_000;
const VALUE_BYTES = 40;

describeWithKafka('a million records in eight partitions', ['4.3.1'], ({ bootstrapServers, libs, newTopic }) => {
  const client = new KafkaClient({ bootstrapServers }, systemClock);
  const uncommitted = new KafkaClient({ bootstrapServers }, systemClock, 'read_uncommitted');
  afterAll(() => Promise.all([client.close(), uncommitted.close()]));

  it('are read in random ranges as Java reads them, compacted, aborted, committed and in every codec', async () => {
    const config = {
      'cleanup.policy': 'compact',
      'segment.bytes': '1048576',
      'min.cleanable.dirty.ratio': '0.01',
      'delete.retention.ms': '0',
    };
    const topic = await newTopic({ partitions: 8, config });
    const [server] = bootstrapServers as [string];
    await kafkaLog(libs, ['fill', server, topic, RECORDS, KEYS, VALUE_BYTES]);
    const partitions = Array.from({ length: 8 }, (_, partition) => ({ topic, partition }));
    const ends = (await uncommitted.offsets(partitions, 'latest')) as number[];
    expect(ends.reduce((sum, end) => sum + end, 0)).toBeGreaterThan(1_000_000);
    await expect.poll(() => client.offsets(partitions, 'latest')).toEqual(ends);

    // What the cleaner does meanwhile may come between the readers, so they read until they see the same.
    const sameAsJavaAndCompacted = async () => {
      const ours = await read(topic, ends);
      const javas = await kafkaLog(libs, ['read', server, topic, 'read_committed']);
      return javas.join() === ours.lines().join() && ours.records < 0.8 * RECORDS;
    };
    await expect.poll(sameAsJavaAndCompacted, { timeout: 400_000, interval: 1000 }).toBe(true);
  }, 500_000);

  /** All of the topic, read in ranges whose lengths a seed decides. */
  async function read(topic: string, ends: readonly number[]): Promise<Checksums> {
    const random = seededRandom(7);
    const checksums = new Checksums(ends.length);
    let starts = ends.map(() => 0);
    while (starts.some((start, partition) => start < ends[partition]!)) {
      const ranges = starts.map((start, partition) => {
        return { topic, partition, start, end: Math.min(ends[partition]!, start + Math.floor(random.next() * 20_000)) };
      });
      for (const records of await client.read(ranges)) {
        expect(records.lost).toEqual([]);
        checksums.add(records);
      }
      starts = ranges.map(({ end }) => end);
    }
    return checksums;
  }
});
