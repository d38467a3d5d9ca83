import { byTopic } from '../grouped.ts';
import type { TopicPartition } from '../kafka-driver.ts';
import type { Api } from './api.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

export interface CommittedOffset extends TopicPartition {
  /** Of the record that comes next. */
  readonly offset: number;
}

export interface CommitAnswer extends TopicPartition {
  readonly errorCode: number;
}

const [NO_GENERATION, NO_MEMBER, NO_METADATA] = [-1, '', ''];

/** Puts down how far a group has got that has no members. */
export function offsetCommitRequest(
  groupId: string,
  offsets: readonly CommittedOffset[],
): Api<readonly CommitAnswer[]> {
  const writer = new RequestWriter().string(groupId).int32(NO_GENERATION).string(NO_MEMBER);
  writer.array(byTopic(offsets), ([topic, ofTopic]) => {
    writer.string(topic);
    writer.array(ofTopic, ({ partition, offset }) => writer.int32(partition).int64(offset).string(NO_METADATA));
  });
  return { name: 'OffsetCommit', key: 8, version: 5, flexible: false, body: writer.bytes(), decode };
}

function decode(bytes: Buffer): readonly CommitAnswer[] {
  const reader = new ResponseReader(bytes);
  reader.int32(); // throttle time
  const topics = reader.array(() => {
    const topic = reader.string();
    return reader.array(() => ({ topic, partition: reader.int32(), errorCode: reader.int16() }));
  });
  return topics.flat();
}
