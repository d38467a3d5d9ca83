import { Batch, type Combiner, cogroup, combineByKey, type Pair } from '../batch/batch.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { DataError, excerpt, MillraceError, messageOf, UsageError } from '../errors.ts';
import { ForeachSink } from '../sinks/foreach-sink.ts';
import { TextFilesSink } from '../sinks/text-files-sink.ts';
import type { GraphNode } from './dstream-graph.ts';
import { pprintText, printText } from './print-format.ts';
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
  readonly #node: GraphNode;

  /** Made by `StreamingContext` and by other streams. */
  constructor(context: StreamingContext, node: GraphNode) {
    this.context = context;
    this.#node = node;
  }

  /** Names the operator that makes this stream, for errors. */
  id(name: string): this {
    this.context.graph.rename(this.#node, name);
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
    checkPartitions(numPartitions);
    return this.deriveBatches('repartition', (batch) => batch.repartition(numPartitions));
  }

  union(other: DStream<T>): DStream<T> {
    return this.transformWith(other, (left, right) => left.union(right));
  }

  /** Any function of the whole batch. It must give a batch: `Batch.empty()` for nothing. */
  transform<U>(f: (rdd: RDD<T>, time: number) => RDD<U> | Promise<RDD<U>>): DStream<U> {
    return this.deriveBatches('transform', async (batch, { time }) => checkedBatch(await f(batch, time)));
  }

  transformWith<U, V>(
    other: DStream<U>,
    f: (left: RDD<T>, right: RDD<U>, time: number) => RDD<V> | Promise<RDD<V>>,
  ): DStream<V> {
    const node = this.context.addOperator('transformWith', [this, other], async ([left, right], { time }) =>
      checkedBatch(await f(left as Batch<T>, right as Batch<U>, time)),
    );
    return new DStream(this.context, node);
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
    return this.map((record): Pair<T, number> => [record, 1]).reduceByKey((a, b) => a + b, numPartitions);
  }

  // Pairs

  mapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => U): DStream<Pair<K, U>> {
    return this.map(([key, value]): Pair<K, U> => [key, f(value)]);
  }

  flatMapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => Iterable<U>): DStream<Pair<K, U>> {
    return this.flatMap(function* ([key, value]): Iterable<Pair<K, U>> {
      for (const each of f(value)) yield [key, each];
    });
  }

  reduceByKey<K, V>(
    this: DStream<Pair<K, V>>,
    f: (a: V, b: V) => V,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, V>> {
    return this.combineByKey({ createCombiner: (value) => value, mergeValue: f }, numPartitions);
  }

  groupByKey<K, V>(
    this: DStream<Pair<K, V>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly V[]>> {
    return this.combineByKey(groupCombiner<V>(), numPartitions);
  }

  combineByKey<K, V, C>(
    this: DStream<Pair<K, V>>,
    combiner: Combiner<V, C>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, C>> {
    checkPartitions(numPartitions);
    return this.deriveBatches('combineByKey', (batch) => combineByKey(batch, combiner, numPartitions));
  }

  cogroup<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly [readonly V[], readonly W[]]>> {
    checkPartitions(numPartitions);
    return this.transformWith(other, (left, right) => cogroup(left, right, numPartitions));
  }

  join<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions?: number,
  ): DStream<Pair<K, readonly [V, W]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(left, right));
  }

  leftOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions?: number,
  ): DStream<Pair<K, readonly [V, W | undefined]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(left, orNone(right)));
  }

  rightOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions?: number,
  ): DStream<Pair<K, readonly [V | undefined, W]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(orNone(left), right));
  }

  fullOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    numPartitions?: number,
  ): DStream<Pair<K, readonly [V | undefined, W | undefined]>> {
    return this.cogroup(other, numPartitions).flatMapValues(([left, right]) => everyPair(orNone(left), orNone(right)));
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

  /** The node that makes this stream; for the context. */
  get node(): GraphNode {
    return this.#node;
  }

  /** An operator that takes one record at a time, and leaves a record that it can't take to the bad-record policy. */
  #perRecord<U>(kind: string, step: (record: T, out: U[]) => void): DStream<U> {
    const stream: DStream<U> = this.deriveBatches(kind, (batch, context) =>
      batch.mapPartitions((partition, index) => {
        const out: U[] = [];
        for (let i = 0; i < partition.length; i++) {
          const kept = out.length;
          try {
            step(partition[i]!, out);
          } catch (error) {
            out.length = kept;
            const record = `${i} of partition ${index}`;
            context.reject(badRecord(error, partition[i]), { operator: stream.#node.name, record });
          }
        }
        return out;
      }),
    );
    return stream;
  }

  #printWith(kind: string, num: number, text: typeof printText): void {
    const { output } = this.context;
    this.writeTo(kind, new ForeachSink(({ batch, time }) => output(text(batch.take(num + 1), num, time))));
  }
}

function badRecord(error: unknown, record: unknown): DataError {
  if (error instanceof DataError) return error;
  if (error instanceof MillraceError) throw error;
  return new DataError('bad-record', `${messageOf(error)}; the record is ${excerpt(record)}`, { cause: error });
}

function checkedBatch<U>(batch: Batch<U>): Batch<U> {
  if (batch instanceof Batch) return batch;
  throw new UsageError(
    'user-function-failed',
    'Transform function must not return null. Return Batch.empty() instead to represent no element as the result of transformation.',
  );
}

function checkPartitions(numPartitions: number): void {
  if (!Number.isInteger(numPartitions) || numPartitions < 1) {
    throw new UsageError('bad-option', `numPartitions: expected a whole number of at least 1, got ${numPartitions}`);
  }
}

function groupCombiner<V>(): Combiner<V, V[]> {
  return {
    createCombiner: (value) => [value],
    mergeValue: (group, value) => {
      group.push(value);
      return group;
    },
  };
}

function* everyPair<V, W>(left: readonly V[], right: readonly W[]): Iterable<readonly [V, W]> {
  for (const v of left) for (const w of right) yield [v, w];
}

/** The values, or the one absent value that an outer join puts in place of none. */
function orNone<V>(values: readonly V[]): readonly (V | undefined)[] {
  return values.length === 0 ? [undefined] : values;
}
