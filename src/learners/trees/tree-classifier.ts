import type { Features } from '../../batch/examples.ts';
import { checkOption } from '../check-option.ts';
import { type RowModel, type TreeFeatures, TreeLearner } from './tree-learner.ts';

/** What the trees and forests that tell classes apart share. The loss is the share of rows that they got wrong. */
export abstract class TreeClassifier<M extends RowModel> extends TreeLearner<M> {
  override readonly numClasses: number;
  /** Float64Array[K]: the probabilities of the row at hand. */
  readonly #classes: Float64Array;

  constructor(options: TreeFeatures, numClasses: number) {
    super(options);
    const valid = Number.isInteger(numClasses) && numClasses >= 2;
    this.numClasses = checkOption(new.target.name, valid, numClasses, 'Number of classes must be at least 2');
    this.#classes = new Float64Array(numClasses);
  }

  /** Writes the probability of each class. `x` is only lent. */
  protected abstract writeProbabilities(x: Float64Array, classes: Float64Array): void;

  /** The probability of each class. */
  predictProbabilities(features: Features): readonly Float64Array[] {
    this.checkWidth(features);
    const columns = Array.from({ length: this.numClasses }, () => new Float64Array(features.rows));
    this.checkNominal(features);
    for (let i = 0; i < features.rows; i++) {
      this.writeProbabilities(this.rowOf(features, i).x, this.#classes);
      for (let k = 0; k < columns.length; k++) columns[k]![i] = this.#classes[k]!;
    }
    return columns;
  }
}
