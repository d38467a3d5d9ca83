import type { LabeledPoint } from '../batch/vector.ts';
import { StateError } from '../errors.ts';
import { LEARNER_KINDS, type SingleLearner } from './learner-kinds.ts';
import { OnlinePipeline, type OnlinePipelineOptions } from './online-pipeline.ts';
import { readSavedLearner, type SavedLearner } from './saved-learner.ts';

/** Any learner, whatever it learns from. */
export type AnyOnlineLearner = SingleLearner | OnlinePipeline<LabeledPoint>;

/** Reads a saved learner of whatever kind. Throws as `readSavedLearner` does, and where the kind is unknown. */
export async function loadLearner(file: string): Promise<AnyOnlineLearner> {
  return restoredLearner(await readSavedLearner(file), file);
}

/** The learner that was saved in `place`. Throws `StateError` where its kind is unknown, or does not fit what was saved. */
export function restoredLearner(saved: SavedLearner, place: string): AnyOnlineLearner {
  const learner = newLearner(saved);
  if (learner === undefined) {
    const known = [...Object.keys(LEARNER_KINDS), 'OnlinePipeline'].join(', ');
    throw new StateError('unknown-format', `saved model ${place}: unknown kind ${saved.kind}; known are ${known}`);
  }
  learner.restore(saved.state);
  return learner;
}

function newLearner({ kind, params }: SavedLearner): AnyOnlineLearner | undefined {
  if (kind === 'OnlinePipeline') return new OnlinePipeline(params as unknown as OnlinePipelineOptions<LabeledPoint>);
  return Object.hasOwn(LEARNER_KINDS, kind) ? LEARNER_KINDS[kind as SingleLearner['kind']](params) : undefined;
}
