import type { Features } from '../batch/examples.ts';
import { indexOfLargest, toProbabilities } from '../numeric/probabilities.ts';
import { checkOption } from './check-option.ts';
import { columnsOfSnapshot, type LearnedColumns } from './learned-columns.ts';
import { RowByRowLearner } from './row-by-row-learner.ts';

export interface NaiveBayesOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Number of classes, K ≥ 2. Default 2. */
  readonly numClasses?: number;
}

/** A loss is at most −ln of this, also for a class that was never seen. */
const LEAST_PROBABILITY = 1e-15;

/**
 * What the naive Bayes classifiers share: P(k | x) ∝ P(k) · Π_j P(x_j | k), where P(k) is the share of the rows that were of
 * class k. A class that was never seen has probability 0; before the first row, all classes are equally likely.
 */
export abstract class NaiveBayes<
  S extends LearnedColumns & { readonly counts: Float64Array },
> extends RowByRowLearner<S> {
  override readonly numClasses: number;
  /** Float64Array[K]: the probabilities of the row at hand. */
  readonly #classes: Float64Array;

  constructor({ numFeatures, numClasses = 2 }: NaiveBayesOptions) {
    super({ numFeatures, fitIntercept: false });
    const valid = Number.isInteger(numClasses) && numClasses >= 2;
    this.numClasses = checkOption(new.target.name, valid, numClasses, 'Number of classes must be at least 2');
    this.#classes = new Float64Array(numClasses);
  }

  /** Σ_j ln P(x_j | k), for a class that was seen. `x` is only lent. */
  protected abstract logLikelihood(state: S, k: number, x: Float64Array): number;

  /** Learns a row of class `k`, whose weight `state.counts[k]` already has. `x` is only lent. */
  protected abstract learnOfClass(state: S, k: number, x: Float64Array, weight: number): void;

  /** What both have learned, as new columns. */
  protected abstract mergedState(mine: S, theirs: S): S;

  merge(other: this): void {
    this.state = this.mergedState(this.state, columnsOfSnapshot(other.snapshot(), this.state, this.kind));
    this.countMerged(other);
  }

  /** The probability of each class. */
  predictProbabilities(features: Features): readonly Float64Array[] {
    const columns = Array.from({ length: this.numClasses }, () => new Float64Array(features.rows));
    let row = 0;
    this.eachRow(features, (x) => {
      this.#classify(this.state, x);
      for (let k = 0; k < columns.length; k++) columns[k]![row] = this.#classes[k]!;
      return row++;
    });
    return columns;
  }

  protected learnRow(state: S, x: Float64Array, label: number, weight: number): number {
    this.#classify(state, x);
    const probability = this.#classes[label]!;
    state.counts[label] = state.counts[label]! + weight;
    this.learnOfClass(state, label, x, weight);
    return -Math.log(Math.max(LEAST_PROBABILITY, probability));
  }

  protected score(features: Features): Float64Array {
    return this.eachRow(features, (x) => {
      this.#classify(this.state, x);
      return indexOfLargest(this.#classes);
    });
  }

  #classify(state: S, x: Float64Array): void {
    const classes = this.#classes;
    for (let k = 0; k < classes.length; k++) {
      const count = state.counts[k]!;
      // The total of the counts is the same for all classes, and cancels.
      classes[k] = count > 0 ? Math.log(count) + this.logLikelihood(state, k, x) : Number.NEGATIVE_INFINITY;
    }
    toProbabilities(classes);
  }
}
