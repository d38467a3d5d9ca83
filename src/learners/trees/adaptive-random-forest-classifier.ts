import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Random } from '../../host/random.ts';
import { indexOfLargest } from '../../numeric/probabilities.ts';
import { type ClassLeaf, ClassLeaves } from './class-leaf.ts';
import { type ClassTreeOptions, classLeafOptions, classTreeOptions } from './class-tree-options.ts';
import { wrongClass } from './error-meter.ts';
import { Forest, type ForestTree } from './forest.ts';
import { drawnFeatures, FOREST_GROWTH, type ForestOptions, forestOptions } from './forest-options.ts';
import { GrowingTree } from './growing-tree.ts';
import { TreeClassifier } from './tree-classifier.ts';

/** `gracePeriod` is 50 by default, and `delta` 0.01. `maxBytes` is for each tree. */
export interface AdaptiveRandomForestClassifierOptions extends ClassTreeOptions, ForestOptions {}

/**
 * Learns to tell K classes by many `HoeffdingTreeClassifier`s that differ, and lets each be replaced when the stream drifts. Of the learners here
 * it is the one that is most often right without being tuned, and the slowest.
 *
 * For each row and tree: it counts Poisson(λ) times; each leaf watches `maxFeatures` features of its own, drawn at random. The trees vote:
 *
 *     P(k) ∝ Σ_trees accuracy_tree · P_tree(k)
 *
 * A tree whose errors rise by an `Adwin` of `warningDelta` gets a successor, which learns beside it without a vote; when they rise by one of
 * `driftDelta`, the successor takes its place. The error of a row is whether the tree was wrong before it learned the row: MOA asks
 * afterwards, when a tree knows the answer. Only rising errors count: a tree that does better is kept.
 *
 * Options of the trees, loss and refusals as `HoeffdingTreeClassifier`; two don't merge.
 * Cost: nModels times a tree of `maxFeatures`; memory at most 2 · nModels · `maxBytes`.
 * Source: Gomes et al., Adaptive Random Forests for Evolving Data Stream Classification, 2017.
 */
export class AdaptiveRandomForestClassifier extends TreeClassifier<Forest<ClassLeaf>> {
  readonly kind = 'AdaptiveRandomForestClassifier';
  readonly #options: Required<AdaptiveRandomForestClassifierOptions>;
  /** Float64Array[K]: the votes for the row at hand. */
  readonly #votes: Float64Array;

  constructor(options: AdaptiveRandomForestClassifierOptions) {
    super(options, options.numClasses ?? 2);
    this.#options = {
      ...classTreeOptions(this.kind, options, FOREST_GROWTH),
      ...forestOptions(this.kind, options, options.numFeatures),
    };
    this.#votes = new Float64Array(this.numClasses);
    this.model = this.newModel();
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  protected newModel(): Forest<ClassLeaf> {
    const { kind, numValues } = this;
    const options = this.#options;
    return new Forest<ClassLeaf>(
      {
        kind,
        newTree: (random: Random) => {
          const choice = drawnFeatures(numValues, options.maxFeatures, random);
          return new GrowingTree(new ClassLeaves(classLeafOptions(kind, options, choice)), options);
        },
        newMeter: () => wrongClass,
        vote: (standing, row) => {
          this.#vote(standing, row.x, this.#votes);
          row.prediction = indexOfLargest(this.#votes);
        },
      },
      options,
    );
  }

  protected writeProbabilities(x: Float64Array, classes: Float64Array): void {
    this.#vote(this.model.standing, x, classes);
    const total = classes.reduce((sum, vote) => sum + vote, 0);
    for (let k = 0; k < classes.length; k++) classes[k] = classes[k]! / total;
  }

  #vote(standing: readonly ForestTree<ClassLeaf>[], x: Float64Array, votes: Float64Array): void {
    votes.fill(0);
    for (let i = 0; i < standing.length; i++) {
      const { tree, accuracy } = standing[i]!;
      // A tree that was never right still says what it thinks, where no other does.
      const share = Math.max(accuracy, 1e-9);
      const classes = tree.leafFor(x).probabilities(x);
      for (let k = 0; k < votes.length; k++) votes[k] = votes[k]! + share * classes[k]!;
    }
  }
}
