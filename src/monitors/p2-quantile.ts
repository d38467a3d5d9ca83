import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { DataError, excerpt, StateError, UsageError } from '../errors.ts';

const MARKERS = 5;

/**
 * Estimates a quantile of a stream of numbers without keeping them, such as the ninth decile of latencies: the P² algorithm. Five
 * markers stand at the least, the greatest, the quantile and half-way between; each number moves them by at most one place, along a
 * parabola through its neighbours. Up to five numbers the quantile is that of the numbers themselves, the one at rank ⌈p·n⌉.
 *
 * Metrics: `quantile`; none before the first number. Cost: O(1) a number. Memory: ten numbers.
 * Source: Jain & Chlamtac, The P² Algorithm for Dynamic Calculation of Quantiles and Histograms Without Storing Observations, 1985.
 */
export class P2Quantile implements Stateful {
  readonly #p: number;
  /** The markers' values, in order. */
  #heights = new Float64Array(MARKERS);
  /** How many numbers are at or below each marker. */
  #places = Float64Array.of(1, 2, 3, 4, 5);
  #count = 0;

  /** `p`: between 0 and 1, 0.9 for the ninth decile. */
  constructor(p: number) {
    if (!(p > 0 && p < 1)) throw new UsageError('bad-option', `P² quantile: expected p between 0 and 1, got ${p}`);
    this.#p = p;
  }

  /** Throws `DataError` (`not-finite`) for a number that is none, or has no bounds. */
  update(values: Iterable<number>): void {
    for (const x of values) {
      if (!Number.isFinite(x)) throw new DataError('not-finite', `P² quantile: expected a finite number, got ${x}`);
      this.#add(x);
    }
  }

  /** Numbers so far. */
  get count(): number {
    return this.#count;
  }

  /** NaN before the first number. */
  get quantile(): number {
    if (this.#count === 0) return Number.NaN;
    if (this.#count > MARKERS) return this.#heights[2]!;
    return this.#heights[Math.ceil(this.#p * this.#count) - 1]!;
  }

  metrics(): Readonly<Record<string, number>> {
    return this.#count === 0 ? {} : { quantile: this.quantile };
  }

  snapshot(): SnapshotRecord {
    return { count: this.#count, heights: this.#heights.slice(), places: this.#places.slice() };
  }

  restore({ count, heights, places }: SnapshotRecord): void {
    const fits = (part: unknown): part is Float64Array => part instanceof Float64Array && part.length === MARKERS;
    if (typeof count !== 'number' || !fits(heights) || !fits(places)) {
      throw new StateError(
        'does-not-fit',
        `P² quantile: expected five markers, got ${excerpt({ count, heights, places })}`,
      );
    }
    this.#count = count;
    this.#heights = heights.slice();
    this.#places = places.slice();
  }

  #add(x: number): void {
    const heights = this.#heights;
    if (this.#count < MARKERS) {
      heights[this.#count++] = x;
      heights.subarray(0, this.#count).sort();
      return;
    }
    heights[0] = Math.min(heights[0]!, x);
    heights[4] = Math.max(heights[4]!, x);
    for (let i = 1; i < MARKERS; i++) {
      if (i === MARKERS - 1 || x < heights[i]!) this.#places[i]!++;
    }
    this.#count++;
    for (let i = 1; i < MARKERS - 1; i++) this.#move(i);
  }

  /** By one place, where the marker is a whole place away from where it ought to be, and there is room. */
  #move(i: number): void {
    const [heights, places] = [this.#heights, this.#places];
    const shares = [0, this.#p / 2, this.#p, (1 + this.#p) / 2, 1];
    const away = 1 + (this.#count - 1) * shares[i]! - places[i]!;
    const step = Math.sign(away);
    if (Math.abs(away) < 1 || Math.abs(places[i + step]! - places[i]!) <= 1) return;
    const [below, at, above] = [places[i - 1]!, places[i]!, places[i + 1]!];
    const [low, height, high] = [heights[i - 1]!, heights[i]!, heights[i + 1]!];
    const curved =
      height +
      (step / (above - below)) *
        (((at - below + step) * (high - height)) / (above - at) +
          ((above - at - step) * (height - low)) / (at - below));
    const straight = height + (step * (heights[i + step]! - height)) / (places[i + step]! - at);
    heights[i] = low < curved && curved < high ? curved : straight;
    places[i] = at + step;
  }
}
