import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { StateError, UsageError } from '../errors.ts';
import { asymptoticTest } from '../numeric/mixture-test.ts';
import { Moments } from '../numeric/moments.ts';

export interface LossDifferencesOptions {
  /** The chance of any wrong verdict, over all batches and pairs. Default 0.05. */
  readonly alpha?: number;
  /** Batches before the first verdict: the normal approximation needs some. Default 20. */
  readonly minimumBatches?: number;
}

/** How the losses of one model compare to those of another. */
export interface LossDifference {
  /** Mean loss a batch of the first − that of the second. */
  readonly difference: number;
  /** Always valid: the intervals of all batches together cover the mean difference up to each in 1 − α. */
  readonly interval: readonly [lower: number, upper: number];
  readonly batches: number;
  /** `better`: the first surely loses less. Once it is certain, it stays so. */
  readonly verdict: 'not yet' | 'better' | 'worse';
}

/** Batches at which the intervals are to be tightest. */
const TUNED_FOR = 200;

/**
 * Tells which differences between the losses of several models are real, and which are luck, at every batch: a confidence sequence
 * for each pair, on the losses of the batches before they are learned.
 *
 * Batches count alike. Their losses may follow drifts of the stream, which pass all models alike: what counts is the variance
 * of the difference, v_i + v_j − 2 cov. α is shared among the pairs. Cost: O(k²) a batch. Memory: O(k²).
 * Source: as `asymptoticTest`, for means that change with time. Law: `test/monitors/loss-differences.test.ts`.
 */
export class LossDifferences implements Stateful {
  readonly #candidates: number;
  readonly #alpha: number;
  readonly #minimumBatches: number;
  #losses: Moments;
  /** 1 where the model of the row is surely better than that of the column. */
  #better: Float64Array;

  /** `candidates`: how many models. */
  constructor(candidates: number, { alpha = 0.05, minimumBatches = 20 }: LossDifferencesOptions = {}) {
    if (!(alpha > 0 && alpha < 1 && Number.isSafeInteger(minimumBatches) && minimumBatches >= 2)) {
      throw new UsageError(
        'bad-option',
        `loss differences: expected 0 < alpha < 1 and at least 2 batches, got ${alpha} and ${minimumBatches}`,
      );
    }
    this.#candidates = candidates;
    this.#alpha = alpha / Math.max(1, (candidates * (candidates - 1)) / 2);
    this.#minimumBatches = minimumBatches;
    this.#losses = new Moments(candidates);
    this.#better = new Float64Array(candidates * candidates);
  }

  /** Takes in the losses of one batch, model after model. Not changed, not kept. */
  add(losses: ArrayLike<number>): void {
    this.#losses.add(losses);
    const k = this.#candidates;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) if (this.#test(i, j).interval[1] < 0) this.#better[i * k + j] = 1;
    }
  }

  /** How model `i` compares to model `j`. */
  between(i: number, j: number): LossDifference {
    const k = this.#candidates;
    const verdict = this.#better[i * k + j] ? 'better' : this.#better[j * k + i] ? 'worse' : 'not yet';
    return { ...this.#test(i, j), batches: this.#losses.weight, verdict };
  }

  snapshot(): SnapshotRecord {
    return { losses: this.#losses.values(), better: this.#better.slice() };
  }

  restore(snapshot: SnapshotRecord): void {
    const { losses, better } = snapshot;
    const k = this.#candidates;
    const hasLength = (part: unknown, length: number) => part instanceof Float64Array && part.length === length;
    if (!hasLength(better, k * k) || !hasLength(losses, this.#losses.values().length)) {
      throw new StateError('does-not-fit', `loss differences: expected the losses of ${k} models, got another number`);
    }
    this.#losses = Moments.fromValues(k, losses as Float64Array);
    this.#better = (better as Float64Array).slice();
  }

  #test(i: number, j: number): Pick<LossDifference, 'difference' | 'interval'> {
    const losses = this.#losses;
    const n = losses.weight;
    const difference = losses.mean(i) - losses.mean(j);
    const variance = losses.variance(i) + losses.variance(j) - 2 * losses.covariance(i, j);
    const everything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    if (n < this.#minimumBatches || !(variance > 0)) return { difference, interval: everything };
    const effect = { estimate: difference, standardError: Math.sqrt(variance / n), n };
    const { halfWidth } = asymptoticTest(effect, TUNED_FOR, this.#alpha);
    return { difference, interval: [difference - halfWidth, difference + halfWidth] };
  }
}
