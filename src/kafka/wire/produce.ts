import { byTopic } from '../grouped.ts';
import type { TopicPartition } from '../kafka-driver.ts';
import type { Api } from './api.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';
import { nullableString } from './transactions.ts';

/** One batch for one partition. */
export interface EncodedBatch extends TopicPartition {
  readonly bytes: Buffer;
}

export interface ProduceResult extends TopicPartition {
  readonly errorCode: number;
}

const ALL_REPLICAS_IN_SYNC = -1;

/** Has the leader of some partitions append a batch to each, and answer when all replicas in sync have them. */
export function produceRequest(
  transactionalId: string | undefined,
  timeoutMs: number,
  batches: readonly EncodedBatch[],
): Api<readonly ProduceResult[]> {
  const topics = byTopic(batches);
  const head = nullableString(new RequestWriter(), transactionalId).int16(ALL_REPLICAS_IN_SYNC).int32(timeoutMs);
  const parts = [head.int32(topics.length).bytes()];
  for (const [topic, ofTopic] of topics) {
    parts.push(new RequestWriter().string(topic).int32(ofTopic.length).bytes());
    for (const { partition, bytes } of ofTopic) {
      parts.push(new RequestWriter().int32(partition).int32(bytes.length).bytes(), bytes);
    }
  }
  return { name: 'Produce', key: 0, version: 7, flexible: false, body: Buffer.concat(parts), decode };
}

function decode(bytes: Buffer): readonly ProduceResult[] {
  const reader = new ResponseReader(bytes);
  const topics = reader.array(() => {
    const topic = reader.string();
    return reader.array(() => {
      const partition = reader.int32();
      const errorCode = reader.int16();
      for (let i = 0; i < 3; i++) reader.int64(); // offset of the first record, time of appending, offset of the log's start
      return { topic, partition, errorCode };
    });
  });
  return topics.flat();
}
