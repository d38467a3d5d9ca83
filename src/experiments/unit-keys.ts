import { UsageError } from '../errors.ts';

/** What tells the units of an experiment apart: users, as a rule. */
export type UnitKey = string | number;

/** First byte of a key: what the others are. */
const [NARROW, WIDE, NUMBER] = [0, 1, 2];

const FIRST_SLOTS = 2048;
const FIRST_BYTES = 16_384;
/** Slots in use ÷ slots, at most. */
const FULLEST = 0.6;

/** A number's eight bytes. */
const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);
const eighths = new Uint8Array(number.buffer);

/**
 * Numbers units 0, 1, 2, … in the order in which they come. As a map from keys to numbers, but the keys lie one behind the other in
 * one array of bytes, so that a million of them are no million objects. `1` and `'1'` are two keys.
 *
 * The rows are found by hashing, with linear probing. Cost: O(length of the key). Memory: its characters, and about 25 bytes.
 */
export class UnitKeys {
  #size = 0;
  /** Two numbers a slot: the key's hash, and its row + 1, or 0 for a free slot. */
  #slots = new Int32Array(2 * FIRST_SLOTS);
  /** Where the key of each row begins, and behind the last, where the next will. */
  #starts = new Uint32Array(FIRST_SLOTS);
  #bytes = new Uint8Array(FIRST_BYTES);

  get size(): number {
    return this.#size;
  }

  /** The row of a key; the next row, `size` before the call, for one that is new. `hash`: what `hashOf` gives. */
  rowOf(key: UnitKey, hash = hashOf(key)): number {
    const mask = this.#slots.length / 2 - 1;
    let slot = hash & mask;
    for (let next = this.#slots[2 * slot + 1]!; next !== 0; next = this.#slots[2 * slot + 1]!) {
      if (this.#slots[2 * slot] === hash && this.#isAt(next - 1, key)) return next - 1;
      slot = (slot + 1) & mask;
    }
    this.#slots[2 * slot] = hash;
    this.#slots[2 * slot + 1] = this.#size + 1;
    this.#append(key);
    if (this.#size > (mask + 1) * FULLEST) this.#index(4 * this.#slots.length);
    return this.#size - 1;
  }

  /**
   * Reads what will be needed to find so many hashes, and gives the likely row of each, or 0. Among a million keys each step of a
   * search waits for the memory; a loop of nothing but reads waits for many at once. Returns what is of no use, but must not be
   * optimised away. `rows`: as many as there are hashes, or more; written to.
   */
  fetch(hashes: Int32Array, rows: Int32Array, count: number): number {
    const [slots, starts, bytes] = [this.#slots, this.#starts, this.#bytes];
    const mask = slots.length / 2 - 1;
    for (let i = 0; i < count; i++) rows[i] = Math.max(0, slots[2 * (hashes[i]! & mask) + 1]! - 1);
    let read = 0;
    for (let i = 0; i < count; i++) read ^= starts[rows[i]!]!;
    for (let i = 0; i < count; i++) read ^= bytes[starts[rows[i]!]!]!;
    return read;
  }

  keyAt(row: number): UnitKey {
    const start = this.#starts[row]!;
    const end = this.#starts[row + 1]!;
    const bytes = this.#bytes;
    if (bytes[start] === NUMBER) {
      eighths.set(bytes.subarray(start + 1, end));
      return number[0]!;
    }
    let text = '';
    if (bytes[start] === NARROW) for (let at = start + 1; at < end; at++) text += String.fromCharCode(bytes[at]!);
    else for (let at = start + 1; at < end; at += 2) text += String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8));
    return text;
  }

  /** Forgets all but the first `size` keys. Cost: O(size). */
  truncate(size: number): void {
    this.#size = size;
    this.#index(this.#slots.length);
  }

  /** Makes the slots anew. */
  #index(length: number): void {
    this.#slots = new Int32Array(length);
    const mask = length / 2 - 1;
    for (let row = 0; row < this.#size; row++) {
      const key = this.keyAt(row);
      const hash = hashOf(key);
      let slot = hash & mask;
      while (this.#slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      this.#slots[2 * slot] = hash;
      this.#slots[2 * slot + 1] = row + 1;
    }
  }

  #isAt(row: number, key: UnitKey): boolean {
    const start = this.#starts[row]!;
    const bytes = this.#bytes;
    if (typeof key === 'number') {
      if (bytes[start] !== NUMBER) return false;
      number[0] = key + 0; // −0 is 0
      for (let i = 0; i < 8; i++) if (bytes[start + 1 + i] !== eighths[i]) return false;
      return true;
    }
    const length = this.#starts[row + 1]! - start - 1;
    if (bytes[start] === NARROW) {
      if (length !== key.length) return false;
      for (let i = 0; i < length; i++) if (bytes[start + 1 + i] !== key.charCodeAt(i)) return false;
      return true;
    }
    if (bytes[start] !== WIDE || length !== 2 * key.length) return false;
    for (let i = 0; i < key.length; i++) {
      const at = start + 1 + 2 * i;
      if ((bytes[at]! | (bytes[at + 1]! << 8)) !== key.charCodeAt(i)) return false;
    }
    return true;
  }

  #append(key: UnitKey): void {
    const start = this.#starts[this.#size]!;
    const length = typeof key === 'number' ? 8 : isNarrow(key) ? key.length : 2 * key.length;
    this.#makeRoom(start + 1 + length);
    const bytes = this.#bytes;
    if (typeof key === 'number') {
      bytes[start] = NUMBER;
      number[0] = key + 0; // −0 is 0
      bytes.set(eighths, start + 1);
    } else if (length === key.length) {
      bytes[start] = NARROW;
      for (let i = 0; i < length; i++) bytes[start + 1 + i] = key.charCodeAt(i);
    } else {
      bytes[start] = WIDE;
      for (let i = 0; i < key.length; i++) {
        const code = key.charCodeAt(i);
        bytes[start + 1 + 2 * i] = code & 255;
        bytes[start + 2 + 2 * i] = code >> 8;
      }
    }
    this.#size++;
    this.#starts[this.#size] = start + 1 + length;
  }

  #makeRoom(bytes: number): void {
    if (bytes >= 2 ** 32) throw new UsageError('bad-option', 'units: their names take up more than 4 GiB together');
    if (bytes > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(bytes, Math.ceil(1.5 * this.#bytes.length)));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    if (this.#size + 1 === this.#starts.length) {
      const grown = new Uint32Array(Math.ceil(1.5 * this.#starts.length));
      grown.set(this.#starts);
      this.#starts = grown;
    }
  }
}

function isNarrow(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false;
  return true;
}

/** The hash of a key; 0 of what is none. */
export function hashOf(key: unknown): number {
  if (typeof key === 'string') return hashOfText(key);
  return typeof key === 'number' ? hashOfNumber(key) : 0;
}

/** FNV-1a over the characters. */
function hashOfText(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

function hashOfNumber(value: number): number {
  number[0] = value + 0;
  return mixed(Math.imul(halves[0]!, 0x01000193) ^ halves[1]!);
}

/** Spreads the bits, as only the lowest choose a slot. Source: MurmurHash3's finalizer. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
