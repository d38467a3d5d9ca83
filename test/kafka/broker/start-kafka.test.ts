import { expect, it } from 'vitest';
import { describeWithKafka } from './shared-kafka.ts';
import { KAFKA_VERSIONS } from './start-kafka.ts';

describeWithKafka('a broker', KAFKA_VERSIONS, ({ kafka, newTopic }) => {
  it('keeps what was sent to it', async () => {
    const topic = await newTopic();
    const producer = kafka.producer();
    const consumer = kafka.consumer({ groupId: topic });
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'to be' }] });
    await consumer.subscribe({ topic, fromBeginning: true });
    const received = await new Promise((resolve) => {
      void consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) });
    });
    expect(received).toBe('to be');
    await consumer.disconnect();
    await producer.disconnect();
  });
});
