import { byTopic } from '../grouped.ts';
import type { IsolationLevel, TopicPartition } from '../kafka-driver.ts';
import type { Api } from './api.ts';
import { isolationCode } from './isolation.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

export interface FetchPartition extends TopicPartition {
  readonly fetchOffset: number;
  readonly maxBytes: number;
}

/** What a leader sent of one partition. */
export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number;
  /** The first offset that is still there. */
  readonly logStartOffset: number;
  /** All that have records in `batches`; empty unless only committed records are read. */
  readonly aborted: readonly AbortedTransaction[];
  /** Batches of records; the last one may be cut off. */
  readonly batches: Buffer;
}

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

const [NO_REPLICA, NO_SESSION, NO_EPOCH, UNKNOWN_OFFSET] = [-1, 0, -1, -1];
const MIN_BYTES = 1;

/** Asks the leader of partitions for what follows an offset of each. The response may be empty, and comes within `maxWaitMs`. */
export function fetchRequest(
  partitions: readonly FetchPartition[],
  { isolation, maxWaitMs, maxBytes }: { isolation: IsolationLevel; maxWaitMs: number; maxBytes: number },
): Api<readonly FetchedPartition[]> {
  const writer = new RequestWriter();
  writer.int32(NO_REPLICA).int32(maxWaitMs).int32(MIN_BYTES).int32(maxBytes).int8(isolationCode(isolation));
  writer.int32(NO_SESSION).int32(NO_EPOCH);
  writer.array(byTopic(partitions), ([topic, ofTopic]) => {
    writer.string(topic).array(ofTopic, (each) => {
      writer.int32(each.partition).int32(NO_EPOCH).int64(each.fetchOffset).int64(UNKNOWN_OFFSET).int32(each.maxBytes);
    });
  });
  writer.array([], () => {}); // partitions to leave out of the session, of which there is none
  writer.string(''); // rack
  return { name: 'Fetch', key: 1, version: 11, flexible: false, body: writer.bytes(), decode };
}

function decode(bytes: Buffer): readonly FetchedPartition[] {
  const reader = new ResponseReader(bytes);
  reader.int32(); // throttle time
  reader.int16(); // error of the session, of which there is none
  reader.int32(); // session
  const topics = reader.array(() => {
    const topic = reader.string();
    return reader.array(() => fetchedPartition(reader, topic));
  });
  return topics.flat();
}

function fetchedPartition(reader: ResponseReader, topic: string): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  reader.int64(); // high watermark
  reader.int64(); // last stable offset
  const logStartOffset = reader.int64();
  const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  reader.int32(); // replica that is nearer
  return { topic, partition, errorCode, logStartOffset, aborted, batches: reader.bytes(reader.int32()) };
}
