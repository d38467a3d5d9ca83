import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { addLogLikelihoods, addToMoments, MOMENTS_A_FEATURE } from '../../numeric/class-moments.ts';
import { BestSplit } from '../../numeric/feature-split.ts';
import { GaussianSplits, type SplitSearch } from '../../numeric/gaussian-split.ts';
import {
  addToValues,
  addValueLogLikelihoods,
  countValues,
  NominalSplits,
  partsOfValues,
} from '../../numeric/nominal-classes.ts';
import { columnOf } from '../online-learner.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import type { FeatureChoice, WatchedFeatures } from './feature-choice.ts';
import type { LeafSplit } from './tree-node.ts';
import type { Observer, Observers } from './watching-leaf.ts';

/** The observers of one classification tree, and how it looks for splits. */
export class ClassObservers implements Observers<ClassObserver> {
  /** Memory of one, bytes. */
  readonly bytes: number;
  readonly #kind: string;
  readonly #numClasses: number;
  readonly #choice: FeatureChoice;
  readonly #thresholds: GaussianSplits;
  readonly #nominal: NominalSplits;
  readonly #best = new BestSplit();
  /** What `bestSplit` gives. */
  readonly #split: LeafSplit;

  constructor(kind: string, numClasses: number, search: SplitSearch, choice: FeatureChoice, binarySplits: boolean) {
    this.#kind = kind;
    this.#numClasses = numClasses;
    this.#choice = choice;
    this.#thresholds = new GaussianSplits(search, numClasses);
    this.#nominal = new NominalSplits(search, numClasses, Math.max(0, ...choice.numValues), binarySplits);
    this.#split = {
      kind: 'threshold',
      feature: 0,
      threshold: 0,
      lead: 0,
      bound: 0,
      range: search.criterion.range(numClasses),
    };
    this.bytes = 8 * numClasses * (1 + choice.mostNumbers(MOMENTS_A_FEATURE, 1));
  }

  create(): ClassObserver {
    const features = this.#choice.draw();
    const column = (_: string, length: number) => new Float64Array(length);
    return new ClassObserver(this.#choice, features, this.#numClasses, column);
  }

  observerOf(saved: SnapshotRecord): ClassObserver {
    const features = this.#choice.restore(saved, this.#kind);
    const column = (name: string, length: number) =>
      length === 0 ? new Float64Array() : columnOf(saved, name, length, this.#kind);
    return new ClassObserver(this.#choice, features, this.#numClasses, column);
  }

  bestSplit({ features, counts, moments, values }: ClassObserver): LeafSplit | undefined {
    const best = this.#best;
    best.begin();
    this.#thresholds.offerTo(best, moments, counts);
    this.#nominal.offerTo(best, values, features.nominal, counts);
    if (!best.exists) return undefined;
    const ofKind = best.kind === 'threshold' ? features.numeric : features.nominal.features;
    this.#split.kind = best.kind;
    this.#split.feature = ofKind[best.position]!;
    this.#split.threshold = best.threshold;
    this.#split.lead = best.gain - best.second;
    return this.#split;
  }

  /** Of the split that `bestSplit` has just given: the weights of the classes in each part, Float64Array[K] each. */
  partsOf({ features, counts, moments, values }: ClassObserver): readonly Float64Array[] {
    if (this.#best.kind !== 'threshold') return partsOfValues(values, features.nominal, counts, this.#best);
    const below = this.#thresholds.weightsBelow(moments, counts, this.#best);
    return [below, counts.map((count, k) => count - below[k]!)];
  }
}

/**
 * What a leaf has seen of the features of its own rows: `counts` Float64Array[K] by class, `moments` of numeric features as in
 * `class-moments.ts`, `values` of nominal ones as in `nominal-classes.ts`.
 */
export class ClassObserver implements Observer {
  readonly features: WatchedFeatures;
  readonly counts: Float64Array;
  readonly moments: Float64Array;
  readonly values: Float64Array;
  readonly #choice: FeatureChoice;

  /** `column` gives the columns by their names and lengths; they become its own. */
  constructor(
    choice: FeatureChoice,
    features: WatchedFeatures,
    numClasses: number,
    column: (name: string, length: number) => Float64Array,
  ) {
    this.#choice = choice;
    this.features = features;
    this.counts = column('counts', numClasses);
    this.moments = column('moments', numClasses * features.numeric.length * MOMENTS_A_FEATURE);
    this.values = column('values', numClasses * countValues(features.nominal));
  }

  add(row: RowAtHand): void {
    const { counts, features } = this;
    counts[row.label] = counts[row.label]! + row.weight;
    addToMoments(this.moments, features.numeric, counts, row);
    addToValues(this.values, features.nominal, counts.length, row);
  }

  /** Adds ln P(x | k) to what is in `logs`, Float64Array[K], of each class that has more than one row. */
  addLogLikelihoods(x: Float64Array, logs: Float64Array): void {
    addLogLikelihoods(this.moments, this.features.numeric, this.counts, x, logs);
    addValueLogLikelihoods(this.values, this.features.nominal, this.counts, x, logs);
  }

  snapshot(): SnapshotRecord {
    const { features, counts, moments, values } = this;
    return {
      ...this.#choice.snapshot(features),
      ...{ counts: counts.slice(), moments: moments.slice() },
      ...(values.length === 0 ? {} : { values: values.slice() }),
    };
  }
}
