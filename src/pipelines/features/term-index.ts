import { murmurHash3 } from '../../numeric/murmur-hash-3.ts';

/** Spark's. */
const SEED = 42;

/** How many terms are remembered with their place; words come again and again. */
const REMEMBERED = 2 ** 17;

/** Where terms are counted in vectors of a fixed length: the hash of their UTF-8 bytes, with a remainder that is never negative. */
export class TermIndex {
  readonly #numFeatures: number;
  readonly #hash: (bytes: Uint8Array) => number;
  readonly #encoder = new TextEncoder();
  #known = new Map<string, number>();

  /** `legacy`: by the hash of Spark before 3.0. */
  constructor(numFeatures: number, { legacy = false }: { readonly legacy?: boolean } = {}) {
    this.#numFeatures = numFeatures;
    this.#hash = legacy ? legacyHash : (bytes) => murmurHash3(bytes, SEED);
  }

  /** In [0, numFeatures). */
  of(term: string): number {
    const known = this.#known.get(term);
    if (known !== undefined) return known;
    const n = this.#numFeatures;
    const index = ((this.#hash(this.#encoder.encode(term)) % n) + n) % n;
    if (this.#known.size >= REMEMBERED) this.#known = new Map();
    this.#known.set(term, index);
    return index;
  }
}

/**
 * What Spark before 3.0 takes for MurmurHash3: every byte after the last whole word is mixed in as a word of its own, with its sign.
 * The same as the true one where there are no such bytes.
 */
function legacyHash(bytes: Uint8Array): number {
  const whole = bytes.length & ~3;
  let h = SEED;
  for (let at = 0; at < whole; at += 4) {
    h = mixed(h, bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
  }
  for (let at = whole; at < bytes.length; at++) h = mixed(h, (bytes[at]! << 24) >> 24);
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mixed(h: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const next = h ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}
