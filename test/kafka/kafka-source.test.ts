import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Offset } from '../../src/batch/offset.ts';
import { StateError, UsageError } from '../../src/errors.ts';
import type { KafkaOffset } from '../../src/kafka/kafka-offset.ts';
import { type KafkaReadOptions, KafkaSource } from '../../src/kafka/kafka-source.ts';
import { textValues } from '../../src/kafka/record-format.ts';
import type { TopicSelection } from '../../src/kafka/topic-selection.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { messagesOf } from './transactions.ts';

const EVERYTHING = Number.POSITIVE_INFINITY;

describeWithKafka('KafkaSource', ['4.3.1'], ({ kafka, admin, bootstrapServers, newTopic }) => {
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (message: string) => void warnings.push(message) };
  const sourceOf = (options: TopicSelection & KafkaReadOptions) =>
    new KafkaSource({ bootstrapServers, retryTimeout: '10 seconds', ...options }, textValues, { log });

  async function send(topic: string, values: readonly string[], partition = 0, timestamp?: number): Promise<void> {
    const producer = kafka.producer();
    await producer.connect();
    const { messages } = messagesOf(topic, values, partition);
    const stamp = timestamp === undefined ? {} : { timestamp: String(timestamp) };
    await producer.send({ topic, messages: messages.map((message) => ({ ...message, ...stamp })) });
    await producer.disconnect();
  }

  async function deleteBefore(topic: string, offset: number): Promise<void> {
    await admin.fetchTopicOffsets(topic); // else kafkajs knows no leader
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  }

  /** The next batch of a source after an offset. */
  async function batchOf<T>(source: KafkaSource<T>, start: Offset, batchTime: number, maxRecords = EVERYTHING) {
    const end = (await source.plan(start, { batchTime, maxRecords })) as KafkaOffset;
    const rdd = await source.read({ start, end });
    return { end, rdd, records: rdd.collect() };
  }

  /** Opens a source, gives what its first batch holds, and closes it. */
  async function firstBatch(options: TopicSelection & KafkaReadOptions) {
    const source = sourceOf(options);
    try {
      const start = (await source.open(undefined)) as KafkaOffset;
      return { start, ...(await batchOf(source, start, 1)) };
    } finally {
      await source.close();
    }
  }

  it('begins at the end, at the first record, at offsets, or at a time', async () => {
    const topic = await newTopic({ partitions: 2, config: { 'retention.ms': '-1' } });
    await send(topic, ['a', 'b'], 0, 1000);
    await send(topic, ['c'], 0, 2000);
    await send(topic, ['d'], 1, 3000);
    const recordsFrom = async (options: KafkaReadOptions) =>
      (await firstBatch({ subscribe: topic, ...options })).records;
    expect(await recordsFrom({})).toEqual([]);
    expect(await recordsFrom({ startingOffsets: 'earliest' })).toEqual(['a', 'b', 'c', 'd']);
    expect(await recordsFrom({ startingOffsets: { [topic]: { 0: 1, 1: -1 } } })).toEqual(['b', 'c']);
    expect(await recordsFrom({ startingOffsets: { [topic]: { 0: -1, 1: -2 } } })).toEqual(['d']);
    expect(await recordsFrom({ startingTimestamp: 1500 })).toEqual(['c', 'd']);
    expect(await recordsFrom({ startingOffsetsByTimestamp: { [topic]: { 0: 0, 1: 3000 } } })).toHaveLength(4);
    const late = { startingTimestamp: 2500 };
    await expect(recordsFrom(late)).rejects.toThrow(`partition 0 of topic ${topic} has no record as late as`);
    expect(await recordsFrom({ ...late, startingOffsetsByTimestampStrategy: 'latest' })).toEqual(['d']);
  });

  it('refuses offsets that leave a partition out, or name one that is not read', async () => {
    const topic = await newTopic({ partitions: 2 });
    const from = (offsets: Record<number, number>) =>
      firstBatch({ subscribe: topic, startingOffsets: { [topic]: offsets } });
    await expect(from({ 0: 1 })).rejects.toThrow(`startingOffsets, partition 1 of topic ${topic}: expected a whole`);
    await expect(from({ 0: 1, 1: 1, 2: 1 })).rejects.toThrow('partition 2');
    await expect(from({ 0: -3, 1: 0 })).rejects.toThrow(UsageError);
  });

  it('ends where it is told to', async () => {
    const topic = await newTopic({ partitions: 2, config: { 'retention.ms': '-1' } });
    await send(topic, ['a', 'b', 'c'], 0, 1000);
    const options = { subscribe: topic, startingOffsets: 'earliest' } as const;
    const source = sourceOf({ ...options, endingOffsets: 'latest' });
    const start = await source.open(undefined);
    await send(topic, ['later']);
    const first = await batchOf(source, start, 1, 2);
    expect([first.records, source.endedAt(first.end)]).toEqual([['a', 'b'], false]);
    const second = await batchOf(source, first.end, 2);
    expect([second.records, source.endedAt(second.end)]).toEqual([['c'], true]);
    await source.close();
    const ending = { endingOffsets: { [topic]: { 0: 2, 1: 0 } } };
    expect((await firstBatch({ ...options, ...ending })).records).toEqual(['a', 'b']);
    expect((await firstBatch({ ...options, endingTimestamp: 1000 })).records).toEqual([]);
  });

  it('reads topics by name, by pattern, or some of their partitions', async () => {
    const topics = [await newTopic({ partitions: 2 }), await newTopic()] as [string, string];
    await send(topics[0], ['a'], 0);
    await send(topics[0], ['b'], 1);
    await send(topics[1], ['c']);
    const startingOffsets = 'earliest';
    const read = async (selection: TopicSelection) => (await firstBatch({ ...selection, startingOffsets })).records;
    expect((await read({ subscribe: topics })).toSorted()).toEqual(['a', 'b', 'c']);
    expect(await read({ subscribePattern: `${topics[0].slice(0, -1)}.` })).toEqual(['a', 'b']);
    expect(await read({ subscribePattern: topics[0].slice(0, -1) })).toEqual([]);
    expect(await read({ assign: { [topics[0]]: [1] } })).toEqual(['b']);
    await expect(read({ subscribe: 'no-such-topic' })).rejects.toThrow('Kafka: there is no topic no-such-topic');
    await expect(read({ assign: { [topics[1]]: [0, 7] } })).rejects.toThrow(`no partition 7 of topic ${topics[1]}`);
    expect(() => sourceOf({} as TopicSelection)).toThrow('one of subscribe, subscribePattern and assign, got none');
  });

  it('shares a limit out by lag, and never passes it', async () => {
    const topic = await newTopic({ partitions: 3 });
    await send(topic, Array(60).fill('a'), 0);
    await send(topic, Array(30).fill('b'), 1);
    await send(topic, ['c'], 2);
    const source = sourceOf({ subscribe: topic, startingOffsets: 'earliest', maxOffsetsPerTrigger: 20 });
    let start = await source.open(undefined);
    const counts: number[][] = [];
    for (let batch = 1; batch <= 5; batch++) {
      const { end, rdd } = await batchOf(source, start, batch);
      counts.push(rdd.partitions.map(({ length }) => length));
      start = end;
    }
    await source.close();
    for (const batch of counts.slice(0, 4)) expect(batch.reduce((sum, count) => sum + count)).toBe(20);
    expect(counts[0]).toEqual([13, 7, 0]);
    expect(counts.map((batch) => batch[2]).reduce((sum, count) => sum! + count!)).toBe(1);
    expect(counts.flat().reduce((sum, count) => sum + count)).toBe(91);
  });

  it('takes no more of a partition than it may', async () => {
    const topic = await newTopic({ partitions: 2 });
    await send(topic, Array(9).fill('a'), 0);
    await send(topic, Array(3).fill('b'), 1);
    const source = sourceOf({ subscribe: topic, startingOffsets: 'earliest', maxOffsetsPerPartition: 4 });
    const first = await batchOf(source, await source.open(undefined), 1);
    expect(first.rdd.partitions.map(({ length }) => length)).toEqual([4, 3]);
    const second = await batchOf(source, first.end, 2, 2);
    expect(second.rdd.partitions.map(({ length }) => length)).toEqual([2, 0]);
    expect((await batchOf(source, second.end, 3)).records).toEqual(['a', 'a', 'a']);
    await source.close();
    expect(() => sourceOf({ subscribe: topic, maxOffsetsPerPartition: 0.5 })).toThrow('at least 1, got 0.5');
  });

  it('refuses a checkpoint of a stream that saw transactions otherwise', async () => {
    const topic = await newTopic();
    const { end } = await firstBatch({ subscribe: topic, isolationLevel: 'read_uncommitted' });
    const source = sourceOf({ subscribe: topic });
    const reopened = source.open(end);
    await expect(reopened).rejects.toThrow(StateError);
    await expect(reopened).rejects.toThrow('reads with isolationLevel read_uncommitted, got read_committed');
    await source.close();
  });

  it('waits until enough is there, or long enough', async () => {
    const topic = await newTopic();
    const limits = { minOffsetsPerTrigger: 3, maxTriggerDelay: '1 minute' } as const;
    const source = sourceOf({ subscribe: topic, startingOffsets: 'earliest', ...limits });
    const start = await source.open(undefined);
    await send(topic, ['a']);
    const first = await batchOf(source, start, 1000); // the first batch does not wait
    expect(first.records).toEqual(['a']);
    await send(topic, ['b', 'c']);
    expect((await batchOf(source, first.end, 2000)).end).toEqual(first.end);
    expect((await batchOf(source, first.end, 60_999)).records).toEqual([]);
    expect((await batchOf(source, first.end, 61_000)).records).toEqual(['b', 'c']);
    await send(topic, ['d']);
    expect((await batchOf(source, first.end, 62_000)).records).toEqual(['b', 'c', 'd']);
    await source.close();
  });

  it('takes what is there at the batch time, whatever is written meanwhile', async () => {
    const topic = await newTopic();
    await send(topic, ['a', 'b', 'c']);
    const source = sourceOf({ subscribe: topic, startingOffsets: 'earliest' });
    const first = await batchOf(source, await source.open(undefined), 1000, 2);
    await send(topic, ['d']);
    const second = await batchOf(source, first.end, 1000, 2);
    expect([first.records, second.records]).toEqual([['a', 'b'], ['c']]);
    expect((await batchOf(source, second.end, 1000)).records).toEqual([]);
    expect((await batchOf(source, second.end, 2000)).records).toEqual(['d']);
    await source.close();
  });

  it('finds new partitions and topics, and reads them from their first record on', async () => {
    const topic = await newTopic();
    const source = sourceOf({ subscribePattern: `${topic}.*` });
    const start = await source.open(undefined);
    await send(topic, ['a']);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] });
    await admin.createTopics({ topics: [{ topic: `${topic}-more` }], waitForLeaders: true });
    await expect
      .poll(() =>
        send(topic, ['b'], 1).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await send(`${topic}-more`, ['c']);
    const records: string[] = [];
    let [end, batchTime]: [Offset, number] = [start, 1];
    for (; records.length < 3 && batchTime < 100; batchTime++) {
      const batch = await batchOf(source, end, batchTime);
      records.push(...batch.records);
      end = batch.end;
    }
    expect(records.toSorted()).toEqual(['a', 'b', 'c']);
    await source.close();
  });

  it('tells a consumer group its progress, and does not read it', async () => {
    const topic = await newTopic();
    await send(topic, ['a', 'b', 'c']);
    const options = { subscribe: topic, startingOffsets: 'earliest', groupId: `group-${topic}` } as const;
    const committed = async () => (await admin.fetchOffsets({ groupId: options.groupId }))[0]?.partitions[0]?.offset;
    const source = sourceOf(options);
    const { end, rdd } = await batchOf(source, await source.open(undefined), 1, 2);
    await source.commit(end);
    await expect.poll(committed).toBe('2');
    source.commitAsync(rdd.offsetRanges.map((range) => ({ ...range, untilOffset: 1 })));
    await source.close();
    expect(await committed()).toBe('1');
    expect((await firstBatch(options)).records).toEqual(['a', 'b', 'c']);
    expect(() => sourceOf({ subscribe: topic }).commitAsync([])).toThrow('expected the option groupId');
  });

  // What happens to records that are gone

  it('tells what was deleted before it was read, and goes on where it may', async () => {
    const topic = await newTopic();
    await send(topic, ['a', 'b', 'c', 'd']);
    const lossOf = async (failOnDataLoss: boolean) => {
      const source = sourceOf({ subscribe: topic, startingOffsets: { [topic]: { 0: 1 } }, failOnDataLoss });
      const start = await source.open(undefined);
      const end = await source.plan(start, { batchTime: 1, maxRecords: 2 });
      await deleteBefore(topic, 2);
      return source.read({ start, end }).finally(() => source.close());
    };
    const failed = lossOf(true);
    await expect(failed).rejects.toThrow(StateError);
    await expect(failed).rejects.toThrow('offsets 1 to 2 (1) are lost; set failOnDataLoss to false');
    expect((await lossOf(false)).collect()).toEqual(['c']);
    expect(warnings.at(-1)).toMatch(/no longer keeps .* offsets 1 to 2 \(1\) are lost; going on/);
  });

  it('goes on at the end of a partition that ends before what was read of it', async () => {
    const topic = await newTopic();
    await send(topic, ['a', 'b', 'c', 'd']);
    const beyond = { subscribe: topic, startingOffsets: { [topic]: { 0: 9 } } } as const;
    const strict = sourceOf(beyond);
    const start = await strict.open(undefined);
    await expect(strict.plan(start, { batchTime: 1, maxRecords: 5 })).rejects.toThrow('offset 9, and now ends at 4');
    const lenient = sourceOf({ ...beyond, failOnDataLoss: false });
    const { end, rdd } = await batchOf(lenient, await lenient.open(undefined), 1);
    expect(rdd.offsetRanges).toEqual([{ topic, partition: 0, fromOffset: 4, untilOffset: 4 }]);
    await send(topic, ['e']);
    expect((await batchOf(lenient, end, 2)).records).toEqual(['e']);
    await Promise.all([strict.close(), lenient.close()]);
  });

  it('sees a topic that was deleted', async () => {
    const topic = await newTopic({ partitions: 2 });
    await send(topic, ['a', 'b']);
    const lossOf = async (failOnDataLoss: boolean) => {
      const source = sourceOf({ subscribe: topic, startingOffsets: 'earliest', failOnDataLoss });
      const start = await source.open(undefined);
      const end = await source.plan(start, { batchTime: 1, maxRecords: 1 });
      return { source, start, end };
    };
    const [strict, lenient] = [await lossOf(true), await lossOf(false)];
    await admin.deleteTopics({ topics: [topic] });
    await delay(500);
    await expect(strict.source.plan(strict.end, { batchTime: 2, maxRecords: 1 })).rejects.toThrow('is gone');
    await expect(strict.source.read(strict)).rejects.toThrow('is gone: offsets 0 to 1 (1) are lost');
    expect(await lenient.source.plan(lenient.end, { batchTime: 2, maxRecords: 1 })).toEqual({
      offsets: {},
      topicIds: {},
      isolationLevel: 'read_committed',
    });
    expect((await lenient.source.read(lenient)).collect()).toEqual([]);
    await Promise.all([strict.source.close(), lenient.source.close()]);
  });

  it('sees a topic that was made anew, also where the new one is longer', async () => {
    const topic = await newTopic();
    await send(topic, ['old 1', 'old 2']);
    const source = sourceOf({ subscribe: topic, startingOffsets: 'earliest', failOnDataLoss: false });
    const first = await batchOf(source, await source.open(undefined), 1, 1);
    const planned = await source.plan(first.end, { batchTime: 2, maxRecords: 1 });
    await admin.deleteTopics({ topics: [topic] });
    await delay(500);
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    await send(topic, ['new 1', 'new 2', 'new 3']);
    const replayed = sourceOf({ subscribe: topic, failOnDataLoss: false });
    await replayed.open(planned);
    expect((await replayed.read({ start: first.end, end: planned })).collect()).toEqual([]);
    await replayed.close();
    const found = await batchOf(source, planned, 3);
    expect(warnings.at(-1)).toContain('belongs to a topic that was made anew; the old one was read up to offset 2');
    expect(found.records).toEqual([]);
    expect((await batchOf(source, found.end, 4)).records).toEqual(['new 1', 'new 2', 'new 3']);
    await source.close();
  });

  it('sees that a partition it finds has lost its first records already', async () => {
    const topic = await newTopic();
    await send(topic, ['a', 'b']);
    await deleteBefore(topic, 1);
    const nothing = { offsets: {}, topicIds: {} };
    const strict = sourceOf({ subscribe: topic });
    await strict.open(nothing);
    const plan = strict.plan(nothing, { batchTime: 1, maxRecords: 1 });
    await expect(plan).rejects.toThrow('was found, and its first 1 offsets are gone already');
    await strict.close();
  });
});
