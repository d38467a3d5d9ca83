import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { StateError } from '../../errors.ts';
import type { Random } from '../../host/random.ts';
import { columnOf } from '../online-learner.ts';

/** Which features a leaf watches: all of them, or some drawn at random for each leaf. */
export class FeatureChoice {
  readonly numFeatures: number;
  /** How many features a leaf watches. */
  readonly watched: number;
  readonly #all: Int32Array;
  readonly #random: Random | undefined;

  /** `random` is needed where `watched` is below `numFeatures`. */
  constructor(numFeatures: number, watched = numFeatures, random?: Random) {
    this.numFeatures = numFeatures;
    this.watched = watched;
    this.#all = Int32Array.from({ length: numFeatures }, (_, j) => j);
    this.#random = random;
  }

  /** The features of a new leaf, rising. Not to be changed. Cost: O(d). */
  draw(): Int32Array {
    if (this.watched === this.numFeatures) return this.#all;
    const drawn = this.#all.slice();
    for (let i = 0; i < this.watched; i++) {
      const other = i + Math.floor(this.#random!.next() * (drawn.length - i));
      [drawn[i], drawn[other]] = [drawn[other]!, drawn[i]!];
    }
    return drawn.subarray(0, this.watched).slice().sort();
  }

  snapshot(features: Int32Array): SnapshotRecord {
    return features === this.#all ? {} : { features: Float64Array.from(features) };
  }

  restore(snapshot: SnapshotRecord, kind: string): Int32Array {
    if (this.watched === this.numFeatures) return this.#all;
    const features = Int32Array.from(columnOf(snapshot, 'features', this.watched, kind));
    if (features.every((feature) => feature >= 0 && feature < this.numFeatures)) return features;
    throw new StateError('does-not-fit', `${kind}: expected saved features below ${this.numFeatures}, got ${features}`);
  }
}
