import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { StateError } from '../errors.ts';

/**
 * Several figures a batch, over a stream without end, in bounded memory: when `maxPoints` are full, neighbouring points
 * merge into their mean, and from then on each point stands for twice as many batches.
 *
 * `width`: figures a batch. Cost: O(width) a batch, amortised; memory O(maxPoints · width).
 */
export class BoundedSeries implements Stateful {
  readonly #width: number;
  readonly #maxPoints: number;
  /** points · width values, point after point. */
  #values: number[] = [];
  #batchesPerPoint = 1;
  /** The point that is being gathered. */
  #sums: number[];
  #gathered = 0;

  constructor(width: number, maxPoints = 512) {
    this.#width = width;
    this.#maxPoints = maxPoints;
    this.#sums = new Array<number>(width).fill(0);
  }

  /** How many batches each point stands for. */
  get batchesPerPoint(): number {
    return this.#batchesPerPoint;
  }

  /** Points so far, without the one that is being gathered. */
  get length(): number {
    return this.#values.length / this.#width;
  }

  add(figures: readonly number[]): void {
    for (let f = 0; f < this.#width; f++) this.#sums[f]! += figures[f]!;
    this.#gathered++;
    if (this.#gathered < this.#batchesPerPoint) return;
    for (const sum of this.#sums) this.#values.push(sum / this.#gathered);
    this.#sums.fill(0);
    this.#gathered = 0;
    if (this.length === this.#maxPoints) this.#mergeNeighbours();
  }

  /** One figure over time, oldest point first. */
  column(figure: number): Float64Array {
    return Float64Array.from({ length: this.length }, (_, point) => this.#values[point * this.#width + figure]!);
  }

  snapshot(): SnapshotRecord {
    return {
      values: Float64Array.from(this.#values),
      batchesPerPoint: this.#batchesPerPoint,
      sums: Float64Array.from(this.#sums),
      gathered: this.#gathered,
    };
  }

  restore(snapshot: SnapshotRecord): void {
    const { values, sums } = snapshot as { values: Float64Array; sums: Float64Array };
    if (sums.length !== this.#width) {
      throw new StateError('does-not-fit', `series: expected ${this.#width} figures a batch, got ${sums.length}`);
    }
    this.#values = Array.from(values);
    this.#sums = Array.from(sums);
    this.#batchesPerPoint = snapshot['batchesPerPoint'] as number;
    this.#gathered = snapshot['gathered'] as number;
  }

  #mergeNeighbours(): void {
    const width = this.#width;
    const merged: number[] = [];
    for (let at = 0; at + width < this.#values.length; at += 2 * width) {
      for (let f = 0; f < width; f++) merged.push((this.#values[at + f]! + this.#values[at + width + f]!) / 2);
    }
    this.#values = merged;
    this.#batchesPerPoint *= 2;
  }
}
