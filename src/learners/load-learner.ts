import type { LabeledPoint } from '../batch/vector.ts';
import { StateError } from '../errors.ts';
import { LEARNER_KINDS, type SingleLearner } from './learner-kinds.ts';
import type { OnlineLearner } from './online-learner.ts';
import { OnlinePipeline, type OtherKinds } from './online-pipeline.ts';
import { madeByKind } from './saved-class.ts';
import { readSavedLearner, type SavedLearner } from './saved-learner.ts';

/** Any learner, whatever it learns from. */
export type AnyOnlineLearner = SingleLearner | OnlinePipeline<LabeledPoint>;

/**
 * Reads a saved learner of whatever kind. `others` are classes that Millrace does not know by name, for learners of your own and the
 * networks of `millrace/pipelines`, alone or in an `OnlinePipeline`. Throws as `readSavedLearner` does, and where the kind is unknown.
 */
export async function loadLearner<L extends OnlineLearner<never> = never>(
  file: string,
  others: OtherKinds<L> = {},
): Promise<AnyOnlineLearner | L> {
  return restoredLearner(await readSavedLearner(file), file, others);
}

/** The learner that was saved in `place`. Throws `StateError` where its kind is unknown, or does not fit what was saved. */
export function restoredLearner<L extends OnlineLearner<never> = never>(
  saved: SavedLearner,
  place: string,
  others: OtherKinds<L> = {},
): AnyOnlineLearner | L {
  const learner = newLearner(saved, others);
  if (learner === undefined) {
    const known = [...Object.keys(LEARNER_KINDS), 'OnlinePipeline'].join(', ');
    throw new StateError('unknown-format', `saved model ${place}: unknown kind ${saved.kind}; known are ${known}`);
  }
  learner.restore(saved.state);
  return learner;
}

function newLearner<L extends OnlineLearner<never>>(
  saved: SavedLearner,
  others: OtherKinds<L>,
): AnyOnlineLearner | L | undefined {
  if (saved.kind === 'OnlinePipeline') return new OnlinePipeline<LabeledPoint>(saved.params as never, others);
  return madeByKind<SingleLearner | L>(saved, LEARNER_KINDS, others.learners);
}
