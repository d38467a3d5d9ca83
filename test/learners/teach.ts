import { assembleFeatures, assembleLabeled } from '../../src/batch/examples.ts';
import type { LabeledPoint, Vector, WeightedVector } from '../../src/batch/vector.ts';
import type { LearnerRecord, OnlineLearner } from '../../src/learners/online-learner.ts';

/** Lets the learner learn one batch, outside any stream, and gives its loss. A bad record throws. */
export function teach<R extends LearnerRecord>(learner: OnlineLearner<R>, records: readonly R[]): number | undefined {
  const reject = (_: number, error: Error) => {
    throw error;
  };
  return learner.update(
    learner.supervised
      ? assembleLabeled(records as readonly LabeledPoint[], learner.width, reject, learner.numClasses)
      : assembleFeatures(records as readonly (Vector | WeightedVector)[], learner.width, reject),
  );
}
