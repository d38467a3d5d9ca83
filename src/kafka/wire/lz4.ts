import { DataError } from '../../errors.ts';

const MAGIC = 0x184d2204;
/** In the first byte of the descriptor: which of the optional fields are there. */
const [HAS_DICTIONARY, HAS_CONTENT_CHECKSUM, HAS_CONTENT_SIZE, HAS_BLOCK_CHECKSUM] = [0x01, 0x04, 0x08, 0x10];
/** In a block's length: the block is stored as it is. */
const UNCOMPRESSED = 0x80000000;
const SHORTEST_MATCH = 4;

/**
 * Decompresses LZ4 frames. A block may refer to those before it. Checksums are not looked at, since a batch has its own.
 * Throws `DataError` where the bytes are no frame. Source: LZ4 frame format 1.6 and block format, lz4.org.
 */
export function decompressLz4(bytes: Buffer): Buffer {
  const output = new Output(bytes.length * 4);
  let at = 0;
  while (at < bytes.length) at = frame(bytes, at, output);
  return output.bytes();
}

/** Decompresses the frame that begins at `start`, and tells where it ends. */
function frame(bytes: Buffer, start: number, output: Output): number {
  if (bytes.length < start + 7 || bytes.readUInt32LE(start) !== MAGIC) throw damaged();
  const flags = bytes[start + 4]!;
  let at = start + 7 + (flags & HAS_CONTENT_SIZE ? 8 : 0) + (flags & HAS_DICTIONARY ? 4 : 0);
  for (;;) {
    if (at + 4 > bytes.length) throw damaged();
    const size = bytes.readUInt32LE(at);
    at += 4;
    if (size === 0) return at + (flags & HAS_CONTENT_CHECKSUM ? 4 : 0);
    const end = at + (size & ~UNCOMPRESSED);
    if (end > bytes.length) throw damaged();
    if (size & UNCOMPRESSED) output.append(bytes, at, end);
    else block(bytes, at, end, output);
    at = end + (flags & HAS_BLOCK_CHECKSUM ? 4 : 0);
  }
}

/** Sequences of bytes to copy from here, and of bytes to repeat from what was written before. */
function block(bytes: Buffer, start: number, end: number, output: Output): void {
  let at = start;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      let byte: number;
      do {
        if (at >= end) throw damaged();
        byte = bytes[at++]!;
        length += byte;
      } while (byte === 255);
    }
    return length;
  };
  while (at < end) {
    const token = bytes[at++]!;
    const literals = lengthOf(token >>> 4);
    if (at + literals > end) throw damaged();
    output.append(bytes, at, at + literals);
    at += literals;
    if (at >= end) return; // the last sequence has no match
    const distance = bytes[at]! | (bytes[at + 1]! << 8);
    at += 2;
    output.repeat(distance, lengthOf(token & 0x0f) + SHORTEST_MATCH);
  }
}

/** Bytes that grow. */
class Output {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  append(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    this.#length += from.copy(this.#bytes, this.#length, start, end);
  }

  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.#length) throw damaged();
    this.#reserve(count);
    const bytes = this.#bytes;
    let to = this.#length;
    this.#length += count;
    if (distance >= count) bytes.copyWithin(to, to - distance, to - distance + count);
    else for (; to < this.#length; to++) bytes[to] = bytes[to - distance]!;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#length + count, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

function damaged(): DataError {
  return new DataError('bad-record', 'Kafka: expected a batch in LZ4 frames, got bytes that are none');
}
