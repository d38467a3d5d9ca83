import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { StateError } from '../errors.ts';
import { Moments } from '../numeric/moments.ts';

/** The two arms of one batch, or of all so far. */
export interface Summary {
  readonly control: Moments;
  readonly experiment: Moments;
}

interface Slot extends Summary {
  /** Batch time, milliseconds since 1970. */
  readonly time: number;
}

/**
 * The samples of two arms, as moments: of all batches, or of those of the last `lengthMs`. Batches are merged, so that a sample
 * is looked at once. Memory: O(1), or O(batches in the window).
 */
export class SampleSummaries implements Stateful {
  readonly #lengthMs: number;
  #slots: readonly Slot[] = [];

  /** `lengthMs`: 0 keeps all. */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Takes in the samples of a batch. */
  add(time: number, { control, experiment }: Summary): void {
    if (this.#lengthMs === 0) this.#slots = [{ time, ...merged([...this.#slots, { control, experiment }]) }];
    else {
      const kept = this.#slots.filter((slot) => slot.time > time - this.#lengthMs);
      this.#slots = [...kept, { time, control, experiment }];
    }
  }

  /** All samples that are kept. */
  total(): Summary {
    return merged(this.#slots);
  }

  snapshot(): SnapshotRecord {
    return {
      slots: this.#slots.map(({ time, control, experiment }) => [time, control.values(), experiment.values()]),
    };
  }

  restore(snapshot: SnapshotRecord): void {
    const { slots } = snapshot;
    if (!Array.isArray(slots)) throw new StateError('does-not-fit', 'streaming test: expected saved samples, got none');
    this.#slots = slots.map(slotOf);
  }
}

function merged(summaries: readonly Summary[]): Summary {
  const total = { control: new Moments(), experiment: new Moments() };
  for (const { control, experiment } of summaries) {
    total.control.merge(control);
    total.experiment.merge(experiment);
  }
  return total;
}

function slotOf(slot: Snapshot): Slot {
  const [time, control, experiment] = slot as readonly [number, Float64Array, Float64Array];
  return { time, control: Moments.fromValues(1, control), experiment: Moments.fromValues(1, experiment) };
}
