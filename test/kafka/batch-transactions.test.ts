import { afterAll, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import type { Duration } from '../../src/batch/duration.ts';
import { TransientError } from '../../src/errors.ts';
import { systemClock } from '../../src/host/clock.ts';
import { BatchTransactions } from '../../src/kafka/batch-transactions.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import type { KafkaProducer } from '../../src/kafka/kafka-driver.ts';
import { readLedger } from '../../src/kafka/sink-ledger.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { readCommitted, readTopic } from './read-topic.ts';

const LOST = new TransientError('unreachable', 'the connection was lost');

describeWithKafka('batches in transactions', KAFKA_VERSIONS, ({ bootstrapServers, kafka, newTopic }) => {
  const connect = (retryTimeout?: Duration) => {
    return new KafkaClient({ bootstrapServers, ...(retryTimeout && { retryTimeout }) }, systemClock);
  };
  const client = connect();
  afterAll(() => client.close());

  /** Batches whose outcome gets lost on the way back as often as `losses` says, each time after or before it was written. */
  async function transactions(losses: ('before' | 'after')[], retryTimeout?: Duration) {
    const topic = await newTopic();
    const driver = connect(retryTimeout);
    const losing = Object.assign(Object.create(driver), {
      seeing: driver.seeing.bind(driver),
      makeCompactedTopic: (name: string) => driver.makeCompactedTopic(name),
      offsets: driver.offsets.bind(driver),
      read: driver.read.bind(driver),
      retried: driver.retried.bind(driver),
      producer: async (options: object): Promise<KafkaProducer> => {
        const producer = await driver.producer(options);
        return {
          close: () => producer.close(),
          async produce(records) {
            const loss = losses.shift();
            if (loss === 'before') throw LOST;
            await producer.produce(records);
            if (loss === 'after') throw LOST;
          },
        };
      },
    });
    const options = { transactionalId: topic, transactionTimeoutMs: undefined, controlTopic: `control-${topic}` };
    const batches = new BatchTransactions(losing, options);
    const write = (id: number, value: string) =>
      batches.write({ id, time: 1000 + id, batch: Batch.of([]) }, [{ topic, value }]);
    const values = async () => (await readCommitted(bootstrapServers, topic)).map(({ value }) => String(value));
    const close = async () => {
      await batches.close();
      await driver.close();
    };
    return { write, values, close, ...options };
  }

  it.each([[['after']], [['before']], [['before', 'after']], [['before', 'after', 'before', 'before', 'after']]] as (
    | 'before'
    | 'after'
  )[][][])('are there once though the outcome got lost %s', async (losses) => {
    const { write, values, close } = await transactions(losses);
    await write(0, 'a');
    await write(1, 'b');
    expect(await values()).toEqual(['a', 'b']);
    await close();
  });

  it('leave the decision to the policy when it gets lost again and again', async () => {
    const losses = new Array<'before'>(1000).fill('before');
    const { write, values, close } = await transactions(losses, '2 seconds');
    await expect(write(0, 'a')).rejects.toThrow(LOST);
    losses.length = 0;
    await write(0, 'a');
    expect(await values()).toEqual(['a']);
    await close();
  });

  it('keep in a ledger which was the last', async () => {
    const { write, close, controlTopic, transactionalId } = await transactions([]);
    await write(0, 'a');
    await write(1, 'b');
    const entries = await readLedger(client, controlTopic);
    expect(entries).toEqual(new Map([[transactionalId, { batch: 1, time: 1001 }]]));
    await close();
  });

  it('are seen although another job has a transaction open before them', async () => {
    const { write, close, controlTopic, transactionalId } = await transactions([]);
    const slow = kafka.producer({
      transactionalId: `slow-${transactionalId}`,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await slow.connect();
    await write(0, 'a');
    const opened = await slow.transaction();
    await opened.send({ topic: controlTopic, messages: [{ key: 'slow', value: '{}' }] });
    await write(1, 'b');
    const reading = readLedger(client, controlTopic);
    await readTopic(client, controlTopic); // long enough for a reader that doesn't wait
    await opened.abort();
    expect((await reading).get(transactionalId)).toMatchObject({ batch: 1 });
    await Promise.all([close(), slow.disconnect()]);
  });
});
