import { Batch, type Pair } from '../batch/batch.ts';
import { frozenSnapshot } from '../batch/frozen-snapshot.ts';
import { tokenOf } from '../batch/key-map.ts';
import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import type { ChangingState } from '../contracts/stateful.ts';
import { StateError } from '../errors.ts';

interface Entry<K, S> {
  readonly pair: Pair<K, S>;
  /** Batch time of the last update, milliseconds since 1970. */
  readonly updatedAt: number;
  /** Grows with every entry that is put at the end; by it an undone batch finds the old order again. */
  readonly order: number;
  /** A column can be changed in place, so it is only given out as a copy. */
  readonly holdsColumns: boolean;
}

/** An entry as it is saved. */
type SavedEntry<K, S> = readonly [key: K, state: S, updatedAt: number];

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
  begin(initial: Iterable<Pair<K, S>>, updatedAt = 0): void {
    if (this.#begun !== 'no') return;
    this.#begun = 'in this batch';
    for (const [key, state] of initial) this.set(key, state, updatedAt);
  }

  get(key: K): S | undefined {
    const entry = this.#entries.get(tokenOf(key));
    return entry && pairOf(entry)[1];
  }

  has(key: K): boolean {
    return this.#entries.has(tokenOf(key));
  }

  /** Sets the state of a key; the same state again only counts as a touch. `updatedAt` never decreases. */
  set(key: K, state: S, updatedAt = 0): void {
    const token = tokenOf(key);
    const entry = this.#entries.get(token);
    if (entry !== undefined && Object.is(entry.pair[1], state) && entry.updatedAt === updatedAt) return;
    this.#remember(token, entry);
    this.#place(token, entry, entry === undefined ? key : entry.pair[0], state, updatedAt);
  }

  delete(key: K): void {
    const token = tokenOf(key);
    const entry = this.#entries.get(token);
    if (entry === undefined) return;
    this.#remember(token, entry);
    this.#entries.delete(token);
  }

  /** All keys, the longest untouched first. While it runs, keys may be deleted, and set as of the time they have. */
  *entries(): IterableIterator<Pair<K, S>> {
    for (const entry of this.#entries.values()) yield pairOf(entry);
  }

  /** All keys, in so many partitions, each where it belongs. */
  toBatch(numPartitions: number): Batch<Pair<K, S>> {
    return Batch.of(Array.from(this.#entries.values(), pairOf)).partitionBy(numPartitions);
  }

  /** The keys last updated before `time`, the longest untouched first. Cost: O(those keys). */
  untouchedSince(time: number): readonly Pair<K, S>[] {
    const untouched: Pair<K, S>[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.updatedAt >= time) break;
      untouched.push(pairOf(entry));
    }
    return untouched;
  }

  metrics(): Readonly<Record<string, number>> {
    return { keys: this.size };
  }

  snapshot(): SnapshotRecord {
    return { begun: this.#begun !== 'no', entries: Array.from(this.#entries.values(), asSnapshot) };
  }

  restore(snapshot: SnapshotRecord): void {
    const { begun, entries } = snapshot;
    if (!Array.isArray(entries)) throw new StateError('does-not-fit', 'keyed state: expected saved entries, got none');
    this.#entries.clear();
    this.#before.clear();
    this.#begun = begun ? 'yes' : 'no';
    for (const entry of entries) this.#put(entry);
  }

  changes(): SnapshotRecord | undefined {
    if (this.#before.size === 0 && this.#begun !== 'in this batch') return undefined;
    const set: Snapshot[] = [];
    const removed: Snapshot[] = [];
    for (const [token, before] of this.#before) {
      const now = this.#entries.get(token);
      if (now !== undefined) set.push(asSnapshot(now));
      if (before !== undefined && isGone(before, now)) removed.push(before.pair[0] as Snapshot);
    }
    return { begun: this.#begun !== 'no', set, removed };
  }

  applyChanges(changes: SnapshotRecord): void {
    const { begun, set, removed } = changes;
    if (!Array.isArray(set) || !Array.isArray(removed)) {
      throw new StateError('does-not-fit', 'keyed state: expected changes of entries, got something else');
    }
    if (begun) this.#begun = 'yes';
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
    if (!this.#before.has(token)) this.#before.set(token, entry);
    else if (entry === undefined) {
      const before = this.#before.get(token); // set again after its removal: it goes to the end here too
      this.#before.delete(token);
      this.#before.set(token, before);
    }
  }

  /** Where the key stands: in its old place when it was touched at the same time, else at the end. */
  #place(token: unknown, entry: Entry<K, S> | undefined, key: K, state: S, updatedAt: number): void {
    const stays = entry !== undefined && entry.updatedAt === updatedAt;
    const kept = frozenSnapshot(state);
    if (!stays) this.#entries.delete(token);
    const order = stays ? entry.order : this.#nextOrder++;
    this.#entries.set(token, { pair: [key, kept], updatedAt, order, holdsColumns: !Object.is(kept, state) });
  }

  #put(saved: Snapshot): void {
    const [key, state, updatedAt] = saved as unknown as SavedEntry<K, S>;
    const token = tokenOf(key);
    this.#place(token, this.#entries.get(token), key, state, updatedAt);
  }
}

function pairOf<K, S>({ pair, holdsColumns }: Entry<K, S>): Pair<K, S> {
  return holdsColumns ? [pair[0], frozenSnapshot(pair[1])] : pair;
}

/** Whether the entry must be removed, be it only to come again at the end. */
function isGone<K, S>(before: Entry<K, S>, now: Entry<K, S> | undefined): boolean {
  return now === undefined || (now.order !== before.order && now.updatedAt === before.updatedAt);
}

function asSnapshot<K, S>({ pair: [key, state], updatedAt }: Entry<K, S>): Snapshot {
  return [key, state, updatedAt] satisfies SavedEntry<K, S> as unknown as Snapshot;
}
