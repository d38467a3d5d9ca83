import { Batch } from '../batch/batch.ts';
import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import type { ChangingState } from '../contracts/stateful.ts';
import { StateError } from '../errors.ts';

interface Slot<T> {
  /** Batch time, milliseconds since 1970. */
  readonly time: number;
  readonly batch: Batch<T>;
}

/**
 * The batches of a stream as far back as a window reaches: what a window is made from, and part of the checkpoint, by what
 * each batch adds. With a checkpoint directory the records must be plain data.
 *
 * Cost: O(records of the batch) a commit, O(records in the window) a snapshot.
 */
export class WindowBuffer<T> implements ChangingState {
  readonly #lengthMs: number;
  /** Oldest first. Never changed in place, so that the committed slots stay as they are. */
  #slots: readonly Slot<T>[] = [];
  #committed: readonly Slot<T>[] = [];

  /** Keeps the batches of times in (t − lengthMs, t], where t is the time of the newest. */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  add(time: number, batch: Batch<T>): void {
    this.#slots = [...this.#slots.filter((slot) => slot.time > time - this.#lengthMs), { time, batch }];
  }

  /** The batches of times in (after, until], oldest first. */
  between(after: number, until: number): readonly Batch<T>[] {
    return this.#slots.filter(({ time }) => time > after && time <= until).map(({ batch }) => batch);
  }

  metrics(): Readonly<Record<string, number>> {
    return { records: this.#slots.reduce((sum, { batch }) => sum + batch.count(), 0) };
  }

  snapshot(): SnapshotRecord {
    return { slots: this.#slots.map(asSnapshot) };
  }

  restore(snapshot: SnapshotRecord): void {
    const { slots } = snapshot;
    if (!Array.isArray(slots)) throw new StateError('does-not-fit', 'window: expected saved slots, got none');
    this.#slots = slots.map((slot) => fromSnapshot<T>(slot));
    this.#committed = this.#slots;
  }

  changes(): SnapshotRecord | undefined {
    const added = this.#slots.filter((slot) => !this.#committed.includes(slot));
    return added.length === 0 ? undefined : { added: added.map(asSnapshot) };
  }

  applyChanges(changes: SnapshotRecord): void {
    for (const slot of changes['added'] as readonly Snapshot[]) {
      const { time, batch } = fromSnapshot<T>(slot);
      this.add(time, batch);
    }
  }

  keepChanges(): void {
    this.#committed = this.#slots;
  }

  undoChanges(): void {
    this.#slots = this.#committed;
  }
}

function asSnapshot({ time, batch }: Slot<unknown>): Snapshot {
  return { time, partitions: batch.partitions as readonly Snapshot[] };
}

function fromSnapshot<T>(slot: Snapshot): Slot<T> {
  const { time, partitions } = slot as unknown as {
    readonly time: number;
    readonly partitions: readonly (readonly T[])[];
  };
  return { time, batch: new Batch(partitions) };
}
