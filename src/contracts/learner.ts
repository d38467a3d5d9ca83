import type { Examples, Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from './stateful.ts';

/**
 * An online learner: sees each micro-batch once, in order. To write one, extend `OnlineLearner` and give its abstract members.
 *
 * Laws (the learner suite checks them): `predict` changes nothing; what is passed in is neither changed nor kept;
 * a learner restored from its snapshot goes on exactly as the one that made it; a refused batch changes nothing.
 */
export interface Learner extends Stateful {
  /** The name of the class, under which it is saved. */
  readonly kind: string;

  /** Whether `update` needs labels. */
  readonly supervised: boolean;

  /** Of a classifier: how many classes there are. Labels are whole numbers from 0 to numClasses − 1; others are bad records. */
  readonly numClasses?: number;

  /** How many batches it has learned, empty ones too; with what a merge brought. Part of the snapshot. */
  readonly version: number;

  /** Number of features d. Throws `UsageError` (`not-initialised`) while there is nothing to learn or predict with. */
  readonly width: number;

  /** The parameters that were set, for saving; nothing that was learned. */
  params(): SnapshotRecord;

  /**
   * Learns from one micro-batch; an empty one is a batch too. `examples.features` is n × d with finite values; a row with a
   * weight counts as so many rows, and one of weight 0 teaches nothing. Returns the mean loss by weight, each row's under the
   * model as it was before the batch, or before the row where a learner goes row by row (test, then train), or undefined for
   * no rows. Throws `DataError` (`not-finite`) when the model or its loss would leave the finite numbers, and for numbers that are
   * none, (`bad-record`) for a weight below 0, and is then as before.
   */
  update(examples: Examples): number | undefined;

  /** One prediction a row, Float64Array[n]. Throws `UsageError` (`wrong-width`) unless the features are d columns. */
  predict(features: Features): Float64Array;

  /** Of a classifier that can: Float64Array[n] for each of the classes, its probability by row. They add up to 1. Throws as `predict`. */
  predictProbabilities?(features: Features): readonly Float64Array[];

  /**
   * Takes in what another learner of the same kind and parameters, which started from nothing, learned from other rows: as if
   * this one had learned them too. Only where the mathematics allow. Throws `StateError` (`does-not-fit`), changing
   * nothing, when the other is of another shape. The other stays as it is.
   */
  merge?(other: this): void;

  /**
   * Lets all that was learned so far count `factor` times as much from now on, 0 ≤ factor ≤ 1, as on drift; 0 leaves the model and
   * none of its weight. Only where the mathematics allow. Throws `UsageError` (`bad-option`).
   */
  decay?(factor: number): void;

  /** All that was learned as one vector, a copy: how far it moves tells how much the model oscillates. */
  learnedValues(): Float64Array;
}
