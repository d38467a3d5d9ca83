import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import type { LeafSplit, TreeLeaf } from './tree-node.ts';
import { recordOf, savedNumber } from './tree-snapshot.ts';

/** A leaf for a value that no row had yet says what its parent said, with this share of its weight, until it learns a row. */
export const HEARSAY = 1e-9;

/** What a leaf has seen of the features of its own rows. */
export interface Observer {
  add(row: RowAtHand): void;
  snapshot(): SnapshotRecord;
}

/** Makes the observers of the leaves of one tree. */
export interface Observers<O extends Observer> {
  create(): O;
  /** The observer of such a snapshot. Throws `StateError` (`does-not-fit`). */
  observerOf(saved: SnapshotRecord): O;
}

const [WEIGHT, TRIED] = [0, 1] as const;

/** What the leaves of all trees share: they weigh their rows, and while they watch, an observer looks for splits. */
export abstract class WatchingLeaf<L, O extends Observer> implements TreeLeaf<L> {
  /** The weight of its rows, and what that was when a split was last tried: in fields they might be allocated for each row. */
  readonly #weights = new Float64Array(2);
  /** While it watches. */
  protected observer: O | undefined;
  readonly #observers: Observers<O>;

  constructor(observers: Observers<O>, weight: number, observer: O | undefined) {
    this.#observers = observers;
    this.weight = weight;
    this.tried = weight;
    this.observer = observer;
  }

  get weight(): number {
    return this.#weights[WEIGHT]!;
  }

  set weight(weight: number) {
    this.#weights[WEIGHT] = weight;
  }

  get tried(): number {
    return this.#weights[TRIED]!;
  }

  set tried(weight: number) {
    this.#weights[TRIED] = weight;
  }

  hasGrownBy(weight: number): boolean {
    return this.#weights[WEIGHT]! - this.#weights[TRIED]! >= weight;
  }

  protected addWeight(row: RowAtHand): void {
    this.#weights[WEIGHT] = this.#weights[WEIGHT]! + row.weight;
  }

  abstract readonly promise: number;
  abstract predict(row: RowAtHand): void;
  abstract learn(row: RowAtHand): void;
  abstract bestSplit(): LeafSplit | undefined;
  abstract children(): readonly L[];
  abstract snapshot(): SnapshotRecord;

  get watching(): boolean {
    return this.observer !== undefined;
  }

  set watching(watching: boolean) {
    this.observer = watching ? this.#observers.create() : undefined;
  }

  /** What it watches, as a part of its snapshot. */
  protected watchSnapshot(): SnapshotRecord {
    return this.observer === undefined ? {} : { watched: this.observer.snapshot() };
  }

  protected restoreWatch(snapshot: SnapshotRecord, kind: string): void {
    this.weight = savedNumber(snapshot, 'weight', kind);
    this.tried = savedNumber(snapshot, 'tried', kind);
    const saved = snapshot['watched'];
    if (saved !== undefined) this.observer = this.#observers.observerOf(recordOf(saved, 'watched features', kind));
  }
}
