import { type Features, toFeatures } from '../batch/examples.ts';
import type { Vector } from '../batch/vector.ts';

/** What a learner knows at one moment. It never changes. */
export interface LearnedModel {
  /** What the learner's `predict` gave of this one point. Throws `DataError` for a point that is none of its features. */
  predict(point: Vector): number;
}

/** The model of a learner that nobody teaches any more. */
export function modelOf(learner: { readonly width: number; predict(features: Features): Float64Array }): LearnedModel {
  return { predict: (point) => learner.predict(toFeatures([point], learner.width))[0]! };
}
