import type { ProducerRecord } from '../kafka-record.ts';
import type { Compressor } from './compressors.ts';
import { crc32c } from './crc32c.ts';
import { varintSize, writeVarint } from './varints.ts';

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
const [CRC_AT, CHECKED_FROM] = [17, 21];
const TRANSACTIONAL = 0x10;
/** What the numbers of a record take at most: its length and attributes, time and offset, and three lengths. */
const RECORD_OVERHEAD_BYTES = 40;
/** What they mostly take, without the lengths: attributes, time, offset, and how many headers there are. */
const SMALLEST_NUMBERS_BYTES = 5;
const [FIRST_CAPACITY, SHORT_TEXT] = [4096, 24];

type Part = Uint8Array | string | null | undefined;

/** Writes records of one partition, one after the other, in Kafka's format 2. */
export class RecordBatchEncoder {
  #bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
  #length = HEADER_BYTES;
  #count = 0;
  #firstTime = 0;
  #lastTime = 0;

  get count(): number {
    return this.#count;
  }

  get sizeBytes(): number {
    return this.#length;
  }

  /** `now` is the timestamp of a record that has none. */
  add(record: ProducerRecord, now: number): void {
    const { key, value, headers, timestamp = now } = record;
    if (this.#count === 0) this.#firstTime = timestamp;
    if (this.#count === 0 || timestamp > this.#lastTime) this.#lastTime = timestamp;
    this.#reserve(mostBytes(record));
    const bytes = this.#bytes;
    const start = this.#length;
    // The length comes first, and how many bytes it takes is known only where texts are ASCII, as most are.
    const room = varintSize(SMALLEST_NUMBERS_BYTES + asciiSize(key) + asciiSize(value));
    let at = start + room;
    bytes[at++] = 0; // attributes, of which there are none yet
    at = writeVarint(bytes, at, timestamp - this.#firstTime);
    at = writeVarint(bytes, at, this.#count++);
    at = writePart(bytes, at, key);
    at = writePart(bytes, at, value);
    at = headers === undefined ? writeVarint(bytes, at, 0) : writeHeaders(bytes, at, headers);
    const size = at - start - room;
    const moved = varintSize(size) - room;
    if (moved !== 0) bytes.copyWithin(start + room + moved, start + room, at);
    writeVarint(bytes, start, size);
    this.#length = at + moved;
  }

  /** The whole batch; nothing can be added any more. */
  encoded({ producerId, producerEpoch, firstSequence, transactional }: ProducerStamp, compressor?: Compressor): Buffer {
    const plain = this.#bytes.subarray(0, this.#length);
    const bytes =
      compressor === undefined
        ? plain
        : Buffer.concat([plain.subarray(0, HEADER_BYTES), compressor.compress(plain.subarray(HEADER_BYTES))]);
    bytes.writeBigInt64BE(0n, 0); // base offset: the broker's to say
    bytes.writeInt32BE(bytes.length - BEFORE_LENGTH_BYTES, 8);
    bytes.writeInt32BE(-1, 12); // partition leader epoch: the broker's, too
    bytes.writeInt8(2, 16);
    bytes.writeInt16BE((transactional ? TRANSACTIONAL : 0) | (compressor?.codec ?? 0), 21);
    bytes.writeInt32BE(this.#count - 1, 23);
    bytes.writeBigInt64BE(BigInt(this.#firstTime), 27);
    bytes.writeBigInt64BE(BigInt(this.#lastTime), 35);
    bytes.writeBigInt64BE(BigInt(producerId), 43);
    bytes.writeInt16BE(producerEpoch, 51);
    bytes.writeInt32BE(firstSequence, 53);
    bytes.writeInt32BE(this.#count, 57);
    bytes.writeUInt32BE(crc32c(bytes, CHECKED_FROM), CRC_AT);
    return bytes;
  }

  #reserve(sizeBytes: number): void {
    if (this.#length + sizeBytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#length + sizeBytes, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** What a record takes in a batch, at most. */
export function mostBytes({ key, value, headers }: ProducerRecord): number {
  let most = RECORD_OVERHEAD_BYTES + mostOfPart(key) + mostOfPart(value);
  if (headers !== undefined) for (const each of headers) most += 10 + mostOfPart(each.key) + mostOfPart(each.value);
  return most;
}

function mostOfPart(part: Part): number {
  if (part === null || part === undefined) return 0;
  return typeof part === 'string' ? 3 * part.length : part.length;
}

/** What a part takes with its length, if it is ASCII. */
function asciiSize(part: Part): number {
  return part === null || part === undefined ? 1 : varintSize(part.length) + part.length;
}

function writeHeaders(bytes: Buffer, start: number, headers: NonNullable<ProducerRecord['headers']>): number {
  let at = writeVarint(bytes, start, headers.length);
  for (const header of headers) {
    at = writePart(bytes, at, header.key);
    at = writePart(bytes, at, header.value);
  }
  return at;
}

function writePart(bytes: Buffer, start: number, part: Part): number {
  if (part === null || part === undefined) return writeVarint(bytes, start, -1);
  const at = writeVarint(bytes, start, part.length);
  if (typeof part !== 'string') {
    bytes.set(part, at);
    return at + part.length;
  }
  if (writeAscii(bytes, at, part)) return at + part.length;
  const length = bytes.write(part, at);
  const moved = varintSize(length) - (at - start);
  if (moved !== 0) bytes.copyWithin(at + moved, at, at + length);
  writeVarint(bytes, start, length);
  return at + moved + length;
}

/** A short text, if it is ASCII: for those a call of `write` takes longer. */
function writeAscii(bytes: Buffer, start: number, text: string): boolean {
  if (text.length > SHORT_TEXT) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return false;
    bytes[start + i] = code;
  }
  return true;
}
