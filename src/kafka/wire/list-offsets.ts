import { byTopic } from '../grouped.ts';
import type { IsolationLevel, OffsetsAt, TopicPartition } from '../kafka-driver.ts';
import type { Api } from './api.ts';
import { isolationCode } from './isolation.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

export interface ListedOffset extends TopicPartition {
  readonly errorCode: number;
  /** −1 where no record is as late as the time that was asked for. */
  readonly offset: number;
}

const NO_REPLICA = -1;

/** Asks the leader of partitions for one offset of each. */
export function listOffsetsRequest(
  partitions: readonly TopicPartition[],
  at: OffsetsAt,
  isolation: IsolationLevel,
): Api<readonly ListedOffset[]> {
  const writer = new RequestWriter().int32(NO_REPLICA).int8(isolationCode(isolation));
  writer.array(byTopic(partitions), ([topic, ofTopic]) => {
    writer.string(topic).array(ofTopic, ({ partition }) => writer.int32(partition).int64(timestampOf(at)));
  });
  return { name: 'ListOffsets', key: 2, version: 3, flexible: false, body: writer.bytes(), decode };
}

function timestampOf(at: OffsetsAt): number {
  if (at === 'earliest') return -2;
  return at === 'latest' ? -1 : at.timestampMs;
}

function decode(bytes: Buffer): readonly ListedOffset[] {
  const reader = new ResponseReader(bytes);
  reader.int32(); // throttle time
  const topics = reader.array(() => {
    const topic = reader.string();
    return reader.array(() => {
      const partition = reader.int32();
      const errorCode = reader.int16();
      reader.int64(); // timestamp
      return { topic, partition, errorCode, offset: reader.int64() };
    });
  });
  return topics.flat();
}
