import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { type AdaptiveOptions, AdaptiveTree, adaptiveOptions, WATCH_BYTES } from './adaptive-tree.ts';
import { type ClassLeaf, ClassLeaves } from './class-leaf.ts';
import { type ClassTreeOptions, classLeafOptions, classTreeOptions } from './class-tree-options.ts';
import { wrongClass } from './error-meter.ts';
import { FeatureChoice } from './feature-choice.ts';
import { GrowingTree } from './growing-tree.ts';
import { TreeClassifier } from './tree-classifier.ts';

export interface HoeffdingAdaptiveTreeClassifierOptions extends ClassTreeOptions, AdaptiveOptions {}

/**
 * A `HoeffdingTreeClassifier` for streams that drift: nodes that begin to err are replaced, with all below them, by new trees
 * grown beside them.
 *
 *     |ē_node − ē_alternate| > √(2 · v_node · ln(2/α) · (1/n_node + 1/n_alternate)), and the better one stays
 *
 * with mean, variance and length of the windows in which `Adwin` sees no change. The error of a row is 1 if it was predicted wrongly before it was
 * learned, else 0. Each row is learned as if it came a random number of times, Poisson of mean 1 and once
 * where that is 0, so that trees differ by their `seed`.
 *
 * Options, loss and refusals otherwise as `HoeffdingTreeClassifier`; two don't merge.
 * Cost: as there, and O(log n) now and then for each node on a row's way; memory 4 kB a node more.
 * Source: Bifet and Gavaldà, Adaptive Learning from Evolving Data Streams, 2009; bootstrap as in MOA and River.
 */
export class HoeffdingAdaptiveTreeClassifier extends TreeClassifier<AdaptiveTree<ClassLeaf>> {
  readonly kind = 'HoeffdingAdaptiveTreeClassifier';
  readonly #options: Required<HoeffdingAdaptiveTreeClassifierOptions>;

  constructor(options: HoeffdingAdaptiveTreeClassifierOptions) {
    super(options, options.numClasses ?? 2);
    this.#options = { ...classTreeOptions(this.kind, options), ...adaptiveOptions(this.kind, options) };
    this.model = this.newModel();
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  protected newModel(): AdaptiveTree<ClassLeaf> {
    const leaves = new ClassLeaves(classLeafOptions(this.kind, this.#options, new FeatureChoice(this.numValues)));
    return new AdaptiveTree(new GrowingTree(leaves, this.#options, WATCH_BYTES), this.#options, wrongClass);
  }

  protected writeProbabilities(x: Float64Array, classes: Float64Array): void {
    classes.set(this.model.leafFor(x).probabilities(x));
  }
}
