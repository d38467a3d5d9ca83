import type { SnapshotRecord } from '../batch/snapshot.ts';
import { DataError } from '../errors.ts';
import { checkOption } from './check-option.ts';
import { NaiveBayes, type NaiveBayesOptions } from './naive-bayes.ts';

export interface MultinomialNaiveBayesOptions extends NaiveBayesOptions {
  /** What each feature counts before it was seen, α > 0. Default 1. */
  readonly smoothing?: number;
}

/** `counts`: Float64Array[K], weights of the classes. `sums`: Float64Array[K·d]. `totals`: Float64Array[K], Σ_j sums. */
type Sums = { readonly counts: Float64Array; readonly sums: Float64Array; readonly totals: Float64Array };

/**
 * Learns to tell K classes by how often each feature occurs in each: features are counts ≥ 0, such as of words (`HashingTF`).
 * Two that learned apart merge into one. For measurements, see `GaussianNaiveBayes`.
 *
 *     P(k | x) ∝ n_k · Π_j ((sums_kj + α) / (totals_k + α·d))^x_j
 *
 * Per row of weight w in class k: n_k ← n_k + w, sums_k ← sums_k + w·x. Merge adds all sums.
 *
 * Predicts the likeliest class, of equally likely ones the lowest. The loss is −ln P(y), at most −ln 1e-15; each row is tested
 * before it is learned, and how the stream is cut into batches makes no difference.
 * Throws `UsageError` (`bad-option`); `DataError` (`bad-record`) for a batch that holds a feature below 0, (`not-finite`) where a
 * sum overflows. Cost: O(K · d) a row. Source: Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, 13.2.
 */
export class MultinomialNaiveBayes extends NaiveBayes<Sums> {
  readonly kind = 'MultinomialNaiveBayes';
  readonly #smoothing: number;

  constructor(options: MultinomialNaiveBayesOptions) {
    super(options);
    const { smoothing = 1 } = options;
    const valid = smoothing > 0 && Number.isFinite(smoothing);
    this.#smoothing = checkOption(this.kind, valid, smoothing, 'Smoothing must be positive');
    this.state = {
      counts: new Float64Array(this.numClasses),
      sums: new Float64Array(this.numClasses * this.width),
      totals: new Float64Array(this.numClasses),
    };
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, numClasses: this.numClasses, smoothing: this.#smoothing };
  }

  /** How often each feature occurred, class after class, K·d values. */
  learnedValues(): Float64Array {
    return this.state.sums.slice();
  }

  protected logLikelihood({ sums, totals }: Sums, k: number, x: Float64Array): number {
    const d = x.length;
    const logTotal = Math.log(totals[k]! + this.#smoothing * d);
    let sum = 0;
    for (let j = 0; j < d; j++) {
      if (x[j] !== 0) sum += x[j]! * (Math.log(sums[k * d + j]! + this.#smoothing) - logTotal);
    }
    return sum;
  }

  protected learnOfClass({ sums, totals }: Sums, k: number, x: Float64Array, weight: number): void {
    for (let j = 0; j < x.length; j++) {
      const value = x[j]!;
      if (value < 0) throw new DataError('bad-record', `${this.kind}: feature ${j}: expected 0 or more, got ${value}`);
      sums[k * x.length + j]! += weight * value;
      totals[k]! += weight * value;
    }
  }

  protected mergedState(mine: Sums, theirs: Sums): Sums {
    const added = (a: Float64Array, b: Float64Array) => a.map((value, at) => value + b[at]!);
    return {
      counts: added(mine.counts, theirs.counts),
      sums: added(mine.sums, theirs.sums),
      totals: added(mine.totals, theirs.totals),
    };
  }
}
