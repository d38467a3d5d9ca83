import { UsageError } from '../errors.ts';
import { KeyMap, partitionOf } from './key-map.ts';

/** A record with a key: what the operations by key take. */
export type Pair<K, V> = readonly [key: K, value: V];

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
    let taken: readonly T[] = [];
    for (const partition of this.partitions) {
      if (taken.length >= num) break;
      taken = taken.concat(partition.slice(0, num - taken.length));
    }
    return taken;
  }

  /** The first record. Throws `UsageError` where there is none. */
  first(): T {
    const [record] = this.take(1);
    if (record === undefined && this.isEmpty()) throw new UsageError('too-few-records', 'first: the batch is empty');
    return record as T;
  }

  // Record by record, partition by partition

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

  // The whole batch

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

  // By key: on batches of pairs only. As many partitions as there are now, unless the call says otherwise.

  mapValues<K, V, U>(this: Batch<Pair<K, V>>, f: (value: V) => U): Batch<Pair<K, U>> {
    return this.map(([key, value]) => [key, f(value)]);
  }

  flatMapValues<K, V, U>(this: Batch<Pair<K, V>>, f: (value: V) => Iterable<U>): Batch<Pair<K, U>> {
    return this.flatMap(([key, value]) => withKey(key, f(value)));
  }

  /** One record a key: the values of each partition are folded in their order, then what the partitions have is merged. */
  combineByKey<K, V, C>(
    this: Batch<Pair<K, V>>,
    createCombiner: (value: V) => C,
    mergeValue: (combiner: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
    numPartitions = partitionsLike(this),
  ): Batch<Pair<K, C>> {
    const [combined = new KeyMap<K, C>(), ...others] = this.partitions.map((partition) => {
      const own = new KeyMap<K, C>();
      for (const [key, value] of partition) own.fold(key, value, createCombiner, mergeValue);
      return own;
    });
    for (const other of others) {
      for (const [key, value] of other.entries()) combined.fold(key, value, itself, mergeCombiners);
    }
    return placedByKey(combined, numPartitions);
  }

  reduceByKey<K, V>(
    this: Batch<Pair<K, V>>,
    f: (a: V, b: V) => V,
    numPartitions = partitionsLike(this),
  ): Batch<Pair<K, V>> {
    return this.combineByKey<K, V, V>(itself, f, f, numPartitions);
  }

  /** One record a key with all its values, in the order in which they came. */
  groupByKey<K, V>(this: Batch<Pair<K, V>>, numPartitions = partitionsLike(this)): Batch<Pair<K, readonly V[]>> {
    const groups = new KeyMap<K, V[]>();
    for (const partition of this.partitions) {
      for (const [key, value] of partition) groups.getOrCreate(key, () => []).push(value);
    }
    return placedByKey(groups, numPartitions);
  }

  /** The pairs in so many partitions, each where its key belongs. */
  partitionBy<K, V>(
    this: Batch<Pair<K, V>>,
    numPartitions: number,
    partitionFunc: (key: K, numPartitions: number) => number = partitionOf,
  ): Batch<Pair<K, V>> {
    if (numPartitions === 1 && partitionFunc === partitionOf) return Batch.of(this.collect());
    const partitions = emptyPartitions<Pair<K, V>>(numPartitions);
    for (const partition of this.partitions) {
      for (const pair of partition) {
        const at = partitionFunc(pair[0], numPartitions);
        const chosen = partitions[at];
        if (chosen === undefined) {
          throw new UsageError('bad-option', `partitionBy: expected a partition below ${numPartitions}, got ${at}`);
        }
        chosen.push(pair);
      }
    }
    return new Batch(partitions);
  }

  /** One record for every key of either side, with the values of both: what all joins are made of. */
  cogroup<K, V, W>(
    this: Batch<Pair<K, V>>,
    other: Batch<Pair<K, W>>,
    numPartitions = partitionsLike(this, other),
  ): Batch<Pair<K, readonly [readonly V[], readonly W[]]>> {
    const groups = new KeyMap<K, [V[], W[]]>();
    const group = (key: K) => groups.getOrCreate(key, () => [[], []]);
    for (const partition of this.partitions) for (const [key, value] of partition) group(key)[0].push(value);
    for (const partition of other.partitions) for (const [key, value] of partition) group(key)[1].push(value);
    return placedByKey(groups, numPartitions);
  }

  join<K, V, W>(
    this: Batch<Pair<K, V>>,
    other: Batch<Pair<K, W>>,
    numPartitions?: number,
  ): Batch<Pair<K, readonly [V, W]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(left, right));
  }

  leftOuterJoin<K, V, W>(
    this: Batch<Pair<K, V>>,
    other: Batch<Pair<K, W>>,
    numPartitions?: number,
  ): Batch<Pair<K, readonly [V, W | undefined]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(left, orNone(right)));
  }

  rightOuterJoin<K, V, W>(
    this: Batch<Pair<K, V>>,
    other: Batch<Pair<K, W>>,
    numPartitions?: number,
  ): Batch<Pair<K, readonly [V | undefined, W]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(orNone(left), right));
  }

  fullOuterJoin<K, V, W>(
    this: Batch<Pair<K, V>>,
    other: Batch<Pair<K, W>>,
    numPartitions?: number,
  ): Batch<Pair<K, readonly [V | undefined, W | undefined]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(orNone(left), orNone(right)));
  }
}

/** Throws `UsageError` unless it is a whole number of at least one. */
export function checkNumPartitions(numPartitions: number, what = 'numPartitions'): void {
  if (!Number.isSafeInteger(numPartitions) || numPartitions < 1) {
    throw new UsageError('bad-option', `${what}: expected a whole number of at least 1, got ${numPartitions}`);
  }
}

/** The entries of a map that no one else has, in so many partitions, each where its key belongs. */
function placedByKey<K, V>(map: KeyMap<K, V>, numPartitions: number): Batch<Pair<K, V>> {
  return Batch.of(Array.from(map.entries())).partitionBy(numPartitions);
}

function emptyPartitions<T>(numPartitions: number): T[][] {
  checkNumPartitions(numPartitions);
  return Array.from({ length: numPartitions }, () => []);
}

function partitionsLike(...batches: readonly Batch<unknown>[]): number {
  return Math.max(1, ...batches.map((batch) => batch.getNumPartitions()));
}

function* withKey<K, V>(key: K, values: Iterable<V>): Iterable<Pair<K, V>> {
  for (const value of values) yield [key, value];
}

function* everyPair<V, W>(left: readonly V[], right: readonly W[]): Iterable<readonly [V, W]> {
  for (const v of left) for (const w of right) yield [v, w];
}

/** The values, or the one absent value that an outer join puts in place of none. */
function orNone<V>(values: readonly V[]): readonly (V | undefined)[] {
  return values.length === 0 ? [undefined] : values;
}

function itself<V>(value: V): V {
  return value;
}
