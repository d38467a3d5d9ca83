import type { BrokerAddress } from '../broker-connections.ts';
import type { Api } from './api.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

/** The brokers and topics of a cluster, as one of its brokers knows them. */
export interface ClusterMetadata {
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
  readonly topics: readonly TopicInCluster[];
}

export interface TopicInCluster {
  readonly errorCode: number;
  readonly name: string;
  /** A UUID as Kafka prints it: base64 for URLs. */
  readonly id: string;
  readonly isInternal: boolean;
  readonly partitions: readonly { readonly partition: number; readonly leader: number }[];
}

const NO_ID_BYTES = 16;

/** Asks for topics by name, or for all. Version 10 is the first that tells the ids of topics. */
export function metadataRequest(topics: readonly string[] | 'all'): Api<ClusterMetadata> {
  const writer = new RequestWriter();
  if (topics === 'all') writer.absent();
  else writer.compactArray(topics, (topic) => writer.zeros(NO_ID_BYTES).compactString(topic).noTags());
  writer.int8(0); // don't make topics that don't exist
  writer.int8(0).int8(0).noTags(); // nor tell what we are allowed to do
  return { name: 'Metadata', key: 3, version: 10, flexible: true, body: writer.bytes(), decode };
}

function decode(bytes: Buffer): ClusterMetadata {
  const reader = new ResponseReader(bytes);
  reader.int32(); // throttle time
  const brokers = reader.compactArray(() => {
    const id = reader.int32();
    const address = { host: reader.compactString(), port: reader.int32() };
    reader.compactString(); // rack
    reader.skipTags();
    return [id, address] as const;
  });
  reader.compactString(); // cluster id
  reader.int32(); // controller
  const topics = reader.compactArray(() => {
    const errorCode = reader.int16();
    const name = reader.compactString();
    const id = reader.bytes(NO_ID_BYTES).toString('base64url');
    const isInternal = reader.int8() === 1;
    const partitions = reader.compactArray(() => partitionOf(reader));
    reader.int32(); // what we are allowed to do
    reader.skipTags();
    return { errorCode, name, id, isInternal, partitions };
  });
  return { brokers: new Map(brokers), topics };
}

function partitionOf(reader: ResponseReader) {
  reader.int16(); // an error, such as that there is no leader, which the leader −1 says too
  const partition = reader.int32();
  const leader = reader.int32();
  reader.int32(); // leader epoch
  for (let i = 0; i < 3; i++) reader.compactArray(() => reader.int32()); // replicas, those in sync, those offline
  reader.skipTags();
  return { partition, leader };
}
