import { afterAll, expect, it, onTestFinished } from 'vitest';
import { StreamingContext } from '../../src/dstream/streaming-context.ts';
import { StateError, UsageError } from '../../src/errors.ts';
import { systemClock } from '../../src/host/clock.ts';
import { silentLog } from '../../src/host/log.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import { textValues } from '../../src/kafka/record-format.ts';
import { SharedJob } from '../../src/kafka/shared-job.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { readCommitted } from './read-topic.ts';

const PARTITIONS = 6;

describeWithKafka('a shared job', KAFKA_VERSIONS, ({ bootstrapServers, newTopic }) => {
  const client = new KafkaClient({ bootstrapServers }, systemClock);
  afterAll(() => client.close());

  /** A job from one topic to another, whose shares run in this process. */
  async function jobOf(partitions = PARTITIONS) {
    const [input, output] = [await newTopic({ partitions }), await newTopic({ partitions: 2 })];
    const producer = await client.producer({});
    let sent = 0;
    const send = async (count: number) => {
      const values = Array.from({ length: count }, () => String(sent++));
      await producer.produce(values.map((value) => ({ topic: input, value })));
    };
    const start = async (share: number, count: number, checkpoint?: string) => {
      const directory = checkpoint ?? (await temporaryDirectory(onTestFinished));
      const context = new StreamingContext('20 ms', { emptyBatches: 'skip', log: silentLog });
      context.checkpoint(directory);
      const job = new SharedJob({ bootstrapServers, job: input, share, count });
      const options = { subscribe: input, startingOffsets: 'earliest', maxOffsetsPerTrigger: 50 } as const;
      const records = context.sourceStream(job.source(options, textValues), { id: 'input' });
      records.map((value) => ({ key: value, value })).writeTo('output', job.sink(output));
      const seen: string[] = [];
      const waiting: (() => void)[] = [];
      records.foreachRDD((rdd) => void seen.push(...rdd.collect()));
      context.addStreamingListener({ onBatchCompleted: () => waiting.forEach((check) => void check()) });
      await context.start();
      const ended = context.awaitTermination();
      ended.catch(() => {});
      onTestFinished(() => context.stop());
      const hasSeen = (count: number) =>
        new Promise<void>((resolve) => {
          const check = () => {
            if (seen.length >= count) resolve();
          };
          waiting.push(check);
          check();
        });
      return { context, directory, ended, seen, hasSeen };
    };
    const written = async () =>
      (await readCommitted(bootstrapServers, output)).map(({ value }) => Number(value)).sort((a, b) => a - b);
    const expected = () => Array.from({ length: sent }, (_, i) => i);
    return { input, send, start, written, expected };
  }

  it('grows and shrinks without losing a record or writing one twice', async () => {
    const { send, start, written, expected } = await jobOf();
    await send(1200);
    const pair = await Promise.all([start(1, 2), start(2, 2)]);
    await Promise.all(pair.map(({ hasSeen }) => hasSeen(100)));
    await send(600);
    const three = await Promise.all([start(1, 3), start(2, 3), start(3, 3)]);
    for (const { ended } of pair) await expect(ended).rejects.toThrow(StateError);
    await Promise.all(three.map(({ hasSeen }) => hasSeen(50)));
    await send(600);
    const alone = await start(1, 1);
    for (const { ended } of three) await expect(ended).rejects.toThrow(StateError);
    const before = await written();
    await alone.hasSeen(expected().length - before.length);
    await alone.context.stop({ graceful: true });
    expect(await written()).toEqual(expected());
  });

  it('goes on from its checkpoint, and refuses one of a set of shares that was replaced', async () => {
    const { send, start, written, expected } = await jobOf();
    await send(100);
    const first = await start(1, 2);
    const second = await start(2, 2);
    await Promise.all([first.hasSeen(50), second.hasSeen(50)]);
    for (const { context } of [first, second]) await context.stop({ graceful: true });
    await send(100);
    const again = await start(1, 2, first.directory);
    await again.hasSeen(50);
    await again.context.stop({ graceful: true });
    const alone = await start(1, 1);
    await alone.hasSeen(50);
    await send(60);
    await alone.hasSeen(110);
    await alone.context.stop({ graceful: true });
    expect(await written()).toEqual(expected());
    await expect(start(2, 2, second.directory)).rejects.toThrow(/share 2 of 2: the job .* is now done by 1 shares/);
    const replaced = await Promise.all([start(1, 2), start(2, 2)]);
    for (const { context } of replaced) await context.stop({ graceful: true });
    const old = await start(1, 2, first.directory);
    await expect(old.ended).rejects.toThrow('where the output ends');
  });

  it('refuses more shares than a topic has partitions, and shares that there are not', async () => {
    const { input, start } = await jobOf(2);
    await expect(start(3, 3)).rejects.toThrow('or it has fewer partitions than the job has shares');
    const share = (options: object) => () =>
      new SharedJob({ bootstrapServers, job: input, share: 1, count: 1, ...options });
    expect(share({ share: 2 })).toThrow(UsageError);
    expect(share({ share: 0 })).toThrow('expected one from 1 to 1, got 0');
    expect(share({ job: 'a b' })).toThrow('letters, digits and ._-');
  });
});
