import type { Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { type GaussianClasses, gaussianScores, learnGaussianByRows } from '../numeric/gaussian-classes.ts';
import type { LabeledRows } from '../numeric/linear.ts';
import { sumOfLogs } from '../numeric/probabilities.ts';
import { checkOption } from './check-option.ts';
import { LEAST_PROBABILITY, NaiveBayes, type NaiveBayesOptions } from './naive-bayes.ts';

export interface GaussianNaiveBayesOptions extends NaiveBayesOptions {
  /** Least variance > 0, in squared units of the features: a constant one is no needle. Default 1e-9. */
  readonly varianceFloor?: number;
}

/**
 * Learns to tell K classes by the mean and the variance that each feature has in each. It needs no scaling and no step size, and
 * two that learned apart merge into one. For counts, such as of words, see `MultinomialNaiveBayes`.
 *
 *     P(k | x) ∝ n_k · Π_j N(x_j; mean_kj, squares_kj / (n_k − 1))
 *
 * A class of a single row has no variance yet: its features say nothing. Per row of weight w in class k: n ← n + w, d = x − mean, mean ← mean + w·d/n, squares ← squares + w·d·(x − mean).
 * Merge, with δ = mean_b − mean_a: mean = mean_a + δ·n_b/n, squares = squares_a + squares_b + δ²·n_a·n_b/n.
 *
 * Predicts the likeliest class, of equally likely ones the lowest. The loss is −ln P(y), at most −ln 1e-15; each row is tested
 * before it is learned, and how the stream is cut into batches makes no difference.
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) where a square overflows. Cost: O(K · d) a row.
 * Source: Chan, Golub and LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979.
 */
export class GaussianNaiveBayes extends NaiveBayes<GaussianClasses> {
  readonly kind = 'GaussianNaiveBayes';
  readonly #varianceFloor: number;

  constructor(options: GaussianNaiveBayesOptions) {
    super(options);
    const { varianceFloor = 1e-9 } = options;
    this.#varianceFloor = checkOption(this.kind, varianceFloor > 0, varianceFloor, 'Variance floor must be positive');
    const length = this.numClasses * this.width;
    this.state = {
      counts: new Float64Array(this.numClasses),
      means: new Float64Array(length),
      squares: new Float64Array(length),
    };
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, numClasses: this.numClasses, varianceFloor: this.#varianceFloor };
  }

  /** The means, class after class, K·d values. */
  learnedValues(): Float64Array {
    return this.state.means.slice();
  }

  protected learnRows(state: GaussianClasses, rows: LabeledRows): number {
    const odds = new Float64Array(rows.labels.length);
    learnGaussianByRows(rows, state, odds, this.#varianceFloor, 1 / LEAST_PROBABILITY);
    return sumOfLogs(odds, rows.weights);
  }

  protected scores(state: GaussianClasses, { columns, rows }: Features): Float64Array[] {
    return gaussianScores(columns, rows, state, this.#varianceFloor);
  }

  protected decayedState({ counts, means, squares }: GaussianClasses, factor: number): GaussianClasses {
    const scaled = (column: Float64Array) => column.map((value) => value * factor);
    return { counts: scaled(counts), means, squares: scaled(squares) };
  }

  protected mergedState(mine: GaussianClasses, theirs: GaussianClasses): GaussianClasses {
    const d = this.width;
    const counts = mine.counts.map((count, k) => count + theirs.counts[k]!);
    const shareOf = (at: number) => theirs.counts[Math.floor(at / d)]! / (counts[Math.floor(at / d)]! || 1);
    const difference = (at: number) => theirs.means[at]! - mine.means[at]!;
    return {
      counts,
      means: mine.means.map((mean, at) => mean + difference(at) * shareOf(at)),
      squares: mine.squares.map(
        (square, at) =>
          square + theirs.squares[at]! + difference(at) ** 2 * mine.counts[Math.floor(at / d)]! * shareOf(at),
      ),
    };
  }
}
