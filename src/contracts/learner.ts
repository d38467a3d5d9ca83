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

  /** Number of features d. Throws `UsageError` (`not-initialised`) while there is nothing to learn or predict with. */
  readonly width: number;

  /** The parameters that were set, for saving; nothing that was learned. */
  params(): SnapshotRecord;

  /**
   * Learns from one micro-batch; an empty one is a batch too. `examples.features` is n × d with finite values. Returns the
   * mean loss of these rows under the model as it was before (test, then train), or undefined for no rows. Throws
   * `DataError` (`not-finite`) when the model or its loss would leave the finite numbers, and is then as before.
   */
  update(examples: Examples): number | undefined;

  /** One prediction a row, Float64Array[n]. Throws `UsageError` (`wrong-width`) unless the features are d columns. */
  predict(features: Features): Float64Array;

  /** All that was learned as one vector, a copy: how far it moves tells how much the model oscillates. */
  learnedValues(): Float64Array;
}
