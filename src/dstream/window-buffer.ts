import { Batch } from '../batch/batch.ts';
import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import type { ChangingState } from '../contracts/stateful.ts';
import { StateError } from '../errors.ts';

interface Slot<T> {
  /** Batch time, milliseconds since 1970. */
  readonly time: number;
  readonly batch: Batch<T>;
}

/** What is held at one time. Never changed in place, so that a failed batch can be undone. */
interface Held<T> {
  /** Oldest first. */
  readonly slots: readonly Slot<T>[];
  /** The time to which the window was slid last, 0 before. Slots up to then are in that window, and leave it one day. */
  readonly slidTo: number;
}

/** How a window differs from the one before. */
export interface WindowChange<T> {
  readonly left: readonly Batch<T>[];
  readonly entered: readonly Batch<T>[];
}

/**
 * The batches of a stream as far back as a window reaches: what a window is made from, and part of the checkpoint, by what
 * each batch adds. With a checkpoint directory the records must be plain data.
 *
 * Cost: O(records of the batch) a commit, O(records in the window) a snapshot.
 */
export class WindowBuffer<T> implements ChangingState {
  readonly #lengthMs: number;
  #held: Held<T> = { slots: [], slidTo: 0 };
  #committed = this.#held;

  /** Keeps the batches of times in (t − lengthMs, t], where t is the time of the newest. */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Takes in the batch of a time later than all before. */
  add(time: number, batch: Batch<T>): void {
    const { slots, slidTo } = this.#held;
    const kept = slots.filter((slot) => slot.time > time - this.#lengthMs || slot.time <= slidTo);
    this.#held = { slots: [...kept, { time, batch }], slidTo };
  }

  /** The batches of times in (time − lengthMs, time], oldest first. */
  window(time: number): readonly Batch<T>[] {
    const after = time - this.#lengthMs;
    return this.#held.slots.filter((slot) => slot.time > after && slot.time <= time).map(batchOf);
  }

  /**
   * Slides the window on to (time − lengthMs, time] and tells what left it and what entered it, oldest first. This holds
   * also where batches were skipped in between, or the window had another length when it was saved.
   */
  slideTo(time: number): WindowChange<T> {
    const { slots, slidTo } = this.#held;
    const after = time - this.#lengthMs;
    this.#held = { slots: slots.filter((slot) => slot.time > after), slidTo: time };
    return {
      left: slots.filter((slot) => slot.time <= slidTo && slot.time <= after).map(batchOf),
      entered: slots.filter((slot) => slot.time > slidTo && slot.time > after).map(batchOf),
    };
  }

  get size(): number {
    return this.#held.slots.reduce((sum, { batch }) => sum + batch.count(), 0);
  }

  metrics(): Readonly<Record<string, number>> {
    return { records: this.size };
  }

  snapshot(): SnapshotRecord {
    const { slots, slidTo } = this.#held;
    return { slots: slots.map(asSnapshot), slidTo };
  }

  restore(snapshot: SnapshotRecord): void {
    const { slots, slidTo } = snapshot;
    if (!Array.isArray(slots) || typeof slidTo !== 'number') {
      throw new StateError('does-not-fit', 'window: expected the saved batches of a window, got something else');
    }
    this.#held = { slots: slots.map((slot) => fromSnapshot<T>(slot)), slidTo };
    this.keepChanges();
  }

  changes(): SnapshotRecord | undefined {
    if (this.#held === this.#committed) return undefined;
    const now = new Set(this.#held.slots);
    const before = new Set(this.#committed.slots);
    return {
      added: this.#held.slots.filter((slot) => !before.has(slot)).map(asSnapshot),
      dropped: this.#committed.slots.filter((slot) => !now.has(slot)).map(({ time }) => time),
      slidTo: this.#held.slidTo,
    };
  }

  applyChanges(changes: SnapshotRecord): void {
    const { added, dropped, slidTo } = changes;
    if (!Array.isArray(added) || !Array.isArray(dropped)) {
      throw new StateError('does-not-fit', 'window: expected changes of a window, got something else');
    }
    const kept = this.#held.slots.filter(({ time }) => !dropped.includes(time));
    this.#held = { slots: [...kept, ...added.map((slot) => fromSnapshot<T>(slot))], slidTo: slidTo as number };
  }

  keepChanges(): void {
    this.#committed = this.#held;
  }

  undoChanges(): void {
    this.#held = this.#committed;
  }
}

function batchOf<T>({ batch }: Slot<T>): Batch<T> {
  return batch;
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
