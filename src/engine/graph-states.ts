import type { SnapshotRecord } from '../batch/snapshot.ts';
import { isChangingState, type Stateful } from '../contracts/stateful.ts';
import { atPlace, MillraceError, StateError } from '../errors.ts';
import type { SavedStates } from './checkpoint.ts';

/** All states of a graph together, between one commit and the next. */
export class GraphStates {
  readonly #states: ReadonlyMap<string, Stateful>;
  /** What an ordinary state goes back to when a batch fails. */
  #committed: Readonly<Record<string, SnapshotRecord>> = {};

  constructor(states: ReadonlyMap<string, Stateful>) {
    this.#states = states;
  }

  /** Brings every state to what was saved. A state that nothing was saved of begins. */
  restore(saved: SavedStates): void {
    for (const [id, state] of this.#states) {
      const snapshot = saved.states[id];
      const changes = saved.changes[id] ?? [];
      try {
        if (snapshot !== undefined) state.restore(snapshot);
        if (changes.length > 0) applyAll(state, changes);
      } catch (error) {
        throw error instanceof MillraceError ? atPlace(error, { state: id }) : error;
      }
    }
    this.#committed = this.toCommit().states;
  }

  /** What the commit of the batch under way must hold: ordinary states whole, changing states by their changes. */
  toCommit(): { readonly states: Record<string, SnapshotRecord>; readonly changes: Record<string, SnapshotRecord> } {
    const states: Record<string, SnapshotRecord> = {};
    const changes: Record<string, SnapshotRecord> = {};
    for (const [id, state] of this.#states) {
      if (!isChangingState(state)) states[id] = state.snapshot();
      else {
        const changed = state.changes();
        if (changed !== undefined) changes[id] = changed;
      }
    }
    return { states, changes };
  }

  /** The batch is committed, with these ordinary states. */
  keep(states: Readonly<Record<string, SnapshotRecord>>): void {
    this.#committed = states;
    for (const state of this.#states.values()) if (isChangingState(state)) state.keepChanges();
  }

  /** The batch failed: every state is as it was before it. */
  undo(): void {
    for (const [id, state] of this.#states) {
      const snapshot = this.#committed[id];
      if (isChangingState(state)) state.undoChanges();
      else if (snapshot !== undefined) state.restore(snapshot);
    }
  }

  /** Every state whole. */
  snapshots(): Record<string, SnapshotRecord> {
    return Object.fromEntries(Array.from(this.#states, ([id, state]) => [id, state.snapshot()]));
  }

  metrics(): Record<string, number> {
    const metrics: Record<string, number> = {};
    for (const [id, state] of this.#states) {
      for (const [name, value] of Object.entries(state.metrics?.() ?? {})) metrics[`${id}.${name}`] = value;
    }
    return metrics;
  }
}

function applyAll(state: Stateful, changes: readonly SnapshotRecord[]): void {
  if (!isChangingState(state)) {
    throw new StateError('does-not-fit', 'checkpoint: it holds changes of a state that is now saved whole');
  }
  for (const each of changes) state.applyChanges(each);
  state.keepChanges();
}
