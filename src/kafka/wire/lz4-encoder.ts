/** Magic number, format 1 with blocks of 64 KiB that stand alone and no checksums, and the checksum of just these flags. */
const HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const END = Buffer.alloc(4);
const BLOCK_BYTES = 65_536;
/** In a block's length: the block is stored as it is. */
const UNCOMPRESSED = 0x80000000;
const SHORTEST_MATCH = 4;
/** The format wants the last bytes as they are, and no match that begins shortly before them. */
const [LAST_LITERALS, NO_MATCH_WITHIN] = [5, 12];
const HASH_BITS = 14;

/**
 * Compresses to one LZ4 frame. Looks for a match once at each place, where the same four bytes were last: quick rather than small.
 * Source: LZ4 frame format 1.6 and block format, lz4.org.
 */
export function compressLz4(bytes: Buffer): Buffer {
  const parts: Buffer[] = [HEADER];
  const seen = new Int32Array(1 << HASH_BITS);
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES);
    const compressed = compressBlock(block, seen);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(compressed === undefined ? block.length + UNCOMPRESSED : compressed.length);
    parts.push(size, compressed ?? block);
  }
  return Buffer.concat([...parts, END]);
}

/** Undefined where it would not get shorter. `seen` is room for where bytes were last, plus one. */
function compressBlock(bytes: Buffer, seen: Int32Array): Buffer | undefined {
  const out = new Sequences(bytes);
  const lastMatch = bytes.length - NO_MATCH_WITHIN;
  const matchEnd = bytes.length - LAST_LITERALS;
  seen.fill(0);
  for (let at = 0; at < lastMatch; ) {
    const word = wordAt(bytes, at);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const match = seen[slot]! - 1;
    seen[slot] = at + 1;
    if (match < 0 || wordAt(bytes, match) !== word) {
      at++;
      continue;
    }
    let length = SHORTEST_MATCH;
    while (at + length < matchEnd && bytes[match + length] === bytes[at + length]) length++;
    if (!out.add(at, at - match, length)) return undefined;
    at += length;
  }
  return out.end();
}

function wordAt(bytes: Buffer, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** A block's sequences: bytes as they are, then a match. */
class Sequences {
  readonly #bytes: Buffer;
  readonly #out: Buffer;
  #length = 0;
  /** What is not yet written begins here. */
  #next = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#out = Buffer.allocUnsafe(bytes.length);
  }

  /** What is left up to `at`, and `count` bytes as they are `distance` before. False where there is no room. */
  add(at: number, distance: number, count: number): boolean {
    const more = count - SHORTEST_MATCH;
    if (!this.#literals(at, Math.min(more, 15), 2 + more / 255 + 1)) return false;
    this.#out[this.#length++] = distance & 0xff;
    this.#out[this.#length++] = distance >>> 8;
    if (more >= 15) this.#rest(more - 15);
    this.#next = at + count;
    return true;
  }

  end(): Buffer | undefined {
    return this.#literals(this.#bytes.length, 0, 0) ? this.#out.subarray(0, this.#length) : undefined;
  }

  #literals(end: number, matchNibble: number, roomBehind: number): boolean {
    const count = end - this.#next;
    if (this.#length + 2 + count / 255 + count + roomBehind > this.#out.length) return false;
    this.#out[this.#length++] = (Math.min(count, 15) << 4) | matchNibble;
    if (count >= 15) this.#rest(count - 15);
    this.#length += this.#bytes.copy(this.#out, this.#length, this.#next, end);
    return true;
  }

  /** What a length is above what fits into half a byte. */
  #rest(length: number): void {
    let left = length;
    for (; left >= 255; left -= 255) this.#out[this.#length++] = 255;
    this.#out[this.#length++] = left;
  }
}
