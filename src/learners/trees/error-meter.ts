import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { columnOf } from '../online-learner.ts';
import type { RowAtHand } from '../row-at-hand.ts';

/** Says how wrong predictions are, from 0 to 1. */
export interface ErrorMeter {
  /** Takes in a row before its error is asked for. */
  add(row: RowAtHand): void;
  /** Writes `error` of a row that has a prediction. */
  measure(row: RowAtHand): void;
  snapshot(): SnapshotRecord;
  restore(saved: SnapshotRecord, kind: string): void;
}

/** 1 for a class that was predicted wrongly. */
export const wrongClass: ErrorMeter = {
  add() {},
  measure(row) {
    row.error = row.prediction === row.label ? 0 : 1;
  },
  snapshot: () => ({}),
  restore() {},
};

/** |y − prediction| in units of three standard deviations of the labels so far, at most 1. */
export class DistanceMeter implements ErrorMeter {
  #weight = 0;
  #mean = 0;
  /** Σ (y − mean)². */
  #squares = 0;

  add({ label, weight }: RowAtHand): void {
    this.#weight += weight;
    const apart = label - this.#mean;
    this.#mean += (apart * weight) / this.#weight;
    this.#squares += weight * apart * (label - this.#mean);
  }

  measure(row: RowAtHand): void {
    const error = Math.abs(row.label - row.prediction);
    row.error = error === 0 ? 0 : Math.min(1, error / (3 * Math.sqrt(this.#squares / this.#weight)));
  }

  snapshot(): SnapshotRecord {
    return { labels: Float64Array.of(this.#weight, this.#mean, this.#squares) };
  }

  restore(saved: SnapshotRecord, kind: string): void {
    const [weight, mean, squares] = columnOf(saved, 'labels', 3, kind);
    [this.#weight, this.#mean, this.#squares] = [weight!, mean!, squares!];
  }
}
