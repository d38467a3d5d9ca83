import { UsageError } from '../errors.ts';
import { KeyMap, partitionOf } from './key-map.ts';

/**
 * The records of one micro-batch, in partitions: what Spark calls an RDD, held in memory. It never changes; every method
 * gives a new one. Functions run at once, in partition order.
 */
export class Batch<T> {
  readonly partitions: readonly (readonly T[])[];

  constructor(partitions: readonly (readonly T[])[]) {
    this.partitions = partitions;
  }

  /** A batch of one partition. */
  static of<T>(records: readonly T[]): Batch<T> {
    return new Batch([records]);
  }

  static empty<T>(): Batch<T> {
    return new Batch<T>([]);
  }

  getNumPartitions(): number {
    return this.partitions.length;
  }

  /** All records, partition after partition. */
  collect(): readonly T[] {
    return this.partitions.length === 1 ? this.partitions[0]! : (this.partitions.flat(1) as readonly T[]);
  }

  count(): number {
    let records = 0;
    for (const partition of this.partitions) records += partition.length;
    return records;
  }

  isEmpty(): boolean {
    return this.partitions.every((partition) => partition.length === 0);
  }

  /** The first `num` records; fewer where there are fewer. */
  take(num: number): readonly T[] {
    const taken: T[] = [];
    for (const partition of this.partitions) {
      if (taken.length >= num) break;
      taken.push(...partition.slice(0, num - taken.length));
    }
    return taken;
  }

  /** The first record. Throws `UsageError` where there is none. */
  first(): T {
    const [record] = this.take(1);
    if (record === undefined && this.isEmpty()) throw new UsageError('too-few-records', 'first: the batch is empty');
    return record as T;
  }

  map<U>(f: (record: T) => U): Batch<U> {
    return this.mapPartitions((partition) => partition.map((record) => f(record)));
  }

  flatMap<U>(f: (record: T) => Iterable<U>): Batch<U> {
    return this.mapPartitions((partition) => {
      const out: U[] = [];
      for (const record of partition) for (const value of f(record)) out.push(value);
      return out;
    });
  }

  filter(f: (record: T) => boolean): Batch<T> {
    return this.mapPartitions((partition) => partition.filter((record) => f(record)));
  }

  mapPartitions<U>(f: (partition: readonly T[], index: number) => Iterable<U>): Batch<U> {
    return new Batch(
      this.partitions.map((partition, index) => {
        const out = f(partition, index);
        return Array.isArray(out) ? (out as U[]) : Array.from(out);
      }),
    );
  }

  glom(): Batch<readonly T[]> {
    return new Batch(this.partitions.map((partition) => [partition]));
  }

  union(other: Batch<T>): Batch<T> {
    return new Batch([...this.partitions, ...other.partitions]);
  }

  /** Exactly `numPartitions` partitions, dealt out record by record. */
  repartition(numPartitions: number): Batch<T> {
    const dealt = emptyPartitions<T>(numPartitions);
    let next = 0;
    for (const partition of this.partitions) {
      for (const record of partition) {
        dealt[next]!.push(record);
        next = next + 1 === numPartitions ? 0 : next + 1;
      }
    }
    return new Batch(dealt);
  }

  /** The records folded into one by `f`, which is associative. Throws `UsageError` on an empty batch. */
  reduce(f: (a: T, b: T) => T): T {
    const records = this.collect();
    if (records.length === 0) throw new UsageError('too-few-records', 'reduce: the batch is empty');
    return records.reduce((a, b) => f(a, b));
  }

  distinct(): Batch<T> {
    const seen = new KeyMap<T, true>();
    for (const partition of this.partitions) for (const record of partition) seen.set(record, true);
    return Batch.of(Array.from(seen.entries(), ([record]) => record));
  }

  /** One partition, in ascending order of `by`. Equal records keep their order. */
  sortBy(by: (record: T) => number | string, order: 'ascending' | 'descending' = 'ascending'): Batch<T> {
    const sign = order === 'ascending' ? 1 : -1;
    const keyed = this.collect().map((record) => ({ record, key: by(record) }));
    keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0));
    return Batch.of(keyed.map(({ record }) => record));
  }
}

/** A record with a key: what the pair operations take. */
export type Pair<K, V> = readonly [key: K, value: V];

/** How the values of one key become one: Spark's `combineByKey`. */
export interface Combiner<V, C> {
  readonly createCombiner: (value: V) => C;
  readonly mergeValue: (combiner: C, value: V) => C;
}

/** One record a key, the values folded in the order in which they came, in `numPartitions` partitions by key. */
export function combineByKey<K, V, C>(
  batch: Batch<Pair<K, V>>,
  { createCombiner, mergeValue }: Combiner<V, C>,
  numPartitions: number,
): Batch<Pair<K, C>> {
  const combined = new KeyMap<K, { value: C }>();
  for (const partition of batch.partitions) {
    for (const [key, value] of partition) {
      const held = combined.get(key);
      if (held === undefined) combined.set(key, { value: createCombiner(value) });
      else held.value = mergeValue(held.value, value);
    }
  }
  return byKey(combined, (held) => held.value, numPartitions);
}

/** For every key of either side, the values of both: what all joins are made of. */
export function cogroup<K, V, W>(
  left: Batch<Pair<K, V>>,
  right: Batch<Pair<K, W>>,
  numPartitions: number,
): Batch<Pair<K, readonly [readonly V[], readonly W[]]>> {
  const groups = new KeyMap<K, [V[], W[]]>();
  const group = (key: K) => groups.getOrCreate(key, () => [[], []]);
  for (const partition of left.partitions) for (const [key, value] of partition) group(key)[0].push(value);
  for (const partition of right.partitions) for (const [key, value] of partition) group(key)[1].push(value);
  return byKey(groups, (held) => held, numPartitions);
}

function byKey<K, H, V>(map: KeyMap<K, H>, toValue: (held: H) => V, numPartitions: number): Batch<Pair<K, V>> {
  const partitions = emptyPartitions<Pair<K, V>>(numPartitions);
  for (const [key, held] of map.entries()) {
    const at = numPartitions === 1 ? 0 : partitionOf(key, numPartitions);
    partitions[at]!.push([key, toValue(held)]);
  }
  return new Batch(partitions);
}

function emptyPartitions<T>(numPartitions: number): T[][] {
  if (!Number.isInteger(numPartitions) || numPartitions < 1) {
    throw new UsageError('bad-option', `numPartitions: expected a whole number of at least 1, got ${numPartitions}`);
  }
  return Array.from({ length: numPartitions }, () => []);
}
