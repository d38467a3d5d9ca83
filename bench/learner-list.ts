import {
  AdaptiveRandomForestClassifier,
  DBSTREAM,
  FTRLProximal,
  GaussianNaiveBayes,
  HalfSpaceTrees,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
  MinMaxScaler,
  MultinomialNaiveBayes,
  OnlineLearner,
  OnlinePipeline,
  PassiveAggressiveClassifier,
  RecursiveLeastSquares,
  RobustZScore,
  SGDClassifier,
  SGDRegressor,
  SoftmaxRegression,
  StandardScaler,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
} from 'millrace';

/** The settings are those of `plain-learners.ts`, and of `peers/compare.py`. */
export const STEP_SIZE = 0.01;
export const K = 10;
export const PASSES = 10;

const DESCENT = { stepSize: STEP_SIZE, numIterations: PASSES, convergenceTol: 0 };

/** Learners by the names that the tables give them, for d features and labels 0 and 1. */
export const LEARNERS: Readonly<Record<string, (d: number) => OnlineLearner<never>>> = {
  'k-means': (d) => new StreamingKMeans({ k: K, decayFactor: 1 }).setRandomCenters(d, 1, 42),
  'linear, 10 passes': (d) => new StreamingLinearRegressionWithSGD(DESCENT).setInitialWeights(new Float64Array(d)),
  'logistic, 10 passes': (d) => new StreamingLogisticRegressionWithSGD(DESCENT).setInitialWeights(new Float64Array(d)),
  'linear SGD': (numFeatures) => new SGDRegressor({ numFeatures, stepSize: STEP_SIZE }),
  'logistic SGD': (numFeatures) => new SGDClassifier({ numFeatures, stepSize: STEP_SIZE }),
  'logistic AdaGrad': (numFeatures) => new SGDClassifier({ numFeatures, stepSize: STEP_SIZE, optimizer: 'adaGrad' }),
  'logistic Adam': (numFeatures) => new SGDClassifier({ numFeatures, stepSize: STEP_SIZE, optimizer: 'adam' }),
  'scaler, logistic SGD': (numFeatures) =>
    pipeline(new StandardScaler({ numFeatures }), new SGDClassifier({ numFeatures, stepSize: STEP_SIZE })),
  softmax: (numFeatures) => new SoftmaxRegression({ numFeatures, numClasses: 2, stepSize: STEP_SIZE }),
  'FTRL-proximal': (numFeatures) => new FTRLProximal({ numFeatures }),
  'passive-aggressive': (numFeatures) => new PassiveAggressiveClassifier({ numFeatures }),
  'recursive least squares': (numFeatures) => new RecursiveLeastSquares({ numFeatures }),
  'Gaussian naive Bayes': (numFeatures) => new GaussianNaiveBayes({ numFeatures }),
  'min-max, multinomial naive Bayes': (numFeatures) =>
    pipeline(new MinMaxScaler({ numFeatures }), new MultinomialNaiveBayes({ numFeatures })),
  'Hoeffding tree': (numFeatures) => new HoeffdingTreeClassifier({ numFeatures }),
  'Hoeffding tree, regression': (numFeatures) => new HoeffdingTreeRegressor({ numFeatures }),
  'Hoeffding adaptive tree': (numFeatures) => new HoeffdingAdaptiveTreeClassifier({ numFeatures }),
  'adaptive random forest': (numFeatures) => new AdaptiveRandomForestClassifier({ numFeatures }),
  'half-space trees': (numFeatures) => pipeline(new MinMaxScaler({ numFeatures }), new HalfSpaceTrees({ numFeatures })),
  'robust z-score': (numFeatures) => new RobustZScore({ numFeatures }),
  DBSTREAM: (numFeatures) => new DBSTREAM({ numFeatures, radius: 2 * Math.sqrt(numFeatures) }),
};

function pipeline(transform: StandardScaler | MinMaxScaler, learner: OnlineLearner<never>): OnlineLearner<never> {
  return new OnlinePipeline({ transforms: [transform], learner });
}

export function newLearner(name: string, d: number): OnlineLearner<never> {
  const learner = LEARNERS[name]?.(d);
  if (learner instanceof OnlineLearner) return learner;
  throw new Error(`no learner ${name}`);
}
