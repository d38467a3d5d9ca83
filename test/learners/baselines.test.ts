/** Each learner but trees against those that never look at the features, on the streams that the field compares learners on. */
import { describe, expect, it } from 'vitest';
import {
  Accuracy,
  conceptDriftStream,
  Ddm,
  FTRLProximal,
  GaussianNaiveBayes,
  generators,
  type LabeledPoint,
  type Metric,
  MultinomialNaiveBayes,
  OneHotEncoder,
  type OnlineLearner,
  OnlinePipeline,
  PassiveAggressiveClassifier,
  PassiveAggressiveRegressor,
  progressiveEvaluation,
  RecursiveLeastSquares,
  RootMeanSquaredError,
  SGDClassifier,
  SGDRegressor,
  SoftmaxRegression,
  StandardScaler,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
} from '../../src/index.ts';
import type { GeneratedRow } from '../../src/sources/generators/row-generator.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { rowsOf } from '../sources/generators/rows-of.ts';
import { teach } from './teach.ts';
import { classStreams, numberStreams } from './trees/streams.ts';

type Learner = OnlineLearner<LabeledPoint>;

const ROWS = 8000;
const BATCH = 100;
const BINS = 10;

function scaled(learner: Learner): Learner {
  return new OnlinePipeline({ transforms: [new StandardScaler({ numFeatures: learner.width })], learner });
}

/** Of features that are bins, as counts of 0 and 1. */
function ofBins(numFeatures: number, numClasses: number): Learner {
  const encoder = new OneHotEncoder({ numFeatures, maxCategories: BINS });
  const learner = new MultinomialNaiveBayes({ numFeatures: encoder.outputWidth, numClasses });
  return new OnlinePipeline<LabeledPoint>({ transforms: [encoder], learner });
}

/** In which of ten equal parts of its range each feature is. */
function binned(rows: readonly GeneratedRow[]): GeneratedRow[] {
  const columns = rows[0]!.features.map((_, j) => rows.map(({ features }) => features[j]!));
  const bins = columns.map((column) => {
    const least = Math.min(...column);
    const width = (Math.max(...column) - least) / BINS;
    return column.map((value) => Math.min(BINS - 1, Math.floor((value - least) / width)));
  });
  return rows.map(({ label }, i) => ({ label, features: bins.map((bin) => bin[i]!) }));
}

/** One figure of the learner, and those of its baselines. */
async function evaluated(rows: readonly LabeledPoint[], learner: Learner, metric: Metric, restartsOnDrift = false) {
  const size = Math.min(BATCH, Math.ceil(rows.length / 30));
  const batches = Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));
  const driver = new TestDriver();
  const evaluation = progressiveEvaluation(driver.context.queueStream(batches), learner, [metric]);
  if (restartsOnDrift) evaluation.onDrift(new Ddm(), (_, { restart }) => restart());
  await driver.runBatches(batches.length);
  await driver.stop();
  const results = evaluation.results();
  expect(results.rows).toBe(rows.length);
  const others = Object.values(results.baselines).map((figures) => figures[metric.name]!);
  expect(others).toHaveLength(2);
  return { own: results.learner[metric.name]!, others };
}

const ofTwoClasses: Readonly<Record<string, (numFeatures: number) => Learner>> = {
  'SGDClassifier, logistic': (numFeatures) => scaled(new SGDClassifier({ numFeatures })),
  'SGDClassifier, hinge': (numFeatures) => scaled(new SGDClassifier({ numFeatures, loss: 'hinge' })),
  'SGDClassifier, adaGrad': (numFeatures) =>
    scaled(new SGDClassifier({ numFeatures, optimizer: 'adaGrad', stepSize: 0.1 })),
  'SGDClassifier, adam': (numFeatures) => scaled(new SGDClassifier({ numFeatures, optimizer: 'adam' })),
  FTRLProximal: (numFeatures) => scaled(new FTRLProximal({ numFeatures })),
  PassiveAggressiveClassifier: (numFeatures) =>
    scaled(new PassiveAggressiveClassifier({ numFeatures, aggressiveness: 0.01 })),
  StreamingLogisticRegressionWithSGD: (numFeatures) =>
    scaled(
      new StreamingLogisticRegressionWithSGD({ fitIntercept: true }).setInitialWeights(new Float64Array(numFeatures)),
    ),
};

/** Those who never forget begin anew where a detector finds drift. */
const ofManyClasses: Readonly<Record<string, (numFeatures: number, numClasses: number) => Learner>> = {
  SoftmaxRegression: (numFeatures, numClasses) => scaled(new SoftmaxRegression({ numFeatures, numClasses })),
  'GaussianNaiveBayes, restarted on drift': (numFeatures, numClasses) =>
    new GaussianNaiveBayes({ numFeatures, numClasses }),
  'MultinomialNaiveBayes of bins, restarted on drift': ofBins,
};

const { randomRbf } = generators;

/** Three rules, one after the other. */
const [first, second, third] = [0, 5, 7].map((variant, i) => generators.agrawal({ seed: 1 + i, variant }));
const change = { position: ROWS / 3, width: 1 };
const agrawal = conceptDriftStream({
  from: first!,
  to: conceptDriftStream({ from: second!, to: third!, ...change }),
  ...change,
});

const streams: Readonly<Record<string, readonly GeneratedRow[]>> = {
  'SEA, drifting': rowsOf(generators.sea({ blockRows: ROWS / 4 }), ROWS),
  'Agrawal, drifting': rowsOf(agrawal, ROWS),
  'random RBF of two classes, drifting': rowsOf(randomRbf({ seed: 2, classes: 2, speed: 0.001 }), ROWS),
};

describe.each(Object.entries(streams))('on the stream %s', (_, rows) => {
  it.each(Object.entries(ofTwoClasses))('%s beats the last label and the majority class', async (__, make) => {
    const { own, others } = await evaluated(rows, make(rows[0]!.features.length), new Accuracy());
    expect(own).toBeGreaterThan(Math.max(...others) + 0.01);
  });
});

const manyStreams = { ...streams, 'random RBF of five classes, drifting': classStreams['random RBF, fast'].rows(ROWS) };

describe.each(Object.entries(manyStreams))('on the stream %s', (name, rows) => {
  it.each(Object.entries(ofManyClasses))('%s beats the last label and the majority class', async (learner, make) => {
    const given = make === ofBins ? binned(rows) : rows;
    const width = given[0]!.features.length;
    const restarts = learner.includes('restarted');
    const { own, others } = await evaluated(
      given,
      make(width, name.includes('five') ? 5 : 2),
      new Accuracy(),
      restarts,
    );
    expect(own).toBeGreaterThan(Math.max(...others) + 0.01);
  });
});

/** `stepSize`: by the stream, as the labels' unit asks for. */
const ofNumbers: Readonly<Record<string, (numFeatures: number, stepSize: number) => Learner>> = {
  SGDRegressor: (numFeatures, stepSize) => scaled(new SGDRegressor({ numFeatures, stepSize })),
  RecursiveLeastSquares: (numFeatures) => new RecursiveLeastSquares({ numFeatures }),
  StreamingLinearRegressionWithSGD: (numFeatures) =>
    scaled(
      new StreamingLinearRegressionWithSGD({ fitIntercept: true, schedule: 'continuing' }).setInitialWeights(
        new Float64Array(numFeatures),
      ),
    ),
  'PassiveAggressiveRegressor, PA-II': (numFeatures, stepSize) =>
    scaled(new PassiveAggressiveRegressor({ numFeatures, variant: 'PA-II', aggressiveness: stepSize })),
};

describe.each(Object.entries(numberStreams))('on the stream %s', (name, rowsFor) => {
  const rows = rowsFor(name === 'flights' ? 50_000 : ROWS);
  it.each(Object.entries(ofNumbers))('%s beats the last label and the mean', async (_, make) => {
    const learner = make(rows[0]!.features.length, name === 'flights' ? 0.001 : 0.01);
    const { own, others } = await evaluated(rows, learner, new RootMeanSquaredError());
    expect(own).toBeLessThan(Math.min(...others));
  });
});

it.each([
  ['random RBF, drifting', streams['random RBF of two classes, drifting']!, 0.8],
  ['flights', numberStreams['flights']!(50_000), 0.1],
] as const)('StreamingKMeans of ten centres costs less than the mean, on %s', (_, rows, share) => {
  const numFeatures = rows[0]!.features.length;
  const costs = [10, 1].map((k) => {
    const learner = new StreamingKMeans({ k, decayFactor: 0.9, initialCenters: 'k-means++', numFeatures });
    let cost = 0;
    for (let start = 0; start < rows.length; start += BATCH) {
      const batch = rows.slice(start, start + BATCH).map(({ features }) => features);
      cost += teach(learner, batch)! * batch.length;
    }
    return cost;
  });
  expect(costs[0]).toBeLessThan(share * costs[1]!);
});
