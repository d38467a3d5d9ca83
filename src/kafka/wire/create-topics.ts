import type { Api } from './api.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

const [AS_THE_BROKER_LIKES, TIMEOUT_MS] = [-1, 30_000];

/** Makes a topic, with as many replicas as the brokers give one by default. */
export function createTopicRequest(topic: NewTopic): Api<{ readonly errorCode: number; readonly message: string }> {
  const writer = new RequestWriter();
  writer.array([topic], ({ topic: name, partitions, config }) => {
    writer.string(name).int32(partitions).int16(AS_THE_BROKER_LIKES).int32(0); // no replicas assigned by hand
    writer.array(Object.entries(config), ([key, value]) => writer.string(key).string(value));
  });
  const body = writer.int32(TIMEOUT_MS).int8(0).bytes();
  return { name: 'CreateTopics', key: 19, version: 4, flexible: false, body, decode };
}

function decode(bytes: Buffer) {
  const reader = new ResponseReader(bytes);
  reader.int32(); // throttle time
  const [result] = reader.array(() => {
    reader.string();
    return { errorCode: reader.int16(), message: reader.string() };
  });
  return result!;
}
