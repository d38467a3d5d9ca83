import type { Examples, Features } from '../batch/examples.ts';
import type { Vector, WeightedVector } from '../batch/vector.ts';
import { checkOption } from './check-option.ts';
import { OnlineLearner } from './online-learner.ts';
import { RowAtHand } from './row-at-hand.ts';
import { checkSizes } from './row-sizes.ts';

/** What learners share that say how strange a row is. The loss is the mean score, each row's before it was learned. */
export abstract class AnomalyDetector extends OnlineLearner<Vector | WeightedVector> {
  readonly supervised = false;
  readonly width: number;
  readonly #row: RowAtHand;

  constructor(numFeatures: number) {
    super();
    const valid = Number.isInteger(numFeatures) && numFeatures > 0;
    this.width = checkOption(new.target.name, valid, numFeatures, 'Number of features must be positive');
    this.#row = new RowAtHand(numFeatures);
  }

  /** Writes how strange a row is, as its prediction. */
  protected abstract scoreRow(row: RowAtHand): void;

  /** Learns one row of weight above 0. */
  protected abstract learnRow(row: RowAtHand): void;

  protected learn(examples: Examples): number | undefined {
    checkSizes(this.kind, examples);
    const { features, weights } = examples;
    let loss = 0;
    let total = 0;
    for (let i = 0; i < features.rows; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      const row = this.#row.take(features, i);
      row.weight = weight;
      this.scoreRow(row);
      loss += weight * row.prediction;
      total += weight;
      this.learnRow(row);
    }
    return total === 0 ? undefined : loss / total;
  }

  protected score(features: Features): Float64Array {
    const out = new Float64Array(features.rows);
    for (let i = 0; i < out.length; i++) {
      const row = this.#row.take(features, i);
      this.scoreRow(row);
      out[i] = row.prediction;
    }
    return out;
  }
}
