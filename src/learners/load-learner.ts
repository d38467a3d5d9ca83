import { StateError } from '../errors.ts';
import { readSavedLearner, type SavedLearner } from './saved-learner.ts';
import { StreamingKMeans } from './streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from './streaming-linear-regression-with-sgd.ts';
import { StreamingLogisticRegressionWithSGD } from './streaming-logistic-regression-with-sgd.ts';

/** Any learner, whatever it learns from. */
export type AnyOnlineLearner = StreamingKMeans | StreamingLinearRegressionWithSGD | StreamingLogisticRegressionWithSGD;

/** Every learner that can be saved, by its kind. A new learner is added here. */
const LEARNER_KINDS: Readonly<Record<AnyOnlineLearner['kind'], (saved: SavedLearner) => AnyOnlineLearner>> = {
  StreamingKMeans: (saved) => StreamingKMeans.fromSaved(saved),
  StreamingLinearRegressionWithSGD: (saved) => StreamingLinearRegressionWithSGD.fromSaved(saved),
  StreamingLogisticRegressionWithSGD: (saved) => StreamingLogisticRegressionWithSGD.fromSaved(saved),
};

/** Reads a saved learner of whatever kind. Throws as `readSavedLearner` does, and where the kind is unknown. */
export async function loadLearner(file: string): Promise<AnyOnlineLearner> {
  const saved = await readSavedLearner(file);
  if (!Object.hasOwn(LEARNER_KINDS, saved.kind)) {
    const known = Object.keys(LEARNER_KINDS).join(', ');
    throw new StateError('unknown-format', `saved model ${file}: unknown kind ${saved.kind}; known are ${known}`);
  }
  return LEARNER_KINDS[saved.kind as AnyOnlineLearner['kind']](saved);
}
