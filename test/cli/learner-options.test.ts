import * as path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addLearnerOptions, createLearner, type LearnerOptions } from '../../src/cli/learner-options.ts';
import { StreamingKMeans, StreamingLinearRegressionWithSGD } from '../../src/index.ts';
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
    [[], "--model: expected 'kmeans' or 'linear', got none"],
  ])('refuses %j', async (args, message) => {
    await expect(createLearner(optionsOf(...args), 2)).rejects.toThrow(message);
  });

  it.each([
    [['--k', 'two'], 'Expected a number.'],
    [['--k', '2.5'], 'Expected a whole number.'],
    [['--half-life', '5'], "Expected such as '5 batches' or '1000 points'."],
    [['--initial-centers', '1,x'], 'Expected a number.'],
    [['--model', 'forest'], 'Allowed choices are kmeans, linear.'],
  ])('refuses %j while the command line is read', (args, message) => {
    expect(() => optionsOf(...args)).toThrow(message);
  });
});
