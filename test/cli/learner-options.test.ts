import * as path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MODELS } from '../../src/cli/learner-models.ts';
import { addLearnerOptions, createLearner, type LearnerOptions } from '../../src/cli/learner-options.ts';
import {
  AdaptiveRandomForestRegressor,
  DBSTREAM,
  FTRLProximal,
  GaussianNaiveBayes,
  HalfSpaceTrees,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingTreeClassifier,
  MultinomialNaiveBayes,
  OnlinePipeline,
  PassiveAggressiveClassifier,
  PassiveAggressiveRegressor,
  RecursiveLeastSquares,
  RobustZScore,
  SGDClassifier,
  SGDRegressor,
  SoftmaxRegression,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
} from '../../src/index.ts';
import { LEARNER_KINDS } from '../../src/learners/learner-kinds.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

function optionsOf(...args: string[]): LearnerOptions {
  const command = addLearnerOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }));
  return command.parse(args, { from: 'user' }).opts();
}

describe('createLearner', () => {
  it('gives k-means its parameters by their names', async () => {
    const options = optionsOf(
      ...['--model', 'kmeans', '--k', '3', '--decay-factor', '0.9', '--time-unit', 'points'],
      ...['--count-rule', 'undecayed', '--seed', '7'],
    );
    const learner = await createLearner(options, 2);
    const expected = new StreamingKMeans({ k: 3, decayFactor: 0.9, timeUnit: 'points', countRule: 'undecayed' });
    expect(learner.params()).toEqual(expected.params());
    expect(learner.snapshot()).toEqual(expected.setRandomCenters(2, 0, 7).snapshot());
  });

  it('takes a half-life with its unit', async () => {
    const learner = await createLearner(optionsOf('--model', 'kmeans', '--half-life', '5 batches'), 1);
    expect(learner.params()).toMatchObject({ decayFactor: 0.5 ** (1 / 5), timeUnit: 'batches' });
    const points = await createLearner(optionsOf('--model', 'kmeans', '--half-life', '10 points'), 1);
    expect(points.params()).toMatchObject({ timeUnit: 'points' });
  });

  it('starts k-means from given centres', async () => {
    const options = optionsOf('--model', 'kmeans', '--k', '2', '--initial-centers', '0,500; -60,1.5');
    const learner = await createLearner(options, 2);
    expect(learner.learnedValues()).toEqual(Float64Array.of(0, 500, -60, 1.5));
  });

  it('gives a regression its parameters by their names', async () => {
    const options = optionsOf(
      ...['--model', 'linear', '--step-size', '0.5', '--num-iterations', '7', '--mini-batch-fraction', '0.5'],
      ...['--reg-param', '0.1', '--convergence-tol', '0', '--fit-intercept', '--initial-weights', '1,-2'],
    );
    const learner = await createLearner(options, 2);
    expect(learner.params()).toMatchObject({
      stepSize: 0.5,
      numIterations: 7,
      miniBatchFraction: 0.5,
      regParam: 0.1,
      convergenceTol: 0,
      fitIntercept: true,
    });
    expect(learner.snapshot()).toMatchObject({ weights: Float64Array.of(1, -2) });
  });

  it.each([
    [
      'logistic --num-iterations 5 --schedule continuing --decay-factor 0.5 --elastic-net-param 1 --threshold 0.7',
      new StreamingLogisticRegressionWithSGD({
        numIterations: 5,
        schedule: 'continuing',
        decayFactor: 0.5,
        elasticNetParam: 1,
        threshold: 0.7,
      }).setInitialWeights([0, 0]),
    ],
    [
      'sgd-regressor --step-size 0.2 --optimizer adam --reg-param 0.1 --loss absolute --no-fit-intercept',
      new SGDRegressor({
        numFeatures: 2,
        stepSize: 0.2,
        optimizer: 'adam',
        regParam: 0.1,
        loss: 'absolute',
        fitIntercept: false,
      }),
    ],
    [
      'dbstream --radius 2 --fading-factor 0.1 --cleanup-interval 9 --min-weight 0 --intersection-factor 0.3',
      new DBSTREAM({
        numFeatures: 2,
        radius: 2,
        fadingFactor: 0.1,
        cleanupInterval: 9,
        minWeight: 0,
        intersectionFactor: 0.3,
      }),
    ],
    [
      'hoeffding-tree-classifier --grace-period 100 --delta 0.001 --tau 0.1 --max-depth 5 --leaf-prediction mc --num-classes 3',
      new HoeffdingTreeClassifier({
        numFeatures: 2,
        gracePeriod: 100,
        delta: 0.001,
        tau: 0.1,
        maxDepth: 5,
        leafPrediction: 'mc',
        numClasses: 3,
      }),
    ],
    [
      'adaptive-tree-classifier --bootstrap-sampling false --drift-window-threshold 100 --split-criterion gini --seed 7',
      new HoeffdingAdaptiveTreeClassifier({
        numFeatures: 2,
        bootstrapSampling: false,
        driftWindowThreshold: 100,
        splitCriterion: 'gini',
        seed: 7,
      }),
    ],
    [
      'forest-regressor --n-models 3 --max-features sqrt --aggregation-method mean --learning-rate 0.1',
      new AdaptiveRandomForestRegressor({
        numFeatures: 2,
        nModels: 3,
        maxFeatures: 'sqrt',
        aggregationMethod: 'mean',
        learningRate: 0.1,
      }),
    ],
    [
      'half-space-trees --n-trees 4 --height 3 --window-size 50 --limits=-1,2 --seed 5',
      new HalfSpaceTrees({ numFeatures: 2, nTrees: 4, height: 3, windowSize: 50, limits: [-1, 2], seed: 5 }),
    ],
    ['robust-z-score --window-size 99', new RobustZScore({ numFeatures: 2, windowSize: 99 })],
    ['sgd-classifier --loss hinge', new SGDClassifier({ numFeatures: 2, loss: 'hinge' })],
    [
      'softmax --num-classes 4 --optimizer adaGrad',
      new SoftmaxRegression({ numFeatures: 2, numClasses: 4, optimizer: 'adaGrad' }),
    ],
    [
      'ftrl --alpha 0.5 --beta 2 --l1 0.1 --l2 0.2 --steps perBatch',
      new FTRLProximal({ numFeatures: 2, alpha: 0.5, beta: 2, l1: 0.1, l2: 0.2, steps: 'perBatch' }),
    ],
    [
      'passive-aggressive-regressor --variant PA-II --aggressiveness 0.5 --epsilon 0.2',
      new PassiveAggressiveRegressor({ numFeatures: 2, variant: 'PA-II', aggressiveness: 0.5, epsilon: 0.2 }),
    ],
    ['passive-aggressive-classifier --variant PA', new PassiveAggressiveClassifier({ numFeatures: 2, variant: 'PA' })],
    [
      'recursive-least-squares --forgetting-factor 0.99 --initial-uncertainty 10',
      new RecursiveLeastSquares({ numFeatures: 2, forgettingFactor: 0.99, initialUncertainty: 10 }),
    ],
    [
      'gaussian-naive-bayes --num-classes 3 --variance-floor 0.1',
      new GaussianNaiveBayes({ numFeatures: 2, numClasses: 3, varianceFloor: 0.1 }),
    ],
    ['multinomial-naive-bayes --smoothing 0.5', new MultinomialNaiveBayes({ numFeatures: 2, smoothing: 0.5 })],
    [
      'kmeans --initial-centers k-means++ --seed 5',
      new StreamingKMeans({ initialCenters: 'k-means++', numFeatures: 2, seed: 5 }),
    ],
    ['kmeans --initial-centers k-means||', new StreamingKMeans({ initialCenters: 'k-means||', numFeatures: 2 })],
  ])('makes %s', async (args, expected) => {
    const learner = await createLearner(optionsOf('--model', ...args.split(' ')), 2);
    expect(learner.kind).toBe(expected.kind);
    expect(learner.params()).toEqual(expected.params());
    expect(learner.snapshot()).toEqual(expected.snapshot());
  });

  it('makes every learner that can be saved', () => {
    const kinds = Object.values(MODELS).map(({ type }) => type.name);
    expect(kinds.sort()).toEqual(Object.keys(LEARNER_KINDS).sort());
  });

  it('puts a scaler before a learner', async () => {
    const learner = await createLearner(optionsOf('--model', 'sgd-regressor', '--scale', 'min-max'), 2);
    expect(learner).toBeInstanceOf(OnlinePipeline);
    expect(learner.params()).toMatchObject({
      transforms: [{ kind: 'MinMaxScaler' }],
      learner: { kind: 'SGDRegressor' },
    });
  });

  it('goes on from a saved model, with the parameters that are given in place of the saved ones', async () => {
    const file = path.join(await temporaryDirectory(onTestFinished), 'model.json');
    const saved = new StreamingKMeans({ k: 2, decayFactor: 0.9, timeUnit: 'points' }).setRandomCenters(3, 1, 1);
    await saved.save(file);
    const learner = await createLearner(optionsOf('--load', file, '--decay-factor', '0.5'), 3);
    expect(learner.params()).toEqual({ ...saved.params(), decayFactor: 0.5 });
    expect(learner.snapshot()).toEqual(saved.snapshot());
    await expect(createLearner(optionsOf('--load', file, '--model', 'linear'), 3)).rejects.toThrow(
      `--model: ${file} is a kmeans model, not linear`,
    );
    await expect(createLearner(optionsOf('--load', file, '--k', '3'), 3)).rejects.toThrow('expected 3 saved weights');
    await expect(createLearner(optionsOf('--load', file), 4)).rejects.toThrow(
      `--features: ${file} expects 3 features, got 4 columns`,
    );
    const linear = path.join(path.dirname(file), 'linear.json');
    await new StreamingLinearRegressionWithSGD({ stepSize: 0.3 }).setInitialWeights([5]).save(linear);
    await expect(createLearner(optionsOf('--load', linear, '--initial-weights', '2'), 1)).rejects.toThrow(
      `--initial-weights: ${linear} has begun already`,
    );
    await expect(createLearner(optionsOf('--load', linear, '--scale', 'standard'), 1)).rejects.toThrow('--scale: ');
    const rows = path.join(path.dirname(file), 'rows.json');
    await new SGDRegressor({ numFeatures: 1, stepSize: 0.3 }).save(rows);
    const changed = await createLearner(optionsOf('--load', rows, '--reg-param', '2'), 1);
    expect(changed.params()).toMatchObject({ stepSize: 0.3, regParam: 2 });
    const regression = await createLearner(optionsOf('--load', linear, '--num-iterations', '2'), 1);
    expect(regression.params()).toMatchObject({ stepSize: 0.3, numIterations: 2 });
    expect(regression.snapshot()).toMatchObject({ weights: Float64Array.of(5) });
  });

  it.each([
    [['--model', 'kmeans', '--step-size', '1'], '--step-size: a kmeans model has no such parameter'],
    [['--model', 'linear', '--half-life', '1 points'], '--half-life: a linear model has no such parameter'],
    [
      ['--model', 'kmeans', '--initial-centers', '1,2;3'],
      '--initial-centers: expected 2 numbers, one a feature, got 1',
    ],
    [['--model', 'linear', '--initial-weights', '1'], '--initial-weights: expected 2 numbers, one a feature, got 1'],
    [['--model', 'kmeans', '--decay-factor', '-1'], 'Decay factor must be nonnegative but got -1'],
    [['--model', 'kmeans', '--k', '0'], 'Number of clusters must be positive but got 0'],
    [
      ['--model', 'sgd-regressor', '--num-iterations', '3'],
      '--num-iterations: a sgd-regressor model has no such parameter',
    ],
    [['--model', 'sgd-classifier', '--loss', 'squared'], "Loss must be 'logistic' or 'hinge' but got squared"],
    [['--model', 'softmax', '--num-classes', '1'], 'Number of classes must be at least 2 but got 1'],
    [
      ['--model', 'gaussian-naive-bayes', '--fit-intercept'],
      '--fit-intercept: a gaussian-naive-bayes model has no such',
    ],
    [[], '--model: expected kmeans, linear, logistic, '],
  ])('refuses %j', async (args, message) => {
    await expect(createLearner(optionsOf(...args), 2)).rejects.toThrow(message);
  });

  it.each([
    [['--k', 'two'], 'Expected a number.'],
    [['--k', '2.5'], 'Expected a whole number.'],
    [['--half-life', '5'], "Expected such as '5 batches' or '1000 points'."],
    [['--initial-centers', '1,x'], 'Expected a number.'],
    [['--model', 'forest'], 'Allowed choices are kmeans, linear, logistic, '],
  ])('refuses %j while the command line is read', (args, message) => {
    expect(() => optionsOf(...args)).toThrow(message);
  });
});
