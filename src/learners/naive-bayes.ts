import type { Features } from '../batch/examples.ts';
import { indicesOfLargest, toProbabilityColumns } from '../numeric/probabilities.ts';
import { checkDecay, checkOption } from './check-option.ts';
import { columnsOfSnapshot, type LearnedColumns } from './learned-columns.ts';
import { RowByRowLearner } from './row-by-row-learner.ts';

export interface NaiveBayesOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Number of classes, K ≥ 2. Default 2. */
  readonly numClasses?: number;
}

/** A loss is at most −ln of this, also for a class that was never seen. */
export const LEAST_PROBABILITY = 1e-15;

/**
 * What the naive Bayes classifiers share: P(k | x) ∝ P(k) · Π_j P(x_j | k), where P(k) is the share of the rows that were of
 * class k. A class that was never seen has probability 0; before the first row, all classes are equally likely.
 */
export abstract class NaiveBayes<
  S extends LearnedColumns & { readonly counts: Float64Array },
> extends RowByRowLearner<S> {
  override readonly numClasses: number;

  constructor({ numFeatures, numClasses = 2 }: NaiveBayesOptions) {
    super({ numFeatures, fitIntercept: false });
    const valid = Number.isInteger(numClasses) && numClasses >= 2;
    this.numClasses = checkOption(new.target.name, valid, numClasses, 'Number of classes must be at least 2');
  }

  /** ln n_k + Σ_j ln P(x_j | k) of each class and row, −∞ for a class that was never seen: K Float64Array[n]. */
  protected abstract scores(state: S, features: Features): Float64Array[];

  /** What both have learned, as new columns. */
  protected abstract mergedState(mine: S, theirs: S): S;

  /** What was learned from rows of `factor` times their weight, as new columns. */
  protected abstract decayedState(state: S, factor: number): S;

  /** All rows so far weigh `factor` times as much from now on. */
  decay(factor: number): void {
    this.state = this.decayedState(this.state, checkDecay(this.kind, factor));
  }

  merge(other: this): void {
    this.state = this.mergedState(this.state, columnsOfSnapshot(other.snapshot(), this.state, this.kind));
    this.countMerged(other);
  }

  /** The probability of each class. */
  predictProbabilities(features: Features): readonly Float64Array[] {
    this.checkWidth(features);
    const columns = this.scores(this.state, features);
    toProbabilityColumns(columns);
    return columns;
  }

  protected score(features: Features): Float64Array {
    return indicesOfLargest(this.scores(this.state, features));
  }
}
