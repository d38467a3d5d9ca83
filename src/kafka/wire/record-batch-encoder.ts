import type { ProducerRecord } from '../kafka-record.ts';
import type { Compressor } from './compressors.ts';
import { crc32c } from './crc32c.ts';

/** Who writes a batch. The broker drops one whose sequence numbers it has already, so a batch may be sent again. */
export interface ProducerStamp {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Of the first record: counts the records of this producer in this partition, modulo 2^31. */
  readonly firstSequence: number;
  readonly transactional: boolean;
}

const HEADER_BYTES = 61;
/** What the length does not count: the base offset, and itself. */
const BEFORE_LENGTH_BYTES = 12;
/** The checksum covers everything behind itself. */
const CRC_AT = 17;
const CHECKED_FROM = 21;
const TRANSACTIONAL = 0x10;

/** Records of one partition in Kafka's format 2. `now` is the timestamp of those that have none. */
export function encodeRecordBatch(
  records: readonly ProducerRecord[],
  now: number,
  stamp: ProducerStamp,
  compressor?: Compressor,
): Buffer {
  const plain = writeBatch(records, now, stamp);
  const bytes = compressor === undefined ? plain : compressed(plain, compressor);
  bytes.writeInt32BE(bytes.length - BEFORE_LENGTH_BYTES, 8);
  bytes.writeUInt32BE(crc32c(bytes, CHECKED_FROM), CRC_AT);
  return bytes;
}

/** The batch with its records compressed; its header stays as it is. */
function compressed(batch: Buffer, { codec, compress }: Compressor): Buffer {
  const bytes = Buffer.concat([batch.subarray(0, HEADER_BYTES), compress(batch.subarray(HEADER_BYTES))]);
  bytes.writeInt16BE(bytes.readInt16BE(21) | codec, 21);
  return bytes;
}

/** Not compressed, and without the length and the checksum. */
function writeBatch(records: readonly ProducerRecord[], now: number, stamp: ProducerStamp): Buffer {
  const [first, max] = timestampRange(records, now);
  const sizes = records.map((record, i) => bodySize(record, (record.timestamp ?? now) - first, i));
  const total = sizes.reduce((sum, size) => sum + varintSize(size) + size, HEADER_BYTES);
  const bytes = Buffer.allocUnsafe(total);
  bytes.writeBigInt64BE(0n, 0); // base offset: the broker's to say
  bytes.writeInt32BE(-1, 12); // partition leader epoch: the broker's, too
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(stamp.transactional ? TRANSACTIONAL : 0, 21);
  bytes.writeInt32BE(records.length - 1, 23);
  bytes.writeBigInt64BE(BigInt(first), 27);
  bytes.writeBigInt64BE(BigInt(max), 35);
  bytes.writeBigInt64BE(BigInt(stamp.producerId), 43);
  bytes.writeInt16BE(stamp.producerEpoch, 51);
  bytes.writeInt32BE(stamp.firstSequence, 53);
  bytes.writeInt32BE(records.length, 57);
  let at = HEADER_BYTES;
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    at = writeVarint(bytes, at, sizes[i]!);
    at = writeBody(bytes, at, record, (record.timestamp ?? now) - first, i);
  }
  return bytes;
}

/** At most how many bytes a record takes in a batch. */
export function encodedSize(record: ProducerRecord): number {
  const size = bodySize(record, 2 ** 47, 2 ** 30);
  return varintSize(size) + size;
}

type Part = Uint8Array | string | null | undefined;

function timestampRange(records: readonly ProducerRecord[], now: number): [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { timestamp = now } of records) {
    if (timestamp < min) min = timestamp;
    if (timestamp > max) max = timestamp;
  }
  return [min, max];
}

function bodySize({ key, value, headers = [] }: ProducerRecord, timestampDelta: number, offsetDelta: number): number {
  let size = 1 + varintSize(timestampDelta) + varintSize(offsetDelta) + partSize(key) + partSize(value);
  size += varintSize(headers.length);
  for (const header of headers) size += partSize(header.key) + partSize(header.value);
  return size;
}

function writeBody(
  bytes: Buffer,
  start: number,
  { key, value, headers = [] }: ProducerRecord,
  timestampDelta: number,
  offsetDelta: number,
): number {
  bytes[start] = 0; // attributes, of which there are none yet
  let at = writeVarint(bytes, start + 1, timestampDelta);
  at = writeVarint(bytes, at, offsetDelta);
  at = writePart(bytes, at, key);
  at = writePart(bytes, at, value);
  at = writeVarint(bytes, at, headers.length);
  for (const header of headers) {
    at = writePart(bytes, at, header.key);
    at = writePart(bytes, at, header.value);
  }
  return at;
}

function partSize(part: Part): number {
  if (part === null || part === undefined) return 1;
  const length = typeof part === 'string' ? Buffer.byteLength(part) : part.length;
  return varintSize(length) + length;
}

function writePart(bytes: Buffer, start: number, part: Part): number {
  if (part === null || part === undefined) return writeVarint(bytes, start, -1);
  if (typeof part !== 'string') {
    const at = writeVarint(bytes, start, part.length);
    bytes.set(part, at);
    return at + part.length;
  }
  // Most texts are ASCII, and then as many bytes as characters.
  const at = start + varintSize(part.length);
  const length = bytes.write(part, at);
  if (length !== part.length) {
    const moved = start + varintSize(length);
    if (moved !== at) bytes.write(part, moved);
    writeVarint(bytes, start, length);
    return moved + length;
  }
  writeVarint(bytes, start, length);
  return at + length;
}

/** Zigzag: the sign is the lowest bit, so that small numbers of either sign are short. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest >= 128; rest /= 128) size++;
  return size;
}

function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = zigzag(value);
  while (rest >= 128) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}
