import { assembleFeatures, assembleLabeled } from '../../src/batch/examples.ts';
import type { LabeledPoint, Vector } from '../../src/batch/vector.ts';
import type { OnlineLearner } from '../../src/learners/online-learner.ts';

/** Lets the learner learn one batch, outside any stream, and gives its loss. A bad record throws. */
export function teach<R extends Vector | LabeledPoint>(
  learner: OnlineLearner<R>,
  records: readonly R[],
): number | undefined {
  const reject = (_: number, error: Error) => {
    throw error;
  };
  return learner.update(
    learner.supervised
      ? assembleLabeled(records as readonly LabeledPoint[], learner.width, reject)
      : assembleFeatures(records as readonly Vector[], learner.width, reject),
  );
}
