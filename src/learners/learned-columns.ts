import type { SnapshotRecord } from '../batch/snapshot.ts';
import { columnOf } from './online-learner.ts';

/** All that something has learned, in columns of numbers that keep their lengths. */
export type LearnedColumns = { readonly [name: string]: Float64Array };

export function copyOfColumns<S extends LearnedColumns>(state: S): S {
  return Object.fromEntries(Object.entries(state).map(([name, column]) => [name, column.slice()])) as S;
}

/** Columns of a snapshot, of the lengths that `state` has. Throws `StateError` (`does-not-fit`) where one is not. */
export function columnsOfSnapshot<S extends LearnedColumns>(snapshot: SnapshotRecord, state: S, kind: string): S {
  const columns = Object.entries(state).map(
    ([name, { length }]) => [name, columnOf(snapshot, name, length, kind)] as const,
  );
  return Object.fromEntries(columns) as S;
}
