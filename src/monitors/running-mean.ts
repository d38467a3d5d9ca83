import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from '../contracts/stateful.ts';

/**
 * Follows the mean of a stream of numbers, such as squared errors: of all so far, and of the last batch that had any.
 *
 * Metrics: `mean` and `last`; none before the first number. Cost: O(n) a batch.
 */
export class RunningMean implements Stateful {
  #count = 0;
  #sum = 0;
  #last: number | undefined;

  update(values: readonly number[]): void {
    if (values.length === 0) return;
    const sum = values.reduce((total, value) => total + value, 0);
    this.#count += values.length;
    this.#sum += sum;
    this.#last = sum / values.length;
  }

  /** Numbers so far. */
  get count(): number {
    return this.#count;
  }

  /** The mean of all so far; NaN for none. */
  get mean(): number {
    return this.#sum / this.#count;
  }

  metrics(): Readonly<Record<string, number>> {
    return this.#last === undefined ? {} : { mean: this.mean, last: this.#last };
  }

  snapshot(): SnapshotRecord {
    return { count: this.#count, sum: this.#sum, last: this.#last ?? null };
  }

  restore(snapshot: SnapshotRecord): void {
    this.#count = snapshot['count'] as number;
    this.#sum = snapshot['sum'] as number;
    this.#last = (snapshot['last'] as number | null) ?? undefined;
  }
}
