import type { Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from './stateful.ts';

/**
 * Changes features on their way to a learner, and learns how from the stream: a scaler, an encoder. An `OnlinePipeline` chains
 * them before a learner, and commits their state with its own.
 *
 * Laws: `transform` changes nothing; what is passed in is neither changed nor kept; learning goes row by row, so that it
 * makes no difference how a stream is cut into batches; a refused batch changes nothing.
 */
export interface OnlineTransform extends Stateful {
  /** The name of the class, under which it is saved. */
  readonly kind: string;

  /** Number of features that it takes, d. */
  readonly width: number;

  /** Number of features that it gives. */
  readonly outputWidth: number;

  /** The parameters that were set, for saving; nothing that was learned. */
  params(): SnapshotRecord;

  /**
   * Learns from n × d features, a row of weight 0 excepted, and gives each row as it is once that row was learned. Throws
   * `DataError` (`not-finite`) when what it learns would leave the finite numbers.
   */
  update(features: Features, weights?: Float64Array): Features;

  /** The rows by what has been learned so far. */
  transform(features: Features): Features;
}
