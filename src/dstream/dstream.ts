import { Batch, checkNumPartitions, type Pair } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import { UsageError } from '../errors.ts';
import { ForeachSink } from '../sinks/foreach-sink.ts';
import { ObjectFilesSink } from '../sinks/object-files-sink.ts';
import { TextFilesSink } from '../sinks/text-files-sink.ts';
import { mappedWithState, type UpdateState, type UpdateStateOptions, updatedState } from './keyed-operators.ts';
import { PairOperators } from './pair-operators.ts';
import { mappedInWorkers, type PartitionWorkersOptions } from './partition-workers.ts';
import { pprintText, printText } from './print-format.ts';
import { oneForOne, severalForOne, wanted } from './record-by-record.ts';
import type { StateSpec } from './state-spec.ts';
import { windowed } from './windows.ts';

/** A batch as `foreachRDD` and `transform` hand it to the program: Spark's RDD of that batch. */
export type RDD<T> = Batch<T>;

const DEFAULT_PRINTED = 10;
const DEFAULT_CONCURRENCY = 16;

export interface MapAsyncOptions {
  /** How many records are under way at a time, at least 1. Default 16. */
  readonly concurrency?: number;
}

/**
 * A stream of records, batch after batch: Spark's DStream. Each method adds an operator to the context's graph and gives
 * the stream of its results; nothing runs before `start`, and nothing at all without an output operation or a learner.
 *
 * Methods of pairs, such as `reduceByKey`, can be called on streams of `[key, value]` only; the compiler says so.
 */
export class DStream<T> extends PairOperators<T> {
  // Record by record

  map<U>(f: (record: T) => U): DStream<U> {
    return this.perRecord('map', oneForOne(f));
  }

  flatMap<U>(f: (record: T) => Iterable<U>): DStream<U> {
    const step = severalForOne((record: T, out: U[]) => {
      for (const value of f(record)) out.push(value);
    });
    return this.perRecord('flatMap', step);
  }

  filter(f: (record: T) => boolean): DStream<T> {
    return this.perRecord('filter', wanted(f));
  }

  /**
   * As `map`, with a function that calls out: it is at work on `concurrency` records of a batch at a time. The results keep
   * the order of the records; one that fails is a bad record, unless it lost a connection.
   */
  mapAsync<U>(
    f: (record: T) => Promise<U> | U,
    { concurrency = DEFAULT_CONCURRENCY }: MapAsyncOptions = {},
  ): DStream<U> {
    checkNumPartitions(concurrency, 'concurrency');
    return this.perRecordAsync('mapAsync', f, concurrency);
  }

  // Partition by partition, batch by batch

  mapPartitions<U>(f: (partition: readonly T[]) => Iterable<U>): DStream<U> {
    return this.deriveBatches('mapPartitions', (batch) => batch.mapPartitions((partition) => f(partition)));
  }

  mapPartitionsWithIndex<U>(f: (index: number, partition: readonly T[]) => Iterable<U>): DStream<U> {
    return this.deriveBatches('mapPartitionsWithIndex', (batch) => {
      return batch.mapPartitions((partition, index) => f(index, partition));
    });
  }

  /**
   * As `mapPartitions`, for a function that computes for long: on threads, each partition on one. `module` is a file whose
   * default export takes a partition and its index and gives records: `new URL('./score.js', import.meta.url)`. What goes in
   * and comes out is copied, so it is plain data. There are as many at work as there are partitions: see `repartition`.
   */
  mapPartitionsInWorkers<U>(module: URL | string, options: PartitionWorkersOptions = {}): DStream<U> {
    return mappedInWorkers(this, module, options);
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

  // Kept

  /**
   * Spark's hint to keep what was computed. Here every stream's batch is computed once and held until its batch ends, whoever
   * uses it; so this only checks that it comes before the start.
   */
  persist(): this {
    return this.#unstarted('storage level');
  }

  cache(): this {
    return this.persist();
  }

  /**
   * Spark's interval between two saved states of this stream. Here every batch's commit holds what the batch changed of a state,
   * whatever the interval; so this only checks it.
   */
  checkpoint(interval: Duration): this {
    const ms = toMilliseconds(interval, 'checkpoint');
    // Spark's words, to the letter.
    const has = `requirement failed: The checkpoint interval for ${this.node.name} has been set to ${ms} ms which`;
    const slide = `its slide time (${this.slideDuration} ms). Please set it to`;
    if (ms < this.slideDuration) throw badOption(`${has} is lower than ${slide} at least ${this.slideDuration} ms.`);
    if (ms % this.slideDuration !== 0) {
      throw badOption(`${has} not a multiple of ${slide} a multiple of ${this.slideDuration} ms.`);
    }
    return this.#unstarted('checkpoint interval');
  }

  /**
   * The batches of the times from `fromTime` to `toTime`, both included, in milliseconds since 1970; as far back as
   * `context.remember` says, for a stream that an output depends on.
   */
  slice(fromTime: number, toTime: number): readonly RDD<T>[] {
    return this.context.slice(this, fromTime, toTime) as readonly RDD<T>[];
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

  // Windows: the last `windowDuration`, every `slideDuration`; both multiples of this stream's own

  window(windowDuration: Duration, slideDuration?: Duration): DStream<T> {
    return this.composed(() => windowed(this, windowDuration, slideDuration));
  }

  /** One record a window, or none for an empty one. With the inverse of `f`, only what enters and leaves is computed. */
  reduceByWindow(
    f: (a: T, b: T) => T,
    inverse: ((whole: T, left: T) => T) | undefined,
    windowDuration: Duration,
    slideDuration?: Duration,
  ): DStream<T> {
    return this.composed(() => {
      if (inverse === undefined) return this.reduce(f).window(windowDuration, slideDuration).reduce(f);
      return this.map((record): Pair<0, T> => [0, record])
        .reduceByKeyAndWindow(f, inverse, windowDuration, slideDuration, { numPartitions: 1 })
        .map(([, value]) => value);
    });
  }

  /** One record a window: how many there were. None before the first record of all; 0 when all have left. */
  countByWindow(windowDuration: Duration, slideDuration?: Duration): DStream<number> {
    return this.composed(() => this.map(() => 1).reduceByWindow(add, subtract, windowDuration, slideDuration));
  }

  countByValueAndWindow(
    windowDuration: Duration,
    slideDuration?: Duration,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<T, number>> {
    const filter = ([, count]: Pair<T, number>) => count !== 0;
    return this.composed(() =>
      this.map((record): Pair<T, number> => [record, 1]).reduceByKeyAndWindow(
        add,
        subtract,
        windowDuration,
        slideDuration,
        { numPartitions, filter },
      ),
    );
  }

  // A state for each key

  /** Every key's state after the batch; `update` is called for each key that has a state or new values. */
  updateStateByKey<K, V, S>(
    this: DStream<Pair<K, V>>,
    update: UpdateState<K, V, S>,
    options: UpdateStateOptions<K, S> = {},
  ): DStream<Pair<K, S>> {
    return updatedState(this, update, options);
  }

  /** What the spec's function makes of each record and the state of its key. */
  mapWithState<K, V, S, T2>(this: DStream<Pair<K, V>>, spec: StateSpec<K, V, S, T2>): MapWithStateDStream<K, S, T2> {
    const { mapped, snapshots } = mappedWithState(this, spec);
    return new MapWithStateDStream(mapped, snapshots);
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

  /** The same with records that `objectFile` reads back as they were: plain data only. */
  saveAsObjectFiles(prefix: string, suffix = ''): void {
    this.writeTo('saveAsObjectFiles', new ObjectFilesSink({ prefix, suffix }));
  }

  /** For what may be said before the start only. */
  #unstarted(what: string): this {
    if (this.context.getState() === 'INITIALIZED') return this;
    const message = `Cannot change ${what} of a DStream after streaming context has started`;
    throw new UsageError('bad-state-of-context', message);
  }

  #printWith(kind: string, num: number, text: typeof printText): void {
    if (!Number.isSafeInteger(num) || num < 0) {
      throw badOption(`${kind}: expected a whole number of records, got ${num}`);
    }
    const { output } = this.context;
    this.writeTo(kind, new ForeachSink(({ batch, time }) => output(text(batch.take(num + 1), num, time))));
  }
}

/** The stream of what `mapWithState` gives. */
export class MapWithStateDStream<K, S, T> extends DStream<T> {
  readonly #snapshots: DStream<Pair<K, S>>;

  constructor(mapped: DStream<T>, snapshots: DStream<Pair<K, S>>) {
    super(mapped.context, mapped.node);
    this.#snapshots = snapshots;
  }

  /** All keys with their states, after each batch. */
  stateSnapshots(): DStream<Pair<K, S>> {
    return this.#snapshots;
  }
}

function badOption(message: string): UsageError {
  return new UsageError('bad-option', message);
}

function add(a: number, b: number): number {
  return a + b;
}

function subtract(a: number, b: number): number {
  return a - b;
}
