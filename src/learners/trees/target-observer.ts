import type { SnapshotRecord } from '../../batch/snapshot.ts';
import {
  addToBins,
  BinnedSplits,
  newBinnedTargets,
  type TargetMean,
  targetsBeside,
} from '../../numeric/binned-targets.ts';
import { BestSplit } from '../../numeric/feature-split.ts';
import { countValues } from '../../numeric/nominal-classes.ts';
import {
  addToTargetsOfValues,
  NominalTargetSplits,
  newTargetsOfValues,
  targetsOfParts,
} from '../../numeric/nominal-targets.ts';
import { columnOf } from '../online-learner.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import type { FeatureChoice, WatchedFeatures } from './feature-choice.ts';
import type { LeafSplit } from './tree-node.ts';
import { savedNumber } from './tree-snapshot.ts';
import type { Observer, Observers } from './watching-leaf.ts';

/** The observers of one regression tree, and how it looks for splits. */
export class TargetObservers implements Observers<TargetObserver> {
  /** Memory of one, bytes. */
  readonly bytes: number;
  readonly #kind: string;
  readonly #choice: FeatureChoice;
  readonly #thresholds: BinnedSplits;
  readonly #nominal: NominalTargetSplits;
  readonly #best = new BestSplit();
  /** What `bestSplit` gives. */
  readonly #split: LeafSplit = { kind: 'threshold', feature: 0, threshold: 0, lead: 0, bound: 0, range: 1 };

  constructor(kind: string, minSamplesSplit: number, choice: FeatureChoice, binarySplits: boolean) {
    this.#kind = kind;
    this.#choice = choice;
    this.#thresholds = new BinnedSplits(minSamplesSplit);
    this.#nominal = new NominalTargetSplits(minSamplesSplit, binarySplits);
    this.bytes = 8 * choice.mostNumbers(newBinnedTargets(1).length, newTargetsOfValues(1).length);
  }

  create(): TargetObserver {
    return new TargetObserver(this.#choice, this.#choice.draw(), (_, length) => new Float64Array(length), 0);
  }

  observerOf(saved: SnapshotRecord): TargetObserver {
    const features = this.#choice.restore(saved, this.#kind);
    const column = (name: string, length: number) =>
      length === 0 ? new Float64Array() : columnOf(saved, name, length, this.#kind);
    return new TargetObserver(this.#choice, features, column, savedNumber(saved, 'weight', this.#kind));
  }

  bestSplit({ features, bins, values }: TargetObserver): LeafSplit | undefined {
    const best = this.#best;
    best.begin();
    this.#thresholds.offerTo(best, bins);
    this.#nominal.offerTo(best, values, features.nominal);
    if (!best.exists) return undefined;
    const ofKind = best.kind === 'threshold' ? features.numeric : features.nominal.features;
    this.#split.kind = best.kind;
    this.#split.feature = ofKind[best.position]!;
    this.#split.threshold = best.threshold;
    this.#split.lead = 1 - best.second / best.gain;
    return this.#split;
  }

  /** Of the split that `bestSplit` has just given: weight and mean label of each part. */
  partsOf({ features, bins, values }: TargetObserver): readonly TargetMean[] {
    if (this.#best.kind !== 'threshold') return targetsOfParts(values, features.nominal, this.#best);
    return targetsBeside(bins, this.#best);
  }
}

/** What a leaf has seen of its own rows: their weight, `bins` as in `binned-targets.ts` and `values` as in `nominal-targets.ts`. */
export class TargetObserver implements Observer {
  readonly features: WatchedFeatures;
  readonly bins: Float64Array;
  readonly values: Float64Array;
  #weight = 0;
  readonly #choice: FeatureChoice;

  /** `column` gives the columns by their names and lengths; they become its own. */
  constructor(
    choice: FeatureChoice,
    features: WatchedFeatures,
    column: (name: string, length: number) => Float64Array,
    weight: number,
  ) {
    this.#choice = choice;
    this.features = features;
    this.bins = column('bins', newBinnedTargets(features.numeric.length).length);
    this.values = column('values', newTargetsOfValues(countValues(features.nominal)).length);
    this.#weight = weight;
  }

  add(row: RowAtHand): void {
    addToBins(this.bins, this.features.numeric, row, this.#weight === 0);
    addToTargetsOfValues(this.values, this.features.nominal, row);
    this.#weight += row.weight;
  }

  snapshot(): SnapshotRecord {
    const { features, bins, values } = this;
    return {
      ...this.#choice.snapshot(features),
      ...{ weight: this.#weight, bins: bins.slice() },
      ...(values.length === 0 ? {} : { values: values.slice() }),
    };
  }
}
