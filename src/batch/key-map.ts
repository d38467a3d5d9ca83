/**
 * A map whose keys are compared by value, as Spark's are: `['a', 1]` is one key wherever it was made.
 * Keys are primitives, or arrays and plain objects of them. Iterates in the order in which keys first came.
 */
export class KeyMap<K, V> {
  readonly #entries = new Map<unknown, [K, V]>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(tokenOf(key))?.[1];
  }

  set(key: K, value: V): void {
    const token = tokenOf(key);
    const entry = this.#entries.get(token);
    if (entry === undefined) this.#entries.set(token, [key, value]);
    else entry[1] = value;
  }

  /** The value of `key`, made by `create` where there is none yet. */
  getOrCreate(key: K, create: () => V): V {
    const token = tokenOf(key);
    let entry = this.#entries.get(token);
    if (entry === undefined) {
      entry = [key, create()];
      this.#entries.set(token, entry);
    }
    return entry[1];
  }

  entries(): IterableIterator<[K, V]> {
    return this.#entries.values();
  }
}

/** A primitive that is equal for equal keys and different for different ones. */
function tokenOf(key: unknown): unknown {
  return typeof key === 'object' && key !== null ? `\u0000${JSON.stringify(key)}` : key;
}

/**
 * The partition of a key, 0 ≤ result < `numPartitions`, the same in every run. For strings, whole numbers, booleans and
 * null it is the partition that Spark's `HashPartitioner` gives.
 */
export function partitionOf(key: unknown, numPartitions: number): number {
  const remainder = hashCode(key) % numPartitions;
  return remainder < 0 ? remainder + numPartitions : remainder;
}

/** The hash that the Java language defines for the value, where it defines one. */
function hashCode(key: unknown): number {
  if (key === null || key === undefined) return 0;
  if (typeof key === 'boolean') return key ? 1231 : 1237;
  if (typeof key === 'number' && Number.isInteger(key) && Math.abs(key) < 2 ** 31) return key | 0;
  return hashText(typeof key === 'string' ? key : String(tokenOf(key)));
}

function hashText(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
