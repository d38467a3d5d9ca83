import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { type ClassLeaf, ClassLeaves } from './class-leaf.ts';
import { type ClassTreeOptions, classLeafOptions, classTreeOptions } from './class-tree-options.ts';
import { FeatureChoice } from './feature-choice.ts';
import { GrowingTree } from './growing-tree.ts';
import { TreeClassifier } from './tree-classifier.ts';

/**
 * Learns to tell K classes by a tree that grows as rows come, each row seen once: features need no scaling, and boundaries may be of any shape.
 * Where the stream drifts, see `HoeffdingAdaptiveTreeClassifier`; where accuracy counts more than time, `AdaptiveRandomForestClassifier`.
 *
 *     G = impurity − Σ (n_part / n) · impurity_part        ε = √(R² · ln(1/δ) / (2n)), R = log₂ K for the information gain
 *     a leaf splits where G_best − G_second > ε or ε < τ: G by feature, at its best threshold; not to split has G = 0
 *
 * Each leaf holds its classes' weights, and of each feature in each class the mean, the variance, the least and the greatest
 * value, from which it reckons the G of ten thresholds. A row of weight w counts as w rows. Two new leaves start with
 * the weights that the split gives them. What a tree learns depends on the order of the rows, so that two don't merge.
 *
 * Naive Bayes in a leaf works with logarithms, so that many features don't underflow, and leaves out classes of which the leaf
 * has less than two rows. The loss is the share of rows that were predicted wrongly; each row is tested before it is learned, and
 * how the stream is cut into batches makes no difference.
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) on numbers beyond 1e100, whose squares would not stay finite, and (`bad-record`) on
 * values that a nominal feature can't have.
 * Cost: O(depth + K · d) a row, O(d · numSplitPoints · K) an attempt to split; memory O(K · d) a leaf, at most `maxBytes`.
 * Source: Domingos and Hulten, Mining High-Speed Data Streams, 2000; leaves as in MOA and River (Gama, Rocha and Medas, 2003).
 */
export class HoeffdingTreeClassifier extends TreeClassifier<GrowingTree<ClassLeaf>> {
  readonly kind = 'HoeffdingTreeClassifier';
  readonly #options: Required<ClassTreeOptions>;

  constructor(options: ClassTreeOptions) {
    super(options, options.numClasses ?? 2);
    this.#options = classTreeOptions(this.kind, options);
    this.model = this.newModel();
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  protected newModel(): GrowingTree<ClassLeaf> {
    const leaves = new ClassLeaves(classLeafOptions(this.kind, this.#options, new FeatureChoice(this.numValues)));
    return new GrowingTree(leaves, this.#options);
  }

  protected writeProbabilities(x: Float64Array, classes: Float64Array): void {
    classes.set(this.model.leafFor(x).probabilities(x));
  }
}
