/** Operators that keep a state for each key, from batch to batch. */
import { Batch, checkNumPartitions, type Pair } from '../batch/batch.ts';
import { KeyMap } from '../batch/key-map.ts';
import { KeyedState } from '../engine/keyed-state.ts';
import type { DStream } from './dstream.ts';
import { recordByRecord, severalForOne } from './record-by-record.ts';
import { State, type StateSpec } from './state-spec.ts';

export interface UpdateStateOptions<K, S> {
  readonly numPartitions?: number;
  /** States that are there before the first batch. */
  readonly initialState?: Iterable<Pair<K, S>>;
}

/** What `updateStateByKey` calls: for every key with state or new values; undefined removes the key. */
export type UpdateState<K, V, S> = (values: readonly V[], state: S | undefined, key: K, time: number) => S | undefined;

/** Every key's state after the batch. Cost: O(all keys) a batch. */
export function updatedState<K, V, S>(
  stream: DStream<Pair<K, V>>,
  update: UpdateState<K, V, S>,
  { numPartitions = stream.context.defaultParallelism, initialState = [] }: UpdateStateOptions<K, S>,
): DStream<Pair<K, S>> {
  checkNumPartitions(numPartitions);
  const initial = [...initialState];
  const states = new KeyedState<K, S>();
  return stream.deriveBatches(
    'updateStateByKey',
    (batch, { time }) => {
      states.begin(initial);
      const values = groupsOf(batch);
      const newcomers = Array.from(values.entries()).filter(([key]) => !states.has(key));
      for (const [key, state] of states.entries()) {
        setOrDelete(states, key, update(values.get(key) ?? [], state, key, time));
      }
      for (const [key, group] of newcomers) setOrDelete(states, key, update(group, undefined, key, time));
      return states.toBatch(numPartitions);
    },
    { state: states },
  );
}

/** What `mapWithState` gives: the mapped records, and on request all states. */
export interface MappedWithState<K, S, T> {
  readonly mapped: DStream<T>;
  readonly snapshots: DStream<Pair<K, S>>;
}

/** Calls the spec's function once a record, and once for each key that times out. Cost: O(records + keys timing out). */
export function mappedWithState<K, V, S, T>(
  stream: DStream<Pair<K, V>>,
  spec: StateSpec<K, V, S, T>,
): MappedWithState<K, S, T> {
  const { f, timeoutMs, initial, partitions = stream.context.defaultParallelism } = spec;
  checkNumPartitions(partitions);
  const states = new KeyedState<K, S>();
  const mapped: DStream<T> = stream.deriveBatches(
    'mapWithState',
    (batch, context) => {
      states.begin(initial, context.time);
      const records = recordByRecord(
        batch,
        severalForOne(([key, value], out: T[]) => {
          push(out, mapOne(states, f, key, value, context.time, timeoutMs !== undefined));
        }),
        mapped.node.name,
        context,
      );
      if (timeoutMs === undefined) return records;
      const timedOut: T[] = [];
      for (const [key, state] of states.untouchedSince(context.time - timeoutMs)) {
        push(timedOut, f(key, undefined, State.timingOut(state), context.time));
        states.delete(key);
      }
      return timedOut.length === 0 ? records : records.union(Batch.of(timedOut));
    },
    { state: states },
  );
  const snapshots = mapped.deriveBatches('stateSnapshots', () => states.toBatch(partitions));
  return { mapped, snapshots };
}

/** Runs the function for one record. Where there is a timeout, data alone counts as an update. */
function mapOne<K, V, S, T>(
  states: KeyedState<K, S>,
  f: StateSpec<K, V, S, T>['f'],
  key: K,
  value: V,
  time: number,
  dataRefreshes: boolean,
): T | undefined {
  const held = states.get(key);
  const state = State.of(held);
  const result = f(key, value, state, time);
  if (state.wasRemoved) states.delete(key);
  else if (state.wasUpdated) states.set(key, state.get(), time);
  else if (held !== undefined && dataRefreshes) states.set(key, held, time);
  return result;
}

function push<T>(out: T[], result: T | undefined): void {
  if (result !== undefined) out.push(result);
}

function setOrDelete<K, S>(states: KeyedState<K, S>, key: K, state: S | undefined): void {
  if (state === undefined) states.delete(key);
  else states.set(key, state);
}

function groupsOf<K, V>(batch: Batch<Pair<K, V>>): KeyMap<K, V[]> {
  const groups = new KeyMap<K, V[]>();
  for (const [key, value] of batch.collect()) groups.getOrCreate(key, () => []).push(value);
  return groups;
}
