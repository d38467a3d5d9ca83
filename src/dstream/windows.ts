/** Windows: what a stream gave over a length of time, given again and again as time slides on. */
import { Batch, checkNumPartitions, type Pair } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import { KeyedState } from '../engine/keyed-state.ts';
import { StateError, UsageError } from '../errors.ts';
import type { DStream } from './dstream.ts';
import { WindowBuffer } from './window-buffer.ts';

/** Length and slide of a window, in milliseconds. */
interface WindowSize {
  readonly lengthMs: number;
  readonly slideMs: number;
}

/** The union of the batches of times in (T − window, T], at every slide. */
export function windowed<T>(stream: DStream<T>, window: Duration, slide: Duration | undefined): DStream<T> {
  const { lengthMs, slideMs } = windowSize(stream, window, slide, (what, size, parent) => {
    return `The ${what} duration of windowed DStream (${size}) must be a multiple of the slide duration of parent DStream (${parent})`;
  });
  const { buffer, buffered } = bufferOf(stream, lengthMs);
  return buffered.deriveBatches('window', (_, { time }) => unionOf(buffer.window(time)), { slideMs });
}

export interface ReducedWindowOptions<K, V> {
  readonly numPartitions?: number;
  /** With an inverse: keys for which this is false are dropped. */
  readonly filter?: (pair: Pair<K, V>) => boolean;
}

/** How values enter a window, and how they leave it. */
export interface InvertibleReduction<K, V> {
  readonly reduce: (a: V, b: V) => V;
  /** The inverse: `inverse(reduce(a, b), b)` is `a`. */
  readonly inverse: (whole: V, left: V) => V;
  /** Keys for which this is false are dropped. Without it a key stays for good, also with a value of zero. */
  readonly filter?: ((pair: Pair<K, V>) => boolean) | undefined;
}

/**
 * The values of each key over a window, brought up to date by what enters and what leaves it, rather than computed anew.
 * Cost: O(keys that enter or leave) to update, O(keys) to give.
 */
export function reducedWindow<K, V>(
  stream: DStream<Pair<K, V>>,
  { reduce, inverse, filter }: InvertibleReduction<K, V>,
  window: Duration,
  slide: Duration | undefined,
  numPartitions: number,
): DStream<Pair<K, V>> {
  checkNumPartitions(numPartitions);
  const { lengthMs, slideMs } = windowSize(stream, window, slide, (what, size, parent) => {
    return `requirement failed: The ${what} duration of ReducedWindowedDStream (${size}) must be multiple of the slide duration of parent DStream (${parent})`;
  });
  const { buffer, buffered } = bufferOf(stream.reduceByKey(reduce), lengthMs);
  const values = new KeyedState<K, V>();
  return buffered.deriveBatches(
    'reducedWindow',
    (_, { time }) => {
      const { left, entered } = buffer.slideTo(time);
      const unheld: K[] = [];
      for (const [key, value] of byKey(left, reduce)) {
        const held = values.get(key);
        if (held === undefined) unheld.push(key);
        else values.set(key, inverse(held, value));
      }
      for (const [key, value] of byKey(entered, reduce)) {
        const held = values.get(key);
        values.set(key, held === undefined ? value : reduce(held, value));
      }
      if (!unheld.every((key) => values.has(key))) throw unknownKey();
      if (filter !== undefined) dropOthers(values, filter);
      return values.toBatch(numPartitions);
    },
    { slideMs, state: values },
  );
}

function dropOthers<K, V>(values: KeyedState<K, V>, filter: (pair: Pair<K, V>) => boolean): void {
  for (const pair of values.entries()) if (!filter(pair)) values.delete(pair[0]);
}

function unknownKey(): StateError {
  return new StateError(
    'does-not-fit',
    'Neither previous window has value for key, nor new values found. Are you sure your key class hashes consistently?',
  );
}

/** Keeps the batches of a stream in a buffer. `buffered` gives nothing; what is derived from it sees the buffer filled. */
function bufferOf<T>(stream: DStream<T>, lengthMs: number) {
  const buffer = new WindowBuffer<T>(lengthMs);
  const buffered = stream.deriveBatches<never>(
    'windowBuffer',
    (batch, { time }) => {
      buffer.add(time, batch);
      return Batch.empty();
    },
    { state: buffer },
  );
  return { buffer, buffered };
}

/** The sizes in milliseconds. Throws what `refusal` says, as Spark does, where one is no multiple of the stream's own slide. */
function windowSize<T>(
  stream: DStream<T>,
  window: Duration,
  slide: Duration | undefined,
  refusal: (what: 'window' | 'slide', size: string, parent: string) => string,
): WindowSize {
  const parentMs = stream.slideDuration;
  const lengthMs = toMilliseconds(window, 'windowDuration');
  const slideMs = slide === undefined ? parentMs : toMilliseconds(slide, 'slideDuration');
  for (const [what, ms] of [
    ['window', lengthMs],
    ['slide', slideMs],
  ] as const) {
    if (ms % parentMs !== 0) throw new UsageError('bad-option', refusal(what, `${ms} ms`, `${parentMs} ms`));
  }
  return { lengthMs, slideMs };
}

function unionOf<T>(batches: readonly Batch<T>[]): Batch<T> {
  return new Batch(batches.flatMap(({ partitions }) => partitions));
}

/** One record a key of batches that have one each. */
function byKey<K, V>(batches: readonly Batch<Pair<K, V>>[], reduce: (a: V, b: V) => V): readonly Pair<K, V>[] {
  return (batches.length === 1 ? batches[0]! : unionOf(batches).reduceByKey(reduce, 1)).collect();
}
