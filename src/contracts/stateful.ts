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

  /** Figures of the moment for the progress event, by name. */
  metrics?(): Readonly<Record<string, number>>;
}
