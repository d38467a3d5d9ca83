import { DataError, StateError } from '../../errors.ts';
import { crc32c } from './crc32c.ts';

/** What a batch of records says of itself, and its records, still compressed. */
export interface RecordBatch {
  readonly baseOffset: number;
  /** The offset after its last one, also where records were removed by compaction. */
  readonly nextOffset: number;
  readonly codec: number;
  readonly timestampType: 0 | 1;
  /** Of the first record; the last one's where the broker set it for all. */
  readonly timestamp: number;
  readonly isTransactional: boolean;
  /** Whether it is no data but says how a transaction ended. */
  readonly isControl: boolean;
  readonly producerId: number;
  readonly count: number;
  /** With its header. */
  readonly sizeBytes: number;
  readonly records: Buffer;
}

/** Where the fields lie. */
const AT = {
  baseOffset: 0,
  length: 8,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  count: 57,
  records: 61,
} as const;

/** What `length` does not count: the base offset, and itself. */
const BEFORE_LENGTH_BYTES = 12;
const MAGIC = 2;
/** In the attributes. */
const [CODEC, LOG_APPEND_TIME, TRANSACTIONAL, CONTROL] = [0x07, 0x08, 0x10, 0x20];

/**
 * The batches that lie one after the other in a response. The last one may be cut off, and is left out. Throws `DataError`
 * where a checksum is wrong, and `StateError` on batches of before Kafka 0.11.
 */
export function* recordBatches(bytes: Buffer): Iterable<RecordBatch> {
  for (let start = 0; start + AT.records <= bytes.length; ) {
    const end = start + BEFORE_LENGTH_BYTES + bytes.readInt32BE(start + AT.length);
    if (end > bytes.length) return;
    yield recordBatch(bytes.subarray(start, end));
    start = end;
  }
}

function recordBatch(bytes: Buffer): RecordBatch {
  const baseOffset = int64(bytes, AT.baseOffset);
  const magic = bytes[AT.magic];
  if (magic !== MAGIC) {
    const message = `Kafka: expected batches of format ${MAGIC}, got one of format ${magic}; have a broker of 0.11 or later write the topic anew`;
    throw new StateError('unknown-format', message, { context: { offset: baseOffset } });
  }
  if (crc32c(bytes, AT.attributes) !== bytes.readUInt32BE(AT.crc)) {
    const message = `Kafka: expected a batch whose checksum is right, got a damaged one at offset ${baseOffset}`;
    throw new DataError('bad-record', message, { context: { offset: baseOffset } });
  }
  const attributes = bytes.readInt16BE(AT.attributes);
  const timestampType = attributes & LOG_APPEND_TIME ? 1 : 0;
  return {
    baseOffset,
    nextOffset: baseOffset + bytes.readInt32BE(AT.lastOffsetDelta) + 1,
    codec: attributes & CODEC,
    timestampType,
    timestamp: int64(bytes, timestampType === 1 ? AT.maxTimestamp : AT.baseTimestamp),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    producerId: int64(bytes, AT.producerId),
    count: bytes.readInt32BE(AT.count),
    sizeBytes: bytes.length,
    records: bytes.subarray(AT.records),
  };
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
