/**
 * Chooses partitions as Java's producer does: records of one key go to one partition. Those without a key take the partitions
 * in turns.
 */
export class Partitioner {
  #turn = 0;

  partitionOf(key: Uint8Array | string | null | undefined, partitions: readonly number[]): number {
    if (key === null || key === undefined) return partitions[this.#turn++ % partitions.length]!;
    const bytes = typeof key === 'string' ? Buffer.from(key) : key;
    return partitions[(murmur2(bytes) & 0x7fffffff) % partitions.length]!;
  }
}

const MULTIPLIER = 0x5bd1e995;
const SEED = 0x9747b28c;

/** MurmurHash2 (Austin Appleby, 2008), with the seed that Kafka has. A signed number of 32 bits. */
function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = SEED ^ length;
  let at = 0;
  for (; length - at >= 4; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash = Math.imul(hash, MULTIPLIER) ^ mixed(word);
  }
  const rest = length - at;
  if (rest === 3) hash ^= bytes[at + 2]! << 16;
  if (rest >= 2) hash ^= bytes[at + 1]! << 8;
  if (rest >= 1) hash = Math.imul(hash ^ bytes[at]!, MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function mixed(word: number): number {
  const product = Math.imul(word, MULTIPLIER);
  return Math.imul(product ^ (product >>> 24), MULTIPLIER);
}
