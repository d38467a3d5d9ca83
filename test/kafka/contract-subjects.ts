import { KafkaSink } from '../../src/kafka/kafka-sink.ts';
import { KafkaSource } from '../../src/kafka/kafka-source.ts';
import { textValues } from '../../src/kafka/record-format.ts';
import type { SinkSubject } from '../../src/testing/sink-suite.ts';
import type { SourceSubject } from '../../src/testing/source-suite.ts';
import type { TestKafka } from './broker/shared-kafka.ts';
import { readCommitted } from './read-topic.ts';
import { sendText } from './transactions.ts';

const lines = ['to be', 'or not', '', 'zu sein', 'être ou ne pas être', 'to be', 'или не быть'];

export const kafkaSources = [{ type: KafkaSource, subject: kafkaSubject }];

export const kafkaSinks = [
  { type: KafkaSink, subject: exactlyOnceSubject },
  { type: KafkaSink, subject: atLeastOnceSubject },
];

/** A topic of one partition with the ends of transactions and an aborted record among the lines. */
async function kafkaSubject({ kafka, bootstrapServers, newTopic }: TestKafka): Promise<SourceSubject> {
  const topic = await newTopic();
  await sendText(kafka, topic, [
    { commit: lines.slice(0, 2) },
    { abort: ['never'] },
    { commit: lines.slice(2, 5) },
    { plain: lines.slice(5) },
  ]);
  const options = { bootstrapServers, subscribe: topic, startingOffsets: 'earliest', maxOffsetsPerTrigger: 4 } as const;
  return { records: lines, make: () => new KafkaSource(options, textValues) };
}

function exactlyOnceSubject({ bootstrapServers, newTopic }: TestKafka): SinkSubject {
  return {
    async make() {
      const topic = await newTopic();
      return {
        open: () => new KafkaSink({ bootstrapServers, topic, transactionalId: topic }),
        read: () => valuesIn(bootstrapServers, topic),
      };
    },
  };
}

function atLeastOnceSubject({ bootstrapServers, newTopic }: TestKafka): SinkSubject {
  return {
    atLeastOnceBecause: 'without a transactional id nothing says which batches are there',
    async make() {
      const topic = await newTopic();
      return {
        open: () => new KafkaSink({ bootstrapServers, topic }),
        read: () => valuesIn(bootstrapServers, topic),
      };
    },
  };
}

async function valuesIn(bootstrapServers: string[], topic: string): Promise<string[]> {
  return (await readCommitted(bootstrapServers, topic)).map(({ value }) => String(value));
}
