// Makes the golden models of this format version. Run by hand, once a version, after npm run build: node models/make-golden-models.mjs
// It never replaces a model: those that are there were written by the version that they stand for.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  AdaptiveRandomForestClassifier,
  AdaptiveRandomForestRegressor,
  assembleLabeled,
  DBSTREAM,
  FTRLProximal,
  GaussianNaiveBayes,
  HalfSpaceTrees,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingAdaptiveTreeRegressor,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
  LabeledPoint,
  MultinomialNaiveBayes,
  OnlinePipeline,
  PassiveAggressiveClassifier,
  PassiveAggressiveRegressor,
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
import { loadTensorFlow, StreamingNeuralClassifier, StreamingNeuralRegressor } from 'millrace/pipelines';

const FORMAT_VERSION = 1;
const ROWS = 2000;
const ROWS_PER_BATCH = 100;

const flights = (await readFile(new URL('../datasets/flights/flights-50k.csv', import.meta.url), 'utf8'))
  .split('\n')
  .slice(1, 1 + ROWS)
  .map((line) => line.split(','))
  .map(([date, delay, distance]) => {
    const hour = Number(date.slice(11, 13));
    return LabeledPoint(Number(delay) / 60, [Number(distance) / 1000, hour / 24]);
  });

const kMeans = new StreamingKMeans({ k: 3, decayFactor: 0.9, timeUnit: 'batches' });
kMeans.setInitialCenters(
  [0, 50, 100].map((row) => flights[row].features),
  [1, 1, 1],
);
const linear = new StreamingLinearRegressionWithSGD({ stepSize: 0.2, regParam: 0.001, fitIntercept: true });
linear.setInitialWeights([0, 0]);

const logistic = new StreamingLogisticRegressionWithSGD({ stepSize: 0.5, fitIntercept: true, threshold: null });
logistic.setInitialWeights([0, 0]);

/** What a classifier learns: whether a flight goes 600 miles or more. */
const classified = flights.map(({ features }) => LabeledPoint(features[0] >= 0.6 ? 1 : 0, features));

/** Trees that grow on so few rows, and whose leaves are easily read. */
const tree = { numFeatures: 2, gracePeriod: 50, delta: 0.1, tau: 0.2 };
const forest = { ...tree, nModels: 3 };

/** A network that is easily read. */
const network = { numFeatures: 2, hiddenLayers: [3], activation: 'tanh', stepSize: 0.05 };
await loadTensorFlow();

const learners = {
  'adaptive-random-forest-classifier': new AdaptiveRandomForestClassifier({ ...forest, leafPrediction: 'mc' }),
  'adaptive-random-forest-regressor': new AdaptiveRandomForestRegressor({ ...forest, leafPrediction: 'mean' }),
  dbstream: new DBSTREAM({ numFeatures: 2, radius: 0.25, cleanupInterval: 500, intersectionFactor: 0.3 }),
  'ftrl-proximal': new FTRLProximal({ numFeatures: 2, l1: 0.5 }),
  'gaussian-naive-bayes': new GaussianNaiveBayes({ numFeatures: 2 }),
  'half-space-trees': new HalfSpaceTrees({ numFeatures: 2, nTrees: 3, height: 4, limits: [0, 3] }),
  'hoeffding-adaptive-tree-classifier': new HoeffdingAdaptiveTreeClassifier({ ...tree, leafPrediction: 'mc' }),
  'hoeffding-adaptive-tree-regressor': new HoeffdingAdaptiveTreeRegressor({
    ...tree,
    gracePeriod: 500,
    leafPrediction: 'mean',
  }),
  'hoeffding-tree-classifier': new HoeffdingTreeClassifier({ ...tree, leafPrediction: 'mc' }),
  'hoeffding-tree-regressor': new HoeffdingTreeRegressor({ ...tree, leafPrediction: 'mean' }),
  'multinomial-naive-bayes': new MultinomialNaiveBayes({ numFeatures: 2 }),
  'online-pipeline': new OnlinePipeline({
    transforms: [new StandardScaler({ numFeatures: 2 })],
    learner: new SGDRegressor({ numFeatures: 2 }),
  }),
  'passive-aggressive-classifier': new PassiveAggressiveClassifier({ numFeatures: 2 }),
  'passive-aggressive-regressor': new PassiveAggressiveRegressor({ numFeatures: 2, variant: 'PA-II', epsilon: 0.05 }),
  'recursive-least-squares': new RecursiveLeastSquares({ numFeatures: 2, forgettingFactor: 0.999 }),
  'robust-z-score': new RobustZScore({ numFeatures: 2, windowSize: 1000 }),
  'sgd-classifier': new SGDClassifier({ numFeatures: 2, optimizer: 'adaGrad', stepSize: 0.5 }),
  'sgd-regressor': new SGDRegressor({ numFeatures: 2, optimizer: 'adam' }),
  'softmax-regression': new SoftmaxRegression({ numFeatures: 2, numClasses: 2, stepSize: 0.5 }),
  'streaming-k-means': kMeans,
  'streaming-linear-regression': linear,
  'streaming-logistic-regression': logistic,
  'streaming-neural-classifier': new StreamingNeuralClassifier({ ...network, numClasses: 2 }),
  'streaming-neural-regressor': new StreamingNeuralRegressor(network),
};

for (const [name, learner] of Object.entries(learners)) {
  const points = learner.numClasses === undefined ? flights : classified;
  for (let row = 0; row < ROWS; row += ROWS_PER_BATCH) {
    learner.update(
      assembleLabeled(points.slice(row, row + ROWS_PER_BATCH), learner.width, (_, error) => {
        throw error;
      }),
    );
  }
  const file = fileURLToPath(new URL(`${name}-v${FORMAT_VERSION}.json`, import.meta.url));
  if (existsSync(file)) process.stdout.write(`${file} is there, and stays as it is\n`);
  else await learner.save(file);
}
