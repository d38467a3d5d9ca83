import type { SnapshotRecord } from '../batch/snapshot.ts';

/**
 * Anything that remembers from batch to batch: a learner, a monitor, an operator with state. Its snapshot is part of every
 * batch's commit, under the id that the program gives it.
 */
export interface Stateful {
  /** All that was learned, as plain data that later changes do not touch. */
  snapshot(): SnapshotRecord;

  /** Goes on from a snapshot. Throws `StateError` (`does-not-fit`), changing nothing, when it is of another shape. */
  restore(snapshot: SnapshotRecord): void;

  /** How much it remembers, in rows: the keys of a state by key, the records of a window. */
  readonly size?: number;

  /** Figures of the moment for the progress event, by name. */
  metrics?(): Readonly<Record<string, number>>;
}

/**
 * A state too large to be written whole with every batch. A commit holds what the batch changed; the whole is written now and
 * then, when the journal is made short again.
 */
export interface ChangingState extends Stateful {
  /** What the batch under way changed; undefined for nothing. */
  changes(): SnapshotRecord | undefined;

  /** Repeats what `changes` told, on a state that is as it was before them. */
  applyChanges(changes: SnapshotRecord): void;

  /** The state as it is now is committed, or where the first batch begins: changes up to now can't be undone any more. */
  keepChanges(): void;

  /** Undoes the changes of the batch under way. */
  undoChanges(): void;
}

export function isChangingState(state: Stateful): state is ChangingState {
  return 'changes' in state;
}
