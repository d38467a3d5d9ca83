import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { DataError, excerpt, StateError, UsageError } from '../errors.ts';

/**
 * Follows mean and variance of a stream of numbers that changes: each number counts for a share α, what came before for 1 − α of
 * what it did. With δ = x − mean: mean ← mean + αδ, variance ← (1 − α)(variance + αδ²); the first number is the mean, with no variance.
 * A half-life of h numbers is α = 1 − 2^(−1/h).
 *
 * Metrics: `mean` and `variance`; none before the first number. Cost: O(n) a batch. Memory: two numbers.
 * Source: West, Updating Mean and Variance Estimates, 1979; Finch, Incremental Calculation of Weighted Mean and Variance, 2009.
 */
export class ExponentiallyWeightedMoments implements Stateful {
  readonly #alpha: number;
  #mean = Number.NaN;
  #variance = Number.NaN;

  /** `alpha`: above 0, at most 1. */
  constructor(alpha: number) {
    if (!(alpha > 0 && alpha <= 1)) {
      throw new UsageError('bad-option', `exponentially weighted moments: expected alpha in (0, 1], got ${alpha}`);
    }
    this.#alpha = alpha;
  }

  /** Throws `DataError` (`not-finite`) for a number that is none, or has no bounds. */
  update(values: Iterable<number>): void {
    for (const x of values) {
      if (!Number.isFinite(x)) {
        throw new DataError('not-finite', `exponentially weighted moments: expected a finite number, got ${x}`);
      }
      const delta = x - this.#mean;
      if (Number.isNaN(this.#mean)) {
        this.#mean = x;
        this.#variance = 0;
      } else {
        this.#mean += this.#alpha * delta;
        this.#variance = (1 - this.#alpha) * (this.#variance + this.#alpha * delta * delta);
      }
    }
  }

  /** NaN before the first number. */
  get mean(): number {
    return this.#mean;
  }

  /** NaN before the first number. */
  get variance(): number {
    return this.#variance;
  }

  metrics(): Readonly<Record<string, number>> {
    return Number.isNaN(this.#mean) ? {} : { mean: this.#mean, variance: this.#variance };
  }

  snapshot(): SnapshotRecord {
    return { moments: Float64Array.of(this.#mean, this.#variance) };
  }

  restore({ moments }: SnapshotRecord): void {
    if (!(moments instanceof Float64Array) || moments.length !== 2) {
      throw new StateError(
        'does-not-fit',
        `exponentially weighted moments: expected two numbers, got ${excerpt(moments)}`,
      );
    }
    [this.#mean, this.#variance] = moments as unknown as [number, number];
  }
}
