import { murmurHash3 } from '../../numeric/murmur-hash-3.ts';
import { Utf8Text } from './utf8-text.ts';

/** Spark's. */
const SEED = 42;

/** Where terms are counted in vectors of a fixed length: the hash of their UTF-8 bytes, with a remainder that is never negative. */
export class TermIndex {
  readonly #numFeatures: number;
  readonly #hash: (bytes: Uint8Array, seed: number, length: number) => number;
  readonly #text = new Utf8Text();

  /** `legacy`: by the hash of Spark before 3.0. */
  constructor(numFeatures: number, { legacy = false }: { readonly legacy?: boolean } = {}) {
    this.#numFeatures = numFeatures;
    this.#hash = legacy ? legacyHash : murmurHash3;
  }

  /** In [0, numFeatures). */
  of(term: string): number {
    const n = this.#numFeatures;
    const length = this.#text.set(term);
    return ((this.#hash(this.#text.bytes, SEED, length) % n) + n) % n;
  }
}

/**
 * What Spark before 3.0 takes for MurmurHash3: every byte after the last whole word is mixed in as a word of its own, with its sign.
 * The same as the true one where there are no such bytes.
 */
function legacyHash(bytes: Uint8Array, seed: number, length: number): number {
  const whole = length & ~3;
  let h = seed;
  for (let at = 0; at < whole; at += 4) {
    h = mixed(h, bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
  }
  for (let at = whole; at < length; at++) h = mixed(h, (bytes[at]! << 24) >> 24);
  h ^= length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mixed(h: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const next = h ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}
