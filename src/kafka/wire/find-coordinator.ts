import type { BrokerAddress } from '../broker-connections.ts';
import type { Api } from './api.ts';
import { kafkaError, NO_ERROR } from './error-codes.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

/** Who is looked after: a consumer group, or a transactional id. */
export type CoordinatedBy = 'group' | 'transaction';

/** Asks which broker keeps the offsets of a group, or the transactions of an id. */
export function findCoordinatorRequest(key: string, by: CoordinatedBy): Api<BrokerAddress> {
  const body = new RequestWriter()
    .string(key)
    .int8(by === 'group' ? 0 : 1)
    .bytes();
  return { name: 'FindCoordinator', key: 10, version: 2, flexible: false, body, decode };
}

function decode(bytes: Buffer): BrokerAddress {
  const reader = new ResponseReader(bytes);
  reader.int32(); // throttle time
  const errorCode = reader.int16();
  const message = reader.string();
  reader.int32(); // number of the broker
  const address = { host: reader.string(), port: reader.int32() };
  if (errorCode !== NO_ERROR) throw kafkaError(errorCode, `no coordinator${message && `, ${message}`}`);
  return address;
}
