import type { SnapshotRecord } from '../../batch/snapshot.ts';
import {
  addToBins,
  BinnedSplits,
  newBinnedTargets,
  type TargetMean,
  targetsBeside,
} from '../../numeric/binned-targets.ts';
import { BestSplit } from '../../numeric/feature-split.ts';
import { columnOf } from '../online-learner.ts';
import type { FeatureChoice } from './feature-choice.ts';
import type { RowAtHand } from './row-at-hand.ts';
import type { LeafSplit } from './tree-node.ts';
import { savedNumber } from './tree-snapshot.ts';
import type { Observer, Observers } from './watching-leaf.ts';

/** The observers of one regression tree, and how it looks for splits. */
export class TargetObservers implements Observers<TargetObserver> {
  /** Memory of one, bytes. */
  readonly bytes: number;
  readonly #kind: string;
  readonly #choice: FeatureChoice;
  readonly #splits: BinnedSplits;
  readonly #best = new BestSplit();
  /** What `bestSplit` gives. */
  readonly #split: LeafSplit = { feature: 0, threshold: 0, lead: 0, bound: 0, range: 1 };

  constructor(kind: string, minSamplesSplit: number, choice: FeatureChoice) {
    this.#kind = kind;
    this.#choice = choice;
    this.#splits = new BinnedSplits(minSamplesSplit);
    this.bytes = newBinnedTargets(choice.watched).byteLength;
  }

  create(): TargetObserver {
    const features = this.#choice.draw();
    return new TargetObserver(this.#choice, features, newBinnedTargets(features.length), 0);
  }

  observerOf(saved: SnapshotRecord): TargetObserver {
    const features = this.#choice.restore(saved, this.#kind);
    const bins = columnOf(saved, 'bins', newBinnedTargets(features.length).length, this.#kind);
    return new TargetObserver(this.#choice, features, bins, savedNumber(saved, 'weight', this.#kind));
  }

  bestSplit({ features, bins }: TargetObserver): LeafSplit | undefined {
    const best = this.#best;
    best.begin();
    this.#splits.offerTo(best, bins);
    if (!best.exists) return undefined;
    this.#split.feature = features[best.position]!;
    this.#split.threshold = best.threshold;
    this.#split.lead = 1 - best.second / best.gain;
    return this.#split;
  }

  /** Of the split that `bestSplit` has just given: weight and mean label on either side. */
  targetsBeside({ bins }: TargetObserver): readonly [below: TargetMean, above: TargetMean] {
    return targetsBeside(bins, this.#best);
  }
}

/** What a leaf has seen of its own rows: their weight, and `bins` as in `binned-targets.ts`. */
export class TargetObserver implements Observer {
  readonly features: Int32Array;
  readonly bins: Float64Array;
  #weight = 0;
  readonly #choice: FeatureChoice;

  constructor(choice: FeatureChoice, features: Int32Array, bins: Float64Array, weight: number) {
    this.#choice = choice;
    this.features = features;
    this.bins = bins;
    this.#weight = weight;
  }

  add(row: RowAtHand): void {
    addToBins(this.bins, this.features, row, this.#weight === 0);
    this.#weight += row.weight;
  }

  snapshot(): SnapshotRecord {
    return { ...this.#choice.snapshot(this.features), weight: this.#weight, bins: this.bins.slice() };
  }
}
