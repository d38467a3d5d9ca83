/**
 * A map whose keys are compared by value, as Spark's are: `['a', 1]` is one key wherever it was made, and `{ a: 1, b: 2 }`
 * whatever the order of its fields. Keys are primitives, or arrays and plain objects of them.
 * Iterates in the order in which keys first came.
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

  /** Sets the value of `key` to `begin(by)` where there is none yet, else to `merge(value, by)`. */
  fold<U>(key: K, by: U, begin: (by: U) => V, merge: (value: V, by: U) => V): void {
    const token = tokenOf(key);
    const entry = this.#entries.get(token);
    if (entry === undefined) this.#entries.set(token, [key, begin(by)]);
    else entry[1] = merge(entry[1], by);
  }

  entries(): IterableIterator<[K, V]> {
    return this.#entries.values();
  }
}

/** Begins the tokens of compound keys, and of the strings that could be taken for one. */
const COMPOUND = '\u0000';

/** A primitive that is equal for equal keys and different for different ones. */
export function tokenOf(key: unknown): unknown {
  if (typeof key === 'string') return key.startsWith(COMPOUND) ? COMPOUND + textOf(key) : key;
  return typeof key === 'object' && key !== null ? COMPOUND + textOf(key) : key;
}

/** JSON that also tells `undefined`, `NaN` and bigints from everything else, with fields in the order of their names. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (value instanceof Date) return `@${value.getTime()}`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join(',')}}`;
}

/**
 * The partition of a key, 0 ≤ result < `numPartitions`, the same in every run. For strings, whole numbers, booleans and
 * null it is the partition that Spark's `HashPartitioner` gives.
 */
export function partitionOf(key: unknown, numPartitions: number): number {
  if (numPartitions === 1) return 0;
  return ((hashCode(key) % numPartitions) + numPartitions) % numPartitions;
}

/** The hash that the Java language defines for the value, where it defines one. */
function hashCode(key: unknown): number {
  if (key === null || key === undefined) return 0;
  if (typeof key === 'boolean') return key ? 1231 : 1237;
  if (typeof key === 'string') return hashText(key);
  if (Number.isSafeInteger(key)) return hashWholeNumber(key as number);
  return hashText(String(tokenOf(key)));
}

/** An `Integer` hashes to itself, a `Long` to its halves folded together. */
function hashWholeNumber(value: number): number {
  const int = value | 0;
  return int === value ? int : int ^ Math.floor(value / 2 ** 32);
}

function hashText(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
