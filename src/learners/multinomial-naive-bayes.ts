import type { Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { DataError } from '../errors.ts';
import type { LabeledRows } from '../numeric/linear.ts';
import { learnMultinomialByRows, type MultinomialClasses, multinomialScores } from '../numeric/multinomial-classes.ts';
import { sumOfLogs } from '../numeric/probabilities.ts';
import { checkOption } from './check-option.ts';
import { LEAST_PROBABILITY, NaiveBayes, type NaiveBayesOptions } from './naive-bayes.ts';

export interface MultinomialNaiveBayesOptions extends NaiveBayesOptions {
  /** What each feature counts before it was seen, α > 0. Default 1. */
  readonly smoothing?: number;
}

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
export class MultinomialNaiveBayes extends NaiveBayes<MultinomialClasses> {
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

  protected learnRows(state: MultinomialClasses, rows: LabeledRows): number {
    this.#refuseNegative(rows);
    const odds = new Float64Array(rows.labels.length);
    learnMultinomialByRows(rows, state, odds, this.#smoothing, 1 / LEAST_PROBABILITY);
    return sumOfLogs(odds, rows.weights);
  }

  protected scores(state: MultinomialClasses, { columns, rows }: Features): Float64Array[] {
    return multinomialScores(columns, rows, state, this.#smoothing);
  }

  #refuseNegative({ columns, weights }: LabeledRows): void {
    for (const [j, column] of columns.entries()) {
      for (let i = 0; i < column.length; i++) {
        if (!(column[i]! < 0) || weights?.[i] === 0) continue;
        throw new DataError('bad-record', `${this.kind}: feature ${j}: expected 0 or more, got ${column[i]}`);
      }
    }
  }

  protected decayedState({ counts, sums, totals }: MultinomialClasses, factor: number): MultinomialClasses {
    const scaled = (column: Float64Array) => column.map((value) => value * factor);
    return { counts: scaled(counts), sums: scaled(sums), totals: scaled(totals) };
  }

  protected mergedState(mine: MultinomialClasses, theirs: MultinomialClasses): MultinomialClasses {
    const added = (a: Float64Array, b: Float64Array) => a.map((value, at) => value + b[at]!);
    return {
      counts: added(mine.counts, theirs.counts),
      sums: added(mine.sums, theirs.sums),
      totals: added(mine.totals, theirs.totals),
    };
  }
}
