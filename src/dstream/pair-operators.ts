import type { Pair } from '../batch/batch.ts';
import type { Duration } from '../batch/duration.ts';
import type { DStream } from './dstream.ts';
import { oneForOne, severalForOne } from './record-by-record.ts';
import { StreamOperators } from './stream-operators.ts';
import { type ReducedWindowOptions, reducedWindow } from './windows.ts';

/** What a stream of `[key, value]` can do without a state: most of Spark's PairDStreamFunctions. The compiler refuses it to others. */
export abstract class PairOperators<T> extends StreamOperators<T> {
  mapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => U): DStream<Pair<K, U>> {
    const step = oneForOne(([key, value]: Pair<K, V>): Pair<K, U> => [key, f(value)]);
    return this.perRecord('mapValues', step);
  }

  flatMapValues<K, V, U>(this: DStream<Pair<K, V>>, f: (value: V) => Iterable<U>): DStream<Pair<K, U>> {
    const step = severalForOne(([key, value]: Pair<K, V>, out: Pair<K, U>[]) => {
      for (const each of f(value)) out.push([key, each]);
    });
    return this.perRecord('flatMapValues', step);
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

  /** Each pair in the partition where its key belongs, or where `partitionFunc` says. */
  partitionBy<K, V>(
    this: DStream<Pair<K, V>>,
    numPartitions: number,
    partitionFunc?: (key: K, numPartitions: number) => number,
  ): DStream<Pair<K, V>> {
    return this.shuffled('partitionBy', numPartitions, (batch) => batch.partitionBy(numPartitions, partitionFunc));
  }

  // Windows by key

  groupByKeyAndWindow<K, V>(
    this: DStream<Pair<K, V>>,
    windowDuration: Duration,
    slideDuration?: Duration,
    numPartitions = this.context.defaultParallelism,
  ): DStream<Pair<K, readonly V[]>> {
    return this.composed(() => this.window(windowDuration, slideDuration).groupByKey(numPartitions));
  }

  /**
   * The values of each key in the window, reduced. With the inverse of `f`, only what enters and leaves is computed; a key then
   * stays for good, also when all its values have left, unless `filter` rejects it.
   */
  reduceByKeyAndWindow<K, V>(
    this: DStream<Pair<K, V>>,
    f: (a: V, b: V) => V,
    inverse: ((whole: V, left: V) => V) | undefined,
    windowDuration: Duration,
    slideDuration?: Duration,
    options: ReducedWindowOptions<K, V> = {},
  ): DStream<Pair<K, V>> {
    const { numPartitions = this.context.defaultParallelism, filter } = options;
    return this.composed(() => {
      if (inverse !== undefined) {
        return reducedWindow(this, { reduce: f, inverse, filter }, windowDuration, slideDuration, numPartitions);
      }
      return this.reduceByKey(f, numPartitions).window(windowDuration, slideDuration).reduceByKey(f, numPartitions);
    });
  }
}
