/** The exported sources that need a broker, each with what its contract suite needs. */
import { KafkaSource } from '../../src/kafka/kafka-source.ts';
import { textValues } from '../../src/kafka/record-format.ts';
import type { SourceSubject } from '../../src/testing/source-suite.ts';
import type { TestKafka } from './broker/shared-kafka.ts';
import { sendText } from './transactions.ts';

const lines = ['to be', 'or not', '', 'zu sein', 'être ou ne pas être', 'to be', 'или не быть'];

export const kafkaSources = [{ type: KafkaSource, subject: kafkaSubject }];

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
