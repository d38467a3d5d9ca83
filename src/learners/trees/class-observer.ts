import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { addLogLikelihoods, addToMoments, MOMENTS_A_FEATURE } from '../../numeric/class-moments.ts';
import { BestSplit } from '../../numeric/feature-split.ts';
import { GaussianSplits, type SplitSearch } from '../../numeric/gaussian-split.ts';
import { columnOf } from '../online-learner.ts';
import type { FeatureChoice } from './feature-choice.ts';
import type { RowAtHand } from './row-at-hand.ts';
import type { LeafSplit } from './tree-node.ts';
import type { Observer, Observers } from './watching-leaf.ts';

/** The observers of one classification tree, and how it looks for splits. */
export class ClassObservers implements Observers<ClassObserver> {
  /** Memory of one, bytes. */
  readonly bytes: number;
  readonly #kind: string;
  readonly #numClasses: number;
  readonly #choice: FeatureChoice;
  readonly #splits: GaussianSplits;
  readonly #best = new BestSplit();
  /** What `bestSplit` gives. */
  readonly #split: LeafSplit;

  constructor(kind: string, numClasses: number, search: SplitSearch, choice: FeatureChoice) {
    this.#kind = kind;
    this.#numClasses = numClasses;
    this.#choice = choice;
    this.#splits = new GaussianSplits(search, numClasses);
    this.#split = { feature: 0, threshold: 0, lead: 0, bound: 0, range: search.criterion.range(numClasses) };
    this.bytes = 8 * numClasses * (1 + choice.watched * MOMENTS_A_FEATURE);
  }

  create(): ClassObserver {
    const counts = new Float64Array(this.#numClasses);
    return new ClassObserver(this.#choice, this.#choice.draw(), counts, new Float64Array(this.#momentsLength()));
  }

  observerOf(saved: SnapshotRecord): ClassObserver {
    const column = (name: string, length: number) => columnOf(saved, name, length, this.#kind);
    const features = this.#choice.restore(saved, this.#kind);
    const [counts, moments] = [column('counts', this.#numClasses), column('moments', this.#momentsLength())];
    return new ClassObserver(this.#choice, features, counts, moments);
  }

  bestSplit({ features, counts, moments }: ClassObserver): LeafSplit | undefined {
    const best = this.#best;
    best.begin();
    this.#splits.offerTo(best, moments, counts);
    if (!best.exists) return undefined;
    this.#split.feature = features[best.position]!;
    this.#split.threshold = best.threshold;
    this.#split.lead = best.gain - best.second;
    return this.#split;
  }

  /** Of the split that `bestSplit` has just given: the weights of the classes on either side, each Float64Array[K]. */
  weightsBeside({ counts, moments }: ClassObserver): readonly [below: Float64Array, above: Float64Array] {
    const below = this.#splits.weightsBelow(moments, counts, this.#best);
    return [below, counts.map((count, k) => count - below[k]!)];
  }

  #momentsLength(): number {
    return this.#numClasses * this.#choice.watched * MOMENTS_A_FEATURE;
  }
}

/** What a leaf has seen of the features of its own rows: `counts` Float64Array[K] by class, `moments` as in `class-moments.ts`. */
export class ClassObserver implements Observer {
  readonly features: Int32Array;
  readonly counts: Float64Array;
  readonly moments: Float64Array;
  readonly #choice: FeatureChoice;

  constructor(choice: FeatureChoice, features: Int32Array, counts: Float64Array, moments: Float64Array) {
    this.#choice = choice;
    this.features = features;
    this.counts = counts;
    this.moments = moments;
  }

  add(row: RowAtHand): void {
    const { counts } = this;
    counts[row.label] = counts[row.label]! + row.weight;
    addToMoments(this.moments, this.features, counts, row);
  }

  /** Adds ln P(x | k) to what is in `logs`, Float64Array[K], of each class that has more than one row. */
  addLogLikelihoods(x: Float64Array, logs: Float64Array): void {
    addLogLikelihoods(this.moments, this.features, this.counts, x, logs);
  }

  snapshot(): SnapshotRecord {
    const { features, counts, moments } = this;
    return { ...this.#choice.snapshot(features), counts: counts.slice(), moments: moments.slice() };
  }
}
