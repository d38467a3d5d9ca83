import { checkNumPartitions, type Pair } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import { UsageError } from '../errors.ts';

/** What `mapWithState` calls: once for each record of the key, and with `value` undefined when the key times out. */
export type MapWithState<K, V, S, T> = (key: K, value: V | undefined, state: State<S>, time: number) => T | undefined;

/**
 * What `mapWithState` does, as in Spark: `StateSpec.function(f).initialState(pairs).timeout('10 minutes')`.
 * A state that is not undefined is given back by `State.get`; states are plain data and never changed in place.
 */
export class StateSpec<K, V, S, T> {
  readonly f: MapWithState<K, V, S, T>;
  readonly initial: readonly Pair<K, S>[];
  readonly timeoutMs: number | undefined;
  readonly partitions: number | undefined;

  private constructor(
    f: MapWithState<K, V, S, T>,
    initial: readonly Pair<K, S>[],
    timeoutMs: number | undefined,
    partitions: number | undefined,
  ) {
    this.f = f;
    this.initial = initial;
    this.timeoutMs = timeoutMs;
    this.partitions = partitions;
  }

  static function<K, V, S, T>(f: MapWithState<K, V, S, T>): StateSpec<K, V, S, T> {
    return new StateSpec<K, V, S, T>(f, [], undefined, undefined);
  }

  /** States that are there before the first batch. */
  initialState(pairs: Iterable<Pair<K, S>>): StateSpec<K, V, S, T> {
    return new StateSpec(this.f, [...pairs], this.timeoutMs, this.partitions);
  }

  /** Removes a key for which no record came for longer than this; the function is called with it a last time. */
  timeout(idle: Duration): StateSpec<K, V, S, T> {
    return new StateSpec(this.f, this.initial, toMilliseconds(idle, 'timeout'), this.partitions);
  }

  /** Partitions of the state snapshots. */
  numPartitions(numPartitions: number): StateSpec<K, V, S, T> {
    checkNumPartitions(numPartitions);
    return new StateSpec(this.f, this.initial, this.timeoutMs, numPartitions);
  }
}

/** The state of one key while its function runs, as in Spark. */
export class State<S> {
  #state: S | undefined;
  readonly #timingOut: boolean;
  #removed = false;
  #updated = false;

  private constructor(state: S | undefined, timingOut: boolean) {
    this.#state = state;
    this.#timingOut = timingOut;
  }

  static of<S>(state: S | undefined): State<S> {
    return new State(state, false);
  }

  static timingOut<S>(state: S): State<S> {
    return new State(state, true);
  }

  exists(): boolean {
    return this.#state !== undefined;
  }

  /** The state. Throws `UsageError` where there is none. */
  get(): S {
    if (this.#state === undefined) throw new UsageError('not-initialised', 'State is not set');
    return this.#state;
  }

  getOption(): S | undefined {
    return this.#state;
  }

  update(state: S): void {
    require(!this.#removed, 'Cannot update the state after it has been removed');
    require(!this.#timingOut, 'Cannot update the state that is timing out');
    require(state !== undefined, 'Cannot update the state to undefined; remove() removes it');
    this.#state = state;
    this.#updated = true;
  }

  remove(): void {
    require(!this.#timingOut, 'Cannot remove the state that is timing out');
    require(!this.#removed, 'Cannot remove the state that has already been removed');
    this.#state = undefined;
    this.#updated = false;
    this.#removed = true;
  }

  isTimingOut(): boolean {
    return this.#timingOut;
  }

  get wasRemoved(): boolean {
    return this.#removed;
  }

  get wasUpdated(): boolean {
    return this.#updated;
  }

  toString(): string {
    return this.#state === undefined ? '<state not set>' : String(this.#state);
  }
}

function require(holds: boolean, rule: string): void {
  if (!holds) throw new UsageError('bad-state-of-context', `requirement failed: ${rule}`);
}
