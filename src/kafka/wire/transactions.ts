import { byTopic } from '../grouped.ts';
import type { TopicPartition } from '../kafka-driver.ts';
import type { Api } from './api.ts';
import { NO_ERROR } from './error-codes.ts';
import { RequestWriter } from './request-writer.ts';
import { ResponseReader } from './response-reader.ts';

/** A producer as brokers know it. A higher epoch shuts out the lower ones. */
export interface ProducerIdentity {
  readonly transactionalId: string | undefined;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/**
 * Asks for a producer id. With a transactional id, the coordinator first ends what an older producer of that id left open, and
 * shuts it out.
 */
export function initProducerIdRequest(
  transactionalId: string | undefined,
  transactionTimeoutMs: number,
): Api<{ readonly errorCode: number; readonly identity: ProducerIdentity }> {
  const body = nullableString(new RequestWriter(), transactionalId).int32(transactionTimeoutMs).bytes();
  const decode = (bytes: Buffer) => {
    const reader = new ResponseReader(bytes);
    reader.int32(); // throttle time
    const errorCode = reader.int16();
    return { errorCode, identity: { transactionalId, producerId: reader.int64(), producerEpoch: reader.int16() } };
  };
  return { name: 'InitProducerId', key: 22, version: 1, flexible: false, body, decode };
}

/** Tells the coordinator which partitions the transaction writes to. Gives the first error, if any. */
export function addPartitionsRequest(
  identity: ProducerIdentity,
  partitions: readonly TopicPartition[],
): Api<{ readonly errorCode: number }> {
  const writer = identified(identity);
  writer.array(byTopic(partitions), ([topic, ofTopic]) => {
    writer.string(topic).array(ofTopic, ({ partition }) => writer.int32(partition));
  });
  const decode = (bytes: Buffer) => {
    const reader = new ResponseReader(bytes);
    reader.int32(); // throttle time
    const codes = reader.array(() => {
      reader.string();
      return reader.array(() => {
        reader.int32();
        return reader.int16();
      });
    });
    return { errorCode: codes.flat().find((code) => code !== NO_ERROR) ?? NO_ERROR };
  };
  return { name: 'AddPartitionsToTxn', key: 24, version: 1, flexible: false, body: writer.bytes(), decode };
}

/** Ends the transaction that is open: whole, or not at all. */
export function endTransactionRequest(
  identity: ProducerIdentity,
  how: 'commit' | 'abort',
): Api<{ readonly errorCode: number }> {
  const body = identified(identity)
    .int8(how === 'commit' ? 1 : 0)
    .bytes();
  const decode = (bytes: Buffer) => {
    const reader = new ResponseReader(bytes);
    reader.int32(); // throttle time
    return { errorCode: reader.int16() };
  };
  return { name: 'EndTxn', key: 26, version: 1, flexible: false, body, decode };
}

export function nullableString(writer: RequestWriter, text: string | undefined): RequestWriter {
  return text === undefined ? writer.int16(-1) : writer.string(text);
}

function identified({ transactionalId, producerId, producerEpoch }: ProducerIdentity): RequestWriter {
  return new RequestWriter().string(transactionalId!).int64(producerId).int16(producerEpoch);
}
