import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { StateError } from '../../errors.ts';
import type { Random } from '../../host/random.ts';
import type { NominalValues } from '../../numeric/nominal-classes.ts';
import { columnOf } from '../online-learner.ts';

/** The features that a leaf watches, each kind by rising index. */
export interface WatchedFeatures {
  readonly numeric: Int32Array;
  readonly nominal: NominalValues;
}

/** Which features a leaf watches: all of them, or some drawn at random for each leaf. */
export class FeatureChoice {
  readonly numFeatures: number;
  /** How many features a leaf watches. */
  readonly watched: number;
  /** How many values each feature has, 0 of one that is not nominal: Int32Array[d]. */
  readonly numValues: Int32Array;
  readonly #all: WatchedFeatures;
  readonly #random: Random | undefined;

  /** `random` is needed where `watched` is below the number of features. */
  constructor(numValues: Int32Array, watched = numValues.length, random?: Random) {
    this.numFeatures = numValues.length;
    this.watched = watched;
    this.numValues = numValues;
    this.#all = this.#watchedOf(numValues.map((_, j) => j));
    this.#random = random;
  }

  /** The most numbers that leaves keep, of as many as `ofNumeric` for each feature and `ofValue` for each value of one that is nominal. */
  mostNumbers(ofNumeric: number, ofValue: number): number {
    const each = Array.from(this.numValues, (numValues) => (numValues === 0 ? ofNumeric : ofValue * numValues));
    return each
      .sort((a, b) => b - a)
      .slice(0, this.watched)
      .reduce((sum, numbers) => sum + numbers, 0);
  }

  /** The features of a new leaf. Not to be changed. Cost: O(d). */
  draw(): WatchedFeatures {
    if (this.watched === this.numFeatures) return this.#all;
    const drawn = this.numValues.map((_, j) => j);
    for (let i = 0; i < this.watched; i++) {
      const other = i + Math.floor(this.#random!.next() * (drawn.length - i));
      [drawn[i], drawn[other]] = [drawn[other]!, drawn[i]!];
    }
    return this.#watchedOf(drawn.subarray(0, this.watched).slice().sort());
  }

  snapshot(features: WatchedFeatures): SnapshotRecord {
    if (features === this.#all) return {};
    return { features: Float64Array.from([...features.numeric, ...features.nominal.features]).sort() };
  }

  restore(snapshot: SnapshotRecord, kind: string): WatchedFeatures {
    if (this.watched === this.numFeatures) return this.#all;
    const features = Int32Array.from(columnOf(snapshot, 'features', this.watched, kind));
    if (features.every((feature) => feature >= 0 && feature < this.numFeatures)) return this.#watchedOf(features);
    throw new StateError('does-not-fit', `${kind}: expected saved features below ${this.numFeatures}, got ${features}`);
  }

  #watchedOf(features: Int32Array): WatchedFeatures {
    const nominal = features.filter((feature) => this.numValues[feature]! > 0);
    const numeric = features.filter((feature) => this.numValues[feature] === 0);
    return { numeric, nominal: { features: nominal, numValues: nominal.map((feature) => this.numValues[feature]!) } };
  }
}
