import {
  GaussianNaiveBayes,
  OnlineLearner,
  OnlinePipeline,
  SGDClassifier,
  SGDRegressor,
  StandardScaler,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
} from 'millrace';

/** The settings are those of `compare.py`. */
const STEP_SIZE = 0.01;
const K = 10;
const PASSES = 10;

const DESCENT = { stepSize: STEP_SIZE, numIterations: PASSES, convergenceTol: 0 };

const LEARNERS: Readonly<Record<string, (d: number) => unknown>> = {
  'k-means': (d) => new StreamingKMeans({ k: K, decayFactor: 1 }).setRandomCenters(d, 1, 42),
  'linear, 10 passes': (d) => new StreamingLinearRegressionWithSGD(DESCENT).setInitialWeights(new Float64Array(d)),
  'logistic, 10 passes': (d) => new StreamingLogisticRegressionWithSGD(DESCENT).setInitialWeights(new Float64Array(d)),
  'linear SGD': (numFeatures) => new SGDRegressor({ numFeatures, stepSize: STEP_SIZE }),
  'logistic SGD': (numFeatures) => new SGDClassifier({ numFeatures, stepSize: STEP_SIZE }),
  'scaler, logistic SGD': (numFeatures) =>
    new OnlinePipeline({
      transforms: [new StandardScaler({ numFeatures })],
      learner: new SGDClassifier({ numFeatures, stepSize: STEP_SIZE }),
    }),
  'Gaussian naive Bayes': (numFeatures) => new GaussianNaiveBayes({ numFeatures }),
};

export function newLearner(name: string, d: number): OnlineLearner<never> {
  const learner = LEARNERS[name]?.(d);
  if (learner instanceof OnlineLearner) return learner;
  throw new Error(`no learner ${name}`);
}
