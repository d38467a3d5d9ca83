import { Batch, type Pair } from '../batch/batch.ts';
import { UsageError } from '../errors.ts';
import { ForeachSink } from '../sinks/foreach-sink.ts';
import { TextFilesSink } from '../sinks/text-files-sink.ts';
import { pprintText, printText } from './print-format.ts';
import { StreamOperators } from './stream-operators.ts';

/** A batch as `foreachRDD` and `transform` hand it to the program: Spark's RDD of that batch. */
export type RDD<T> = Batch<T>;

const DEFAULT_PRINTED = 10;

/**
 * A stream of records, batch after batch: Spark's DStream. Each method adds an operator to the context's graph and gives
 * the stream of its results; nothing runs before `start`, and nothing at all without an output operation or a learner.
 *
 * Methods of pairs, such as `reduceByKey`, can be called on streams of `[key, value]` only; the compiler says so.
 */
export class DStream<T> extends StreamOperators<T> {
  // Record by record

  map<U>(f: (record: T) => U): DStream<U> {
    return this.perRecord('map', (record, out: U[]) => void out.push(f(record)));
  }

  flatMap<U>(f: (record: T) => Iterable<U>): DStream<U> {
    return this.perRecord('flatMap', (record, out: U[]) => {
      for (const value of f(record)) out.push(value);
    });
  }

  filter(f: (record: T) => boolean): DStream<T> {
    return this.perRecord('filter', (record, out: T[]) => {
      if (f(record)) out.push(record);
    });
  }

  // Partition by partition, batch by batch

  mapPartitions<U>(f: (partition: readonly T[]) => Iterable<U>): DStream<U> {
    return this.deriveBatches('mapPartitions', (batch) => batch.mapPartitions((partition) => f(partition)));
  }

  glom(): DStream<readonly T[]> {
    return this.deriveBatches('glom', (batch) => batch.glom());
  }

  repartition(numPartitions: number): DStream<T> {
    return this.shuffled('repartition', numPartitions, (batch) => batch.repartition(numPartitions));
  }

  union(other: DStream<T>): DStream<T> {
    return this.context.union([this, other]);
  }

  /** Any function of the whole batch. It must give a batch: `Batch.empty()` for nothing. */
  transform<U>(f: (rdd: RDD<T>, time: number) => RDD<U> | Promise<RDD<U>>): DStream<U> {
    return this.deriveBatches('transform', (batch, { time }) => f(batch, time));
  }

  transformWith<U, V>(
    other: DStream<U>,
    f: (left: RDD<T>, right: RDD<U>, time: number) => RDD<V> | Promise<RDD<V>>,
  ): DStream<V> {
    return this.deriveFromBoth('transformWith', other, (left, right, { time }) => f(left, right, time));
  }

  // Folded

  /** One record, or none for an empty batch. */
  reduce(f: (a: T, b: T) => T): DStream<T> {
    return this.deriveBatches('reduce', (batch) => Batch.of(batch.isEmpty() ? [] : [batch.reduce(f)]));
  }

  /** One record: how many there were. */
  count(): DStream<number> {
    return this.deriveBatches('count', (batch) => Batch.of([batch.count()]));
  }

  countByValue(numPartitions = this.context.defaultParallelism): DStream<Pair<T, number>> {
    return this.shuffled('countByValue', numPartitions, (batch) =>
      batch.map((record): Pair<T, number> => [record, 1]).reduceByKey((a, b) => a + b, numPartitions),
    );
  }

  // Pairs

  mapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => U): DStream<Pair<K, U>> {
    return this.perRecord('mapValues', ([key, value], out: Pair<K, U>[]) => void out.push([key, f(value)]));
  }

  flatMapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => Iterable<U>): DStream<Pair<K, U>> {
    return this.perRecord('flatMapValues', ([key, value], out: Pair<K, U>[]) => {
      for (const each of f(value)) out.push([key, each]);
    });
  }

  reduceByKey<K, V>(
    this: DStream<Pair<K, V>>,
    f: (a: V, b: V) => V,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, V>> {
    return this.shuffled('reduceByKey', numPartitions, (batch) => batch.reduceByKey(f, numPartitions));
  }

  groupByKey<K, V>(
    this: DStream<Pair<K, V>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly V[]>> {
    return this.shuffled('groupByKey', numPartitions, (batch) => batch.groupByKey(numPartitions));
  }

  combineByKey<K, V, C>(
    this: DStream<Pair<K, V>>,
    createCombiner: (value: V) => C,
    mergeValue: (combiner: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, C>> {
    return this.shuffled('combineByKey', numPartitions, (batch) =>
      batch.combineByKey(createCombiner, mergeValue, mergeCombiners, numPartitions),
    );
  }

  cogroup<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [readonly V[], readonly W[]]>> {
    return this.shuffledWith('cogroup', other, numPartitions, (left, right) => left.cogroup(right, numPartitions));
  }

  /** Records of the same batch with the same key, each of one side with each of the other. */
  join<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V, W]>> {
    return this.shuffledWith('join', other, numPartitions, (left, right) => left.join(right, numPartitions));
  }

  /** As `join`; a record of this side that has no partner gets `undefined`. */
  leftOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V, W | undefined]>> {
    return this.shuffledWith('leftOuterJoin', other, numPartitions, (left, right) =>
      left.leftOuterJoin(right, numPartitions),
    );
  }

  /** As `join`; a record of the other side that has no partner gets `undefined`. */
  rightOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V | undefined, W]>> {
    return this.shuffledWith('rightOuterJoin', other, numPartitions, (left, right) =>
      left.rightOuterJoin(right, numPartitions),
    );
  }

  /** As `join`; a record of either side that has no partner gets `undefined`. */
  fullOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V | undefined, W | undefined]>> {
    return this.shuffledWith('fullOuterJoin', other, numPartitions, (left, right) =>
      left.fullOuterJoin(right, numPartitions),
    );
  }

  // Outputs

  /** Runs `f` once a batch, in the order of registration. Outputs are at-least-once: `time` tells a repeated batch. */
  foreachRDD(f: (rdd: RDD<T>, time: number) => void | Promise<void>): void {
    this.writeTo('foreachRDD', new ForeachSink(({ batch, time }) => f(batch as Batch<T>, time)));
  }

  /** Prints the first `num` records of every batch, as Spark's Scala `print` does. */
  print(num = DEFAULT_PRINTED): void {
    this.#printWith('print', num, printText);
  }

  /** Prints the first `num` records of every batch, as PySpark's `pprint` does. */
  pprint(num = DEFAULT_PRINTED): void {
    this.#printWith('pprint', num, pprintText);
  }

  /** Writes every batch to a directory `prefix-TIME[.suffix]`, one file a partition. A repeated batch replaces itself. */
  saveAsTextFiles(prefix: string, suffix = ''): void {
    this.writeTo('saveAsTextFiles', new TextFilesSink({ prefix, suffix }));
  }

  #printWith(kind: string, num: number, text: typeof printText): void {
    if (!Number.isSafeInteger(num) || num < 0) {
      throw new UsageError('bad-option', `${kind}: expected a whole number of records, got ${num}`);
    }
    const { output } = this.context;
    this.writeTo(kind, new ForeachSink(({ batch, time }) => output(text(batch.take(num + 1), num, time))));
  }
}
