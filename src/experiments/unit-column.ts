import { grown } from './grown.ts';

/** What tells the units of an experiment apart: users, as a rule. */
export type UnitKey = string | number;

/** First byte of a key: what the others are. A text is narrow where all its characters fit into a byte each. */
const [NARROW, WIDE, NUMBER] = [0, 1, 2] as const;

const FIRST_LENGTH = 256;
/** Room for a key before anything is known of them. */
const BYTES_A_KEY = 16;

/** A number's eight bytes. */
const number = new Float64Array(1);
const eighths = new Uint8Array(number.buffer);

/**
 * The keys of units one after the other, as bytes and with their hashes: what `UnitKeys` compares, so that a unit is no object on
 * its way there. `1` and `'1'` are two keys; `0` and `-0` are one.
 */
export class UnitColumn {
  #length = 0;
  #bytes: Uint8Array;
  /** Where the key of each row begins, and behind the last, where the next will. */
  #starts: Int32Array;
  #hashes: Int32Array;

  /** `capacity`: rows that there is room for at first. */
  constructor(capacity = FIRST_LENGTH) {
    this.#bytes = new Uint8Array(capacity * BYTES_A_KEY);
    this.#starts = new Int32Array(capacity + 1);
    this.#hashes = new Int32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Good until the next key is added. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  startOf(row: number): number {
    return this.#starts[row]!;
  }

  endOf(row: number): number {
    return this.#starts[row + 1]!;
  }

  hashOf(row: number): number {
    return this.#hashes[row]!;
  }

  keyAt(row: number): UnitKey {
    return keyOf(this.#bytes, this.#starts[row]!, this.#starts[row + 1]!);
  }

  clear(): void {
    this.#length = 0;
  }

  push(key: UnitKey): void {
    if (typeof key === 'number') this.#pushNumber(key);
    else this.#pushText(key);
  }

  /** The key that a text in UTF-8 is. */
  pushUtf8(bytes: Uint8Array, from: number, to: number): void {
    const start = this.#room(1 + to - from);
    const own = this.#bytes;
    own[start] = NARROW;
    let hash = hashed(FIRST_HASH, NARROW);
    for (let at = from, into = start + 1; at < to; at++, into++) {
      const byte = bytes[at]!;
      // One of several bytes of a character: this must be read as a text.
      if (byte > 127) {
        this.#pushText(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString());
        return;
      }
      own[into] = byte;
      hash = hashed(hash, byte);
    }
    this.#end(start + 1 + to - from, hash);
  }

  /** The key that so many bytes are, of another column or of `UnitKeys`. */
  pushKey(bytes: Uint8Array, from: number, to: number): void {
    const start = this.#room(to - from);
    for (let at = from, into = start; at < to; at++, into++) this.#bytes[into] = bytes[at]!;
    this.#endHashed(start, start + to - from);
  }

  #pushText(text: string): void {
    const start = this.#room(1 + 2 * text.length);
    const bytes = this.#bytes;
    bytes[start] = NARROW;
    let hash = hashed(FIRST_HASH, NARROW);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 255) {
        this.#pushWide(text, start);
        return;
      }
      bytes[start + 1 + i] = code;
      hash = hashed(hash, code);
    }
    this.#end(start + 1 + text.length, hash);
  }

  #pushWide(text: string, start: number): void {
    const bytes = this.#bytes;
    bytes[start] = WIDE;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[start + 1 + 2 * i] = code & 255;
      bytes[start + 2 + 2 * i] = code >> 8;
    }
    this.#endHashed(start, start + 1 + 2 * text.length);
  }

  #pushNumber(value: number): void {
    const start = this.#room(9);
    number[0] = value + 0; // −0 is 0
    this.#bytes[start] = NUMBER;
    for (let i = 0; i < 8; i++) this.#bytes[start + 1 + i] = eighths[i]!;
    this.#endHashed(start, start + 9);
  }

  #endHashed(start: number, end: number): void {
    let hash = FIRST_HASH;
    for (let at = start; at < end; at++) hash = hashed(hash, this.#bytes[at]!);
    this.#end(end, hash);
  }

  #end(end: number, hash: number): void {
    this.#hashes[this.#length++] = mixed(hash);
    this.#starts[this.#length] = end;
  }

  /** Where the next key begins, with room for so many bytes. */
  #room(bytes: number): number {
    const start = this.#starts[this.#length]!;
    if (start + bytes > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(start + bytes, 2 * this.#bytes.length)));
    }
    if (this.#length === this.#hashes.length) {
      const capacity = Math.max(FIRST_LENGTH, 2 * this.#length);
      this.#starts = grown(this.#starts, new Int32Array(capacity + 1));
      this.#hashes = grown(this.#hashes, new Int32Array(capacity));
    }
    return start;
  }
}

/** The key that so many bytes are. */
export function keyOf(bytes: Uint8Array, start: number, end: number): UnitKey {
  if (bytes[start] === NUMBER) {
    eighths.set(bytes.subarray(start + 1, end));
    return number[0]!;
  }
  let text = '';
  if (bytes[start] === NARROW) for (let at = start + 1; at < end; at++) text += String.fromCharCode(bytes[at]!);
  else for (let at = start + 1; at < end; at += 2) text += String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8));
  return text;
}

const FIRST_HASH = 0x811c9dc5 | 0;

/** A step of FNV-1a. */
function hashed(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** Spreads the bits, as only the lowest choose a slot. Source: MurmurHash3's finalizer. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
