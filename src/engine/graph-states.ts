import type { SnapshotRecord } from '../batch/snapshot.ts';
import { isChangingState, type Stateful } from '../contracts/stateful.ts';
import { atPlace, MillraceError, StateError } from '../errors.ts';
import type { SavedStates } from './checkpoint-records.ts';
import { ownValue } from './own-value.ts';
import { requireKnown } from './require-known.ts';

/** All states of a graph together, between one commit and the next. */
export class GraphStates {
  readonly #states: ReadonlyMap<string, Stateful>;
  readonly #derivedIds: ReadonlyMap<string, string>;
  /** What an ordinary state goes back to when a batch fails. */
  #committed: Readonly<Record<string, SnapshotRecord>> = {};
  /** The states that the checkpoint holds; all others are saved whole by the next commit. */
  readonly #saved = new Set<string>();

  /** `derivedIds`: the ids that the program did not give, each with the kind of operator that it was derived from. */
  constructor(states: ReadonlyMap<string, Stateful>, derivedIds: ReadonlyMap<string, string> = new Map()) {
    this.#states = states;
    this.#derivedIds = derivedIds;
  }

  /** Brings every state to what was saved. A state that nothing was saved of begins. */
  restore(saved: SavedStates): void {
    const ids = Object.keys({ ...saved.states, ...saved.changes });
    requireKnown('state', ids, this.#states);
    for (const id of ids) this.#saved.add(id);
    this.#refuseAmbiguousIds();
    for (const [id, state] of this.#states) {
      const snapshot = ownValue(saved.states, id);
      const changes = ownValue(saved.changes, id) ?? [];
      try {
        if (snapshot !== undefined) state.restore(snapshot);
        if (changes.length > 0) applyAll(state, changes);
      } catch (error) {
        throw error instanceof MillraceError ? atPlace(error, { state: id }) : error;
      }
    }
    this.#committed = Object.fromEntries(this.#ordinary().map(([id, state]) => [id, state.snapshot()]));
    for (const state of this.#states.values()) if (isChangingState(state)) state.keepChanges();
  }

  /**
   * What the commit of the batch under way must hold: changing states by their changes, all others whole. `isVolatile`: nothing is
   * kept, so that changing states, which undo a batch by themselves, need not tell what changed.
   */
  toCommit({ isVolatile = false } = {}): {
    readonly states: Record<string, SnapshotRecord>;
    readonly changes: Record<string, SnapshotRecord>;
  } {
    const states: Record<string, SnapshotRecord> = {};
    const changes: Record<string, SnapshotRecord> = {};
    for (const [id, state] of this.#states) {
      if (isVolatile && isChangingState(state)) continue;
      if (!isChangingState(state) || !this.#saved.has(id)) states[id] = state.snapshot();
      else {
        const changed = state.changes();
        if (changed !== undefined) changes[id] = changed;
      }
    }
    return { states, changes };
  }

  /** The batch is committed, with these states whole. */
  keep(states: Readonly<Record<string, SnapshotRecord>>): void {
    this.#committed = states;
    for (const [id, state] of this.#states) {
      this.#saved.add(id);
      if (isChangingState(state)) state.keepChanges();
    }
  }

  /** The batch failed: every state is as it was before it. */
  undo(): void {
    for (const [id, state] of this.#states) {
      const snapshot = ownValue(this.#committed, id);
      if (isChangingState(state)) state.undoChanges();
      else if (snapshot !== undefined) state.restore(snapshot);
    }
  }

  /** Every state whole. */
  snapshots(): Record<string, SnapshotRecord> {
    return Object.fromEntries(Array.from(this.#states, ([id, state]) => [id, state.snapshot()]));
  }

  /** Rows in all states that count theirs. */
  get rows(): number {
    let rows = 0;
    for (const { size = 0 } of this.#states.values()) rows += size;
    return rows;
  }

  metrics(): Record<string, number> {
    const metrics: Record<string, number> = {};
    for (const [id, state] of this.#states) {
      for (const [name, value] of Object.entries(state.metrics?.() ?? {})) metrics[`${id}.${name}`] = value;
    }
    return metrics;
  }

  #ordinary(): [id: string, state: Stateful][] {
    return [...this.#states].filter(([, state]) => !isChangingState(state));
  }

  /** Of several states of one kind without names of their own, some saved and some new, nobody knows which is which. */
  #refuseAmbiguousIds(): void {
    for (const [id, kind] of this.#derivedIds) {
      if (this.#saved.has(id)) continue;
      const known = [...this.#derivedIds].find(([other, each]) => each === kind && this.#saved.has(other))?.[0];
      if (known === undefined) continue;
      throw new StateError(
        'does-not-fit',
        `checkpoint: it holds the state '${known}', and of its kind this program has more than were saved; ` +
          `name the one that was saved .id('${known}'), and give the new ones ids of their own`,
        { context: { state: known } },
      );
    }
  }
}

function applyAll(state: Stateful, changes: readonly SnapshotRecord[]): void {
  if (!isChangingState(state)) {
    throw new StateError('does-not-fit', 'checkpoint: it holds changes of a state that is now saved whole');
  }
  for (const each of changes) state.applyChanges(each);
  state.keepChanges();
}
