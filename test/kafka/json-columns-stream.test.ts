import { afterAll, expect, it } from 'vitest';
import { jsonColumns } from '../../src/dstream/json-columns-stream.ts';
import { StreamingContext } from '../../src/dstream/streaming-context.ts';
import type { BadRecords } from '../../src/engine/bad-records.ts';
import type { BatchProgress } from '../../src/engine/progress.ts';
import { silentLog } from '../../src/host/log.ts';
import { type Examples, KafkaSource, MemorySink, recordBlocks, StreamingKMeans, systemClock } from '../../src/index.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import { kafkaDeadLetterSink } from '../../src/kafka/kafka-dead-letter-sink.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { readCommitted } from './read-topic.ts';

describeWithKafka('JSON in a topic', KAFKA_VERSIONS, ({ bootstrapServers, newTopic }) => {
  const client = new KafkaClient({ bootstrapServers }, systemClock);
  afterAll(() => client.close());

  async function run(values: readonly (string | null)[], badRecords: BadRecords) {
    const topic = await newTopic({ partitions: 2 });
    const producer = await client.producer({});
    await producer.produce(
      values.map((value, i) => ({
        topic,
        partition: i % 2,
        key: String(i),
        value,
        headers: [{ key: 'n', value: String(i) }],
      })),
    );
    const context = new StreamingContext('10 ms', { emptyBatches: 'skip', badRecords, log: silentLog });
    const selection = { subscribe: topic, startingOffsets: 'earliest', endingOffsets: 'latest' } as const;
    const source = new KafkaSource({ bootstrapServers, ...selection }, recordBlocks, { log: silentLog });
    const columns = jsonColumns(context.sourceStream(source), { features: ['x', 'y'] });
    const learner = new StreamingKMeans({ k: 2 }).setInitialCenters(
      [
        [0, 0],
        [10, 10],
      ],
      [0, 0],
    );
    learner.trainOn(columns);
    const seen = new MemorySink<Examples>();
    columns.writeTo('seen', seen);
    const predictions = new MemorySink<number>();
    learner.predictOn(columns).writeTo('predictions', predictions);
    const progress: BatchProgress[] = [];
    context.addStreamingListener({ onBatchCompleted: (batch) => void progress.push(batch) });
    await context.start();
    await context.awaitTermination();
    return { topic, learner, seen: seen.records.flat(), predictions: predictions.records.flat(), progress };
  }

  it('goes to a learner as columns', async () => {
    const { learner, seen, predictions } = await run(
      ['{"x":1,"y":2}', '{"x":9,"y":8}', '[3,4]', '{"y":10,"x":11}'],
      'fail',
    );
    expect(seen).toHaveLength(1);
    expect(seen[0]!.features).toEqual({
      rows: 4,
      columns: [Float64Array.of(1, 3, 9, 11), Float64Array.of(2, 4, 8, 10)],
    });
    expect(predictions).toEqual([0, 0, 1, 1]);
    expect(learner.latestModel().clusterCenters).toEqual([Float64Array.of(2, 3), Float64Array.of(10, 9)]);
  });

  it('that is bad is told with its place', async () => {
    await expect(run(['{"x":1,"y":2}', 'oops'], 'fail')).rejects.toThrow(
      /expected JSON, got oops .*record 0 of partition 1 of topic/,
    );
  });

  it('that is bad goes to a dead-letter topic as it was, with its coordinates', async () => {
    const letters = await newTopic();
    const divert = kafkaDeadLetterSink({ bootstrapServers, topic: letters, transactionalId: letters });
    const { topic, seen } = await run(['{"x":1,"y":2}', 'oops', '{"x":1}', '[1,1]', null], { divert });
    expect(seen.flatMap(({ features }) => Array.from(features.columns[0]!))).toEqual([1, 1]);
    const dead = await readCommitted(bootstrapServers, letters);
    expect(dead.map(({ key, value }) => [String(key), value && String(value)])).toEqual([
      ['2', '{"x":1}'],
      ['4', null],
      ['1', 'oops'],
    ]);
    const headers = Object.fromEntries(dead[0]!.headers.map(({ key, value }) => [key, String(value)]));
    expect(headers).toMatchObject({
      n: '2',
      'millrace.topic': topic,
      'millrace.partition': '0',
      'millrace.offset': '1',
      'millrace.batch': '0',
      'millrace.position': `1 of partition 0 of topic ${topic}`,
      'millrace.error': 'JSON field y: expected a finite number, got none in {"x":1}',
    });
    expect(headers['millrace.operator']).toMatch(/^jsonColumns/);
  });

  it('counts by its records, not by its pieces', async () => {
    const { progress } = await run(['{"x":1,"y":2}', '{"x":1,"y":2}', '{"x":1,"y":2}'], 'fail');
    expect(progress.map(({ numRecords }) => numRecords)).toEqual([3]);
  });
});
