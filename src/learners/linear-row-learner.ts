import { assembleFeatures, type Features } from '../batch/examples.ts';
import type { Vector } from '../batch/vector.ts';
import { UsageError } from '../errors.ts';
import { linearPredictions } from '../numeric/linear.ts';
import { toClasses, toSigmoids } from '../numeric/logistic.ts';
import type { LearnedColumns } from './learned-columns.ts';
import { RowByRowLearner } from './row-by-row-learner.ts';

/** What the row-by-row learners of one weight a feature share. The intercept, where there is one, is the last weight. */
export abstract class LinearRowLearner<
  S extends LearnedColumns & { readonly weights: Float64Array },
> extends RowByRowLearner<S> {
  /** Float64Array[d], a copy. */
  get weights(): Float64Array {
    return this.state.weights.slice(0, this.width);
  }

  get intercept(): number {
    return this.fitIntercept ? this.state.weights[this.width]! : 0;
  }

  /** Starts from d given weights in place of zeros, and an intercept where one is learned. Copies the weights. */
  setInitialWeights(weights: Vector, intercept = 0): this {
    const { columns } = assembleFeatures([weights], this.width, (_, { message }) => {
      throw new UsageError('bad-option', `${this.kind}: Initial weights: ${message}`);
    }).features;
    const all = [...columns.map((column) => column[0]!), ...(this.fitIntercept ? [intercept] : [])];
    this.state = { ...this.state, weights: Float64Array.from(all) };
    return this;
  }

  /** The weights, and then the intercept, if there is one. */
  learnedValues(): Float64Array {
    return this.state.weights.slice();
  }

  /** w·x + b of each row, or of a classifier its class: 1 where that is above 0. */
  protected override score(features: Features): Float64Array {
    const margins = this.#margins(features);
    if (this.numClasses !== undefined) toClasses(margins, 0);
    return margins;
  }

  /** Of a classifier whose margin m means P(1) = σ(m): the probabilities of class 0 and of class 1. */
  protected logisticProbabilities(features: Features): readonly [Float64Array, Float64Array] {
    this.checkWidth(features);
    const ones = this.#margins(features);
    toSigmoids(ones);
    return [ones.map((p) => 1 - p), ones];
  }

  #margins({ rows, columns }: Features): Float64Array {
    const margins = new Float64Array(rows);
    linearPredictions(columns, this.state.weights, 0, margins, this.intercept);
    return margins;
  }
}
