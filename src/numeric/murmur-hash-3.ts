/**
 * MurmurHash3, x86, 32 bit, of the first `length` bytes, as a signed whole number. `seed`: 32 bits. `length`: default all.
 * Cost: O(bytes). Source: Austin Appleby, MurmurHash3, 2011.
 */
export function murmurHash3(bytes: Uint8Array, seed: number, length = bytes.length): number {
  const whole = length & ~3;
  let h = seed;
  for (let at = 0; at < whole; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    h ^= mixed(word);
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = length - 1; at >= whole; at--) tail = (tail << 8) | bytes[at]!;
  if (whole < length) h ^= mixed(tail);
  h ^= length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mixed(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
