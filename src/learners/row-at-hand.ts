import type { Features } from '../batch/examples.ts';

/**
 * The row that a learner is at. One object, written over row after row: a number that a function is given or gives may have to be
 * allocated, one in a field of this is not.
 */
export class RowAtHand {
  /** Float64Array[d]. */
  readonly x: Float64Array;
  label = 0;
  /** How many rows it counts as, above 0. */
  weight = 1;
  /** What a model says of it; of one that learns it, before it did. */
  prediction = 0;
  /** How wrong that was, from 0 to 1, once an `ErrorMeter` has looked. */
  error = 0;

  constructor(numFeatures: number) {
    this.x = new Float64Array(numFeatures);
  }

  take({ columns }: Features, row: number): this {
    const { x } = this;
    for (let j = 0; j < columns.length; j++) x[j] = columns[j]![row]!;
    return this;
  }
}
