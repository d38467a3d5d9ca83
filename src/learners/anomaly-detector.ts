import type { Examples, Features } from '../batch/examples.ts';
import type { Vector, WeightedVector } from '../batch/vector.ts';
import { checkOption } from './check-option.ts';
import { OnlineLearner } from './online-learner.ts';
import { checkSizes } from './row-sizes.ts';

/** What learners share that say how strange a row is. The loss is the mean score, each row's before it was learned. */
export abstract class AnomalyDetector extends OnlineLearner<Vector | WeightedVector> {
  readonly supervised = false;
  readonly width: number;
  /** The row at hand. */
  readonly #x: Float64Array;

  constructor(numFeatures: number) {
    super();
    const valid = Number.isInteger(numFeatures) && numFeatures > 0;
    this.width = checkOption(new.target.name, valid, numFeatures, 'Number of features must be positive');
    this.#x = new Float64Array(numFeatures);
  }

  /** How strange a row is. `x` is only lent. */
  protected abstract scoreRow(x: Float64Array): number;

  /** Learns one row of weight above 0. `x` is only lent. */
  protected abstract learnRow(x: Float64Array, weight: number): void;

  protected learn(examples: Examples): number | undefined {
    checkSizes(this.kind, examples);
    const { features, weights } = examples;
    let loss = 0;
    let total = 0;
    for (let i = 0; i < features.rows; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      this.#gather(features, i);
      loss += weight * this.scoreRow(this.#x);
      total += weight;
      this.learnRow(this.#x, weight);
    }
    return total === 0 ? undefined : loss / total;
  }

  protected score(features: Features): Float64Array {
    const out = new Float64Array(features.rows);
    for (let i = 0; i < out.length; i++) {
      this.#gather(features, i);
      out[i] = this.scoreRow(this.#x);
    }
    return out;
  }

  #gather({ columns }: Features, row: number): void {
    for (let j = 0; j < columns.length; j++) this.#x[j] = columns[j]![row]!;
  }
}
