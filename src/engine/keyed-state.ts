import { tokenOf } from '../batch/key-map.ts';
import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import type { ChangingState } from '../contracts/stateful.ts';
import { StateError } from '../errors.ts';

interface Entry<K, S> {
  readonly key: K;
  readonly state: S;
  /** Batch time of the last update, milliseconds since 1970. */
  readonly updatedAt: number;
  /** Grows with every entry that is put at the end; by it an undone batch finds the old order again. */
  readonly order: number;
}

/**
 * A state for each key, in memory, with its changes in the journal: the state store of `updateStateByKey` and
 * `mapWithState`. Keys are compared by value. States are plain data and frozen when they are set, so that a program that
 * changes one in place is told at once, and a batch that fails can be undone.
 *
 * Cost: O(1) a key; a commit is O(changed keys), a snapshot O(all keys).
 */
export class KeyedState<K, S> implements ChangingState {
  /** By token, the longest untouched first. */
  readonly #entries = new Map<unknown, Entry<K, S>>();
  /** What the changed keys were before the batch under way; undefined for none. */
  readonly #before = new Map<unknown, Entry<K, S> | undefined>();
  #nextOrder = 0;
  /** Whether the initial states are there: committed, or only in the batch under way. */
  #begun: 'no' | 'in this batch' | 'yes' = 'no';

  get size(): number {
    return this.#entries.size;
  }

  /** Sets the states that are there from the first batch on; later, and after a restart, it does nothing. */
  begin(initial: Iterable<readonly [key: K, state: S]>, updatedAt = 0): void {
    if (this.#begun !== 'no') return;
    this.#begun = 'in this batch';
    for (const [key, state] of initial) this.set(key, state, updatedAt);
  }

  get(key: K): S | undefined {
    return this.#entries.get(tokenOf(key))?.state;
  }

  has(key: K): boolean {
    return this.#entries.has(tokenOf(key));
  }

  /** Sets the state of a key; the same state again only counts as a touch. `updatedAt` never decreases. */
  set(key: K, state: S, updatedAt = 0): void {
    const token = tokenOf(key);
    const entry = this.#entries.get(token);
    if (entry !== undefined && Object.is(entry.state, state) && entry.updatedAt === updatedAt) return;
    this.#remember(token, entry);
    this.#place(token, entry, entry?.key ?? key, state, updatedAt);
  }

  delete(key: K): void {
    const token = tokenOf(key);
    const entry = this.#entries.get(token);
    if (entry === undefined) return;
    this.#remember(token, entry);
    this.#entries.delete(token);
  }

  *entries(): IterableIterator<readonly [key: K, state: S]> {
    for (const { key, state } of this.#entries.values()) yield [key, state];
  }

  /** The keys last updated before `time`, the longest untouched first. Cost: O(those keys). */
  untouchedSince(time: number): readonly (readonly [key: K, state: S])[] {
    const untouched: (readonly [K, S])[] = [];
    for (const { key, state, updatedAt } of this.#entries.values()) {
      if (updatedAt >= time) break;
      untouched.push([key, state]);
    }
    return untouched;
  }

  metrics(): Readonly<Record<string, number>> {
    return { keys: this.size };
  }

  snapshot(): SnapshotRecord {
    return { entries: Array.from(this.#entries.values(), asSnapshot) };
  }

  restore(snapshot: SnapshotRecord): void {
    const { entries } = snapshot;
    if (!Array.isArray(entries)) throw new StateError('does-not-fit', 'keyed state: expected saved entries, got none');
    this.#entries.clear();
    this.#before.clear();
    this.#begun = 'yes';
    for (const entry of entries) this.#put(entry);
  }

  changes(): SnapshotRecord | undefined {
    if (this.#before.size === 0) return undefined;
    const set: Snapshot[] = [];
    const removed: Snapshot[] = [];
    for (const [token, before] of this.#before) {
      const now = this.#entries.get(token);
      if (now !== undefined) set.push(asSnapshot(now));
      if (before !== undefined && isGone(before, now)) removed.push(before.key as Snapshot);
    }
    return { set, removed };
  }

  applyChanges(changes: SnapshotRecord): void {
    this.#begun = 'yes';
    const { set, removed } = changes as { set: readonly Snapshot[]; removed: readonly Snapshot[] };
    for (const key of removed) this.#entries.delete(tokenOf(key));
    for (const entry of set) this.#put(entry);
  }

  keepChanges(): void {
    if (this.#begun === 'in this batch') this.#begun = 'yes';
    this.#before.clear();
  }

  undoChanges(): void {
    if (this.#begun === 'in this batch') this.#begun = 'no';
    if (this.#before.size === 0) return;
    for (const [token, before] of this.#before) {
      this.#entries.delete(token);
      if (before !== undefined) this.#entries.set(token, before);
    }
    this.#before.clear();
    const inOrder = [...this.#entries].sort(([, a], [, b]) => a.order - b.order);
    this.#entries.clear();
    for (const [token, entry] of inOrder) this.#entries.set(token, entry);
  }

  #remember(token: unknown, entry: Entry<K, S> | undefined): void {
    const before = this.#before.has(token) ? this.#before.get(token) : entry;
    if (entry === undefined) this.#before.delete(token); // set again after its removal: it goes to the end here too
    if (!this.#before.has(token)) this.#before.set(token, before);
  }

  /** Where the key stands: in its old place when it was touched at the same time, else at the end. */
  #place(token: unknown, entry: Entry<K, S> | undefined, key: K, state: S, updatedAt: number): void {
    const stays = entry !== undefined && entry.updatedAt === updatedAt;
    if (!stays) this.#entries.delete(token);
    const order = stays ? entry.order : this.#nextOrder++;
    this.#entries.set(token, { key, state: deepFrozen(state), updatedAt, order });
  }

  #put(saved: Snapshot): void {
    const [key, state, updatedAt] = saved as unknown as readonly [K, S, number];
    const token = tokenOf(key);
    this.#place(token, this.#entries.get(token), key, state, updatedAt);
  }
}

/** Whether the entry must be removed, be it only to come again at the end. */
function isGone(before: Entry<unknown, unknown>, now: Entry<unknown, unknown> | undefined): boolean {
  return now === undefined || (now.order !== before.order && now.updatedAt === before.updatedAt);
}

function asSnapshot<K, S>({ key, state, updatedAt }: Entry<K, S>): Snapshot {
  return [key, state, updatedAt] as unknown as Snapshot;
}

/** The value itself, with everything in it made unchangeable, except columns of numbers, which can't be. */
function deepFrozen<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) deepFrozen(part);
  return Object.freeze(value);
}
