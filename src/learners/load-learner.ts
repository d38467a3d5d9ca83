import { StateError } from '../errors.ts';
import { FTRLProximal } from './ftrl-proximal.ts';
import { PassiveAggressiveClassifier } from './passive-aggressive-classifier.ts';
import { PassiveAggressiveRegressor } from './passive-aggressive-regressor.ts';
import { RecursiveLeastSquares } from './recursive-least-squares.ts';
import { readSavedLearner, type SavedLearner } from './saved-learner.ts';
import { SGDClassifier } from './sgd-classifier.ts';
import { SGDRegressor } from './sgd-regressor.ts';
import { SoftmaxRegression } from './softmax-regression.ts';
import { StreamingKMeans } from './streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from './streaming-linear-regression-with-sgd.ts';
import { StreamingLogisticRegressionWithSGD } from './streaming-logistic-regression-with-sgd.ts';

/** Any learner, whatever it learns from. */
export type AnyOnlineLearner =
  | FTRLProximal
  | PassiveAggressiveClassifier
  | PassiveAggressiveRegressor
  | RecursiveLeastSquares
  | SGDClassifier
  | SGDRegressor
  | SoftmaxRegression
  | StreamingKMeans
  | StreamingLinearRegressionWithSGD
  | StreamingLogisticRegressionWithSGD;

/** Every learner that can be saved, by its kind. A new learner is added here. */
const LEARNER_KINDS: Readonly<Record<AnyOnlineLearner['kind'], (saved: SavedLearner) => AnyOnlineLearner>> = {
  FTRLProximal: (saved) => FTRLProximal.fromSaved(saved),
  PassiveAggressiveClassifier: (saved) => PassiveAggressiveClassifier.fromSaved(saved),
  PassiveAggressiveRegressor: (saved) => PassiveAggressiveRegressor.fromSaved(saved),
  RecursiveLeastSquares: (saved) => RecursiveLeastSquares.fromSaved(saved),
  SGDClassifier: (saved) => SGDClassifier.fromSaved(saved),
  SGDRegressor: (saved) => SGDRegressor.fromSaved(saved),
  SoftmaxRegression: (saved) => SoftmaxRegression.fromSaved(saved),
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
