import { Batch, checkNumPartitions, type Pair } from '../batch/batch.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { UsageError } from '../errors.ts';
import { ForeachSink } from '../sinks/foreach-sink.ts';
import { TextFilesSink } from '../sinks/text-files-sink.ts';
import type { GraphNode } from './dstream-graph.ts';
import { pprintText, printText } from './print-format.ts';
import { recordByRecord, type Step } from './record-by-record.ts';
import type { StreamingContext } from './streaming-context.ts';

/** A batch as `foreachRDD` and `transform` hand it to the program: Spark's RDD of that batch. */
export type RDD<T> = Batch<T>;

const DEFAULT_PRINTED = 10;

/**
 * A stream of records, batch after batch: Spark's DStream. Each method adds an operator to the context's graph and gives
 * the stream of its results; nothing runs before `start`, and nothing at all without an output operation or a learner.
 *
 * Methods of pairs, such as `reduceByKey`, can be called on streams of `[key, value]` only; the compiler says so.
 */
export class DStream<T> {
  readonly context: StreamingContext;
  /** The operator that makes this stream; for the context. */
  readonly node: GraphNode;

  /** Made by `StreamingContext` and by other streams. */
  constructor(context: StreamingContext, node: GraphNode) {
    this.context = context;
    this.node = node;
  }

  /** Names the operator that makes this stream, for errors. */
  id(name: string): this {
    this.context.graph.rename(this.node, name);
    return this;
  }

  // Record by record

  map<U>(f: (record: T) => U): DStream<U> {
    return this.#perRecord('map', (record, out: U[]) => void out.push(f(record)));
  }

  flatMap<U>(f: (record: T) => Iterable<U>): DStream<U> {
    return this.#perRecord('flatMap', (record, out: U[]) => {
      for (const value of f(record)) out.push(value);
    });
  }

  filter(f: (record: T) => boolean): DStream<T> {
    return this.#perRecord('filter', (record, out: T[]) => {
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
    return this.#shuffled('repartition', numPartitions, (batch) => batch.repartition(numPartitions));
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
    return this.#deriveFromBoth('transformWith', other, (left, right, { time }) => f(left, right, time));
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
    return this.#shuffled('countByValue', numPartitions, (batch) =>
      batch.map((record): Pair<T, number> => [record, 1]).reduceByKey((a, b) => a + b, numPartitions),
    );
  }

  // Pairs

  mapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => U): DStream<Pair<K, U>> {
    return this.#perRecord('mapValues', ([key, value], out: Pair<K, U>[]) => void out.push([key, f(value)]));
  }

  flatMapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => Iterable<U>): DStream<Pair<K, U>> {
    return this.#perRecord('flatMapValues', ([key, value], out: Pair<K, U>[]) => {
      for (const each of f(value)) out.push([key, each]);
    });
  }

  reduceByKey<K, V>(
    this: DStream<Pair<K, V>>,
    f: (a: V, b: V) => V,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, V>> {
    return this.#shuffled('reduceByKey', numPartitions, (batch) => batch.reduceByKey(f, numPartitions));
  }

  groupByKey<K, V>(
    this: DStream<Pair<K, V>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly V[]>> {
    return this.#shuffled('groupByKey', numPartitions, (batch) => batch.groupByKey(numPartitions));
  }

  combineByKey<K, V, C>(
    this: DStream<Pair<K, V>>,
    createCombiner: (value: V) => C,
    mergeValue: (combiner: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, C>> {
    return this.#shuffled('combineByKey', numPartitions, (batch) =>
      batch.combineByKey(createCombiner, mergeValue, mergeCombiners, numPartitions),
    );
  }

  cogroup<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [readonly V[], readonly W[]]>> {
    return this.#shuffledWith('cogroup', other, numPartitions, (left, right) => left.cogroup(right, numPartitions));
  }

  /** Records of the same batch with the same key, each of one side with each of the other. */
  join<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V, W]>> {
    return this.#shuffledWith('join', other, numPartitions, (left, right) => left.join(right, numPartitions));
  }

  /** As `join`; a record of this side that has no partner gets `undefined`. */
  leftOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V, W | undefined]>> {
    return this.#shuffledWith('leftOuterJoin', other, numPartitions, (left, right) =>
      left.leftOuterJoin(right, numPartitions),
    );
  }

  /** As `join`; a record of the other side that has no partner gets `undefined`. */
  rightOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V | undefined, W]>> {
    return this.#shuffledWith('rightOuterJoin', other, numPartitions, (left, right) =>
      left.rightOuterJoin(right, numPartitions),
    );
  }

  /** As `join`; a record of either side that has no partner gets `undefined`. */
  fullOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [V | undefined, W | undefined]>> {
    return this.#shuffledWith('fullOuterJoin', other, numPartitions, (left, right) =>
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

  // For those who build on streams: learners, monitors, sinks

  /** Writes every batch to a sink. */
  writeTo(kind: string, sink: Sink): void {
    this.context.addOutput(kind, this, sink);
  }

  /** The stream of what `f` makes of each batch. */
  deriveBatches<U>(
    kind: string,
    f: (batch: Batch<T>, context: BatchContext) => Batch<U> | Promise<Batch<U>>,
  ): DStream<U> {
    const node = this.context.addOperator(kind, [this], ([batch], context) => f(batch as Batch<T>, context));
    return new DStream(this.context, node);
  }

  /** Lets `f` bring `state` up to date with each batch. The state is committed with the batch, under `id`. */
  updateFromBatches(
    kind: string,
    state: Stateful,
    f: (batch: Batch<T>, context: BatchContext) => void,
    id?: string,
  ): void {
    this.context.addState(id, kind, state);
    this.context.addUpdate(kind, [this], ([batch], context) => {
      f(batch as Batch<T>, context);
      return Batch.empty();
    });
  }

  #perRecord<U>(kind: string, step: Step<T, U>): DStream<U> {
    const stream: DStream<U> = this.deriveBatches(kind, (batch, context) =>
      recordByRecord(batch, step, stream.node.name, context),
    );
    return stream;
  }

  /** An operator that puts the records into so many partitions. */
  #shuffled<U>(kind: string, numPartitions: number, f: (batch: Batch<T>) => Batch<U>): DStream<U> {
    checkNumPartitions(numPartitions);
    return this.deriveBatches(kind, f);
  }

  #shuffledWith<U, V>(
    kind: string,
    other: DStream<U>,
    numPartitions: number,
    f: (left: Batch<T>, right: Batch<U>) => Batch<V>,
  ): DStream<V> {
    checkNumPartitions(numPartitions);
    return this.#deriveFromBoth(kind, other, f);
  }

  #deriveFromBoth<U, V>(
    kind: string,
    other: DStream<U>,
    f: (left: Batch<T>, right: Batch<U>, context: BatchContext) => Batch<V> | Promise<Batch<V>>,
  ): DStream<V> {
    const node = this.context.addOperator(kind, [this, other], ([left, right], context) =>
      f(left as Batch<T>, right as Batch<U>, context),
    );
    return new DStream(this.context, node);
  }

  #printWith(kind: string, num: number, text: typeof printText): void {
    if (!Number.isSafeInteger(num) || num < 0) {
      throw new UsageError('bad-option', `${kind}: expected a whole number of records, got ${num}`);
    }
    const { output } = this.context;
    this.writeTo(kind, new ForeachSink(({ batch, time }) => output(text(batch.take(num + 1), num, time))));
  }
}
