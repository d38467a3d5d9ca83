import { describe, expect, it } from 'vitest';
import { LabeledPoint, Vectors } from '../../src/batch/vector.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import type { StreamingLinearOptions } from '../../src/learners/streaming-linear-algorithm.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const line = (options: StreamingLinearOptions = {}) => new StreamingLinearRegressionWithSGD(options);

/** y = intercept + slope · x with a little noise, x on [−1, 1]. */
function pointsOn(intercept: number, slope: number, count: number, seed = 1): LabeledPoint[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const x = 2 * random.next() - 1;
    return LabeledPoint(intercept + slope * x + 0.01 * nextNormal(random), [x]);
  });
}

const weightsOf = (learner: StreamingLinearRegressionWithSGD) => [...learner.latestModel().weights];

describe('StreamingLinearRegressionWithSGD refuses', () => {
  it.each<[what: string, use: () => unknown, message: string]>([
    ['a step of 0', () => line().setStepSize(0), 'Initial step size must be positive but got 0'],
    ['a step of NaN', () => line({ stepSize: Number.NaN }), 'Initial step size must be positive but got NaN'],
    ['−1 iterations', () => line().setNumIterations(-1), 'Number of iterations must be nonnegative but got -1'],
    ['1.5 iterations', () => line().setNumIterations(1.5), 'Number of iterations must be nonnegative but got 1.5'],
    [
      'a fraction of 0',
      () => line().setMiniBatchFraction(0),
      'Fraction for mini-batch SGD must be in range (0, 1] but got 0',
    ],
    [
      'a fraction above 1',
      () => line({ miniBatchFraction: 1.1 }),
      'Fraction for mini-batch SGD must be in range (0, 1] but got 1.1',
    ],
    ['λ = −1', () => line().setRegParam(-1), 'Regularization parameter must be nonnegative but got -1'],
    [
      'a tolerance above 1',
      () => line().setConvergenceTol(1.1),
      'Convergence tolerance must be in range [0, 1] but got 1.1',
    ],
    [
      'a negative tolerance',
      () => line({ convergenceTol: -0.1 }),
      'Convergence tolerance must be in range [0, 1] but got -0.1',
    ],
    ['no weights', () => line().setInitialWeights([]), 'Number of initial weights must be positive but got 0'],
    [
      'a weight that is not finite',
      () => line().setInitialWeights([1, Infinity]),
      'Initial weights: feature 1: expected a finite number, got Infinity',
    ],
    [
      'an intercept that is not finite',
      () => line().setInitialWeights([1], Number.NaN),
      'Initial intercept must be finite but got NaN',
    ],
  ])('%s', (_what, use, message) => {
    expectRefusal(use, UsageError, 'bad-option', `StreamingLinearRegressionWithSGD: ${message}`);
  });

  it('to be asked for a model before it has weights', () => {
    const message =
      'StreamingLinearRegressionWithSGD: Model must be initialized before starting training; call setInitialWeights';
    expectRefusal(() => line().latestModel(), UsageError, 'not-initialised', message);
  });

  it.each([
    ['a step that is too large', { stepSize: 1e6 }, pointsOn(0, 1, 20)],
    ['labels whose squares overflow', {}, [LabeledPoint(1e200, [1e-200])]],
  ])('%s, and keeps its weights', (_what, options, points) => {
    const learner = line({ ...options, convergenceTol: 0 }).setInitialWeights([0.5]);
    const message =
      'StreamingLinearRegressionWithSGD: weights would leave the finite numbers with step size ' +
      `${learner.params()['stepSize']}; use a smaller one, or scale the features`;
    expectRefusal(() => teach(learner.setNumIterations(500), points), DataError, 'not-finite', message);
    expect(weightsOf(learner)).toEqual([0.5]);
    expect(learner.metrics()).toEqual({});
  });
});

describe('StreamingLinearRegressionWithSGD, batch by batch', () => {
  it('without iterations the weights stay, and the loss is still told', () => {
    const learner = line({ numIterations: 0 }).setInitialWeights([2]);
    expect(teach(learner, [LabeledPoint(1, [1]), LabeledPoint(4, [1])])).toBe((1 + 4) / 2);
    expect(weightsOf(learner)).toEqual([2]);
  });

  it('an empty batch changes nothing', () => {
    const learner = line().setInitialWeights([2], 3);
    expect(teach(learner, [])).toBeUndefined();
    expect([...learner.learnedValues()]).toEqual([2, 3]);
  });

  it('goes on from the weights of the batch before, with the first step again', () => {
    const points = [LabeledPoint(2, [1])];
    const learner = line({ numIterations: 1 }).setInitialWeights([0]);
    teach(learner, points); // w = 0 − 0.1 · (0 − 2)
    expect(weightsOf(learner)[0]).toBeCloseTo(0.2, 15);
    teach(learner, points); // w = 0.2 − 0.1 · (0.2 − 2)
    expect(weightsOf(learner)[0]).toBeCloseTo(0.38, 15);
  });

  it('never converges on its first step, however small that is', () => {
    const points = [LabeledPoint(2, [1])];
    const weightAfter = (numIterations: number) => {
      const learner = line({ stepSize: 1e-6, convergenceTol: 1, numIterations }).setInitialWeights([0]);
      teach(learner, points);
      return weightsOf(learner)[0]!;
    };
    expect(weightAfter(2)).toBeGreaterThan(weightAfter(1));
    expect(weightAfter(50)).toBe(weightAfter(2));
  });

  it('goes on where two steps differ by just the tolerance', () => {
    const points = [LabeledPoint(1, [1])];
    const weightAfter = (numIterations: number, convergenceTol: number) => {
      const learner = line({ stepSize: 0.5, numIterations, convergenceTol }).setInitialWeights([0]);
      teach(learner, points);
      return weightsOf(learner)[0]!;
    };
    const moved = weightAfter(2, 0) - weightAfter(1, 0);
    expect(weightAfter(3, moved)).toBe(weightAfter(3, 0));
    expect(weightAfter(3, moved * (1 + 1e-12))).toBe(weightAfter(2, 0));
  });

  it('comes to the slope of the line where nothing stops it early', () => {
    const learner = line({ stepSize: 1, convergenceTol: 0, numIterations: 500 }).setInitialWeights([0]);
    teach(learner, pointsOn(0, 3, 200));
    expect(weightsOf(learner)[0]).toBeCloseTo(3, 2);
  });
});

describe('the intercept', () => {
  it('is learned on request, and goes on from batch to batch', () => {
    const learner = line({ fitIntercept: true, stepSize: 0.5 }).setInitialWeights([0]);
    const intercepts = Array.from({ length: 8 }, (_, batch) => {
      teach(learner, pointsOn(5, 2, 100, batch));
      return learner.latestModel().intercept;
    });
    expect(intercepts.at(-1)).toBeCloseTo(5, 1);
    expect(weightsOf(learner)[0]).toBeCloseTo(2, 1);
    for (let batch = 1; batch < intercepts.length; batch++) {
      expect(Math.abs(intercepts[batch]! - 5)).toBeLessThan(Math.abs(intercepts[batch - 1]! - 5) + 0.01);
    }
  });

  it('is one gradient step of its own: the mean error', () => {
    const learner = line({ numIterations: 1 }).setFitIntercept(true).setInitialWeights([0], 1);
    teach(learner, [LabeledPoint(2, [1]), LabeledPoint(6, [-1])]); // mean error ((1 − 2) + (1 − 6)) / 2 = −3
    expect(learner.latestModel().intercept).toBeCloseTo(1 + 0.1 * 3, 15);
  });

  it('stays as it was given where none is learned', () => {
    const learner = line().setInitialWeights([0], 7);
    teach(learner, pointsOn(5, 2, 100));
    expect(learner.latestModel().intercept).toBe(7);
  });
});

describe('the L2 penalty', () => {
  it('shrinks the weights by λ · step, and not the intercept', () => {
    const learner = line({ numIterations: 1, regParam: 0.5, fitIntercept: true }).setInitialWeights([4], 4);
    teach(learner, [LabeledPoint(4, [0])]); // no error: only the penalty moves anything
    expect(weightsOf(learner)[0]).toBeCloseTo((1 - 0.1 * 0.5) * 4, 15);
    expect(learner.latestModel().intercept).toBe(4);
  });

  it('ends nearer to zero the larger it is', () => {
    const [none, some, much] = [0, 0.1, 1].map((regParam) => {
      const learner = line({ regParam, stepSize: 1, numIterations: 200, convergenceTol: 0 }).setInitialWeights([0]);
      teach(learner, pointsOn(0, 3, 200));
      return weightsOf(learner)[0]!;
    });
    expect(none).toBeGreaterThan(some!);
    expect(some).toBeGreaterThan(much!);
    expect(much).toBeGreaterThan(0);
  });
});

describe('mini-batches', () => {
  const learned = (miniBatchFraction: number) => {
    const learner = line({ miniBatchFraction, convergenceTol: 0 }).setInitialWeights([0]);
    teach(learner, pointsOn(0, 3, 50));
    return weightsOf(learner)[0]!;
  };

  it('draw the same rows in every run, and not all of them', () => {
    expect(learned(0.3)).toBe(learned(0.3));
    expect(learned(0.3)).not.toBe(learned(1));
  });

  it('average over the rows drawn, so that a small share steps as far as all', () => {
    expect(Math.abs(learned(0.3) - learned(1))).toBeLessThan(0.5);
  });

  it('that draw no row at all leave the weights', () => {
    const learner = line({ miniBatchFraction: 1e-9 }).setInitialWeights([1]);
    teach(learner, pointsOn(0, 3, 5));
    expect(weightsOf(learner)).toEqual([1]);
  });
});

describe('nothing given or taken is shared with the learner', () => {
  it('neither the initial weights nor the latest model', () => {
    const given = [1, 2];
    const learner = line().setInitialWeights(given);
    given[0] = 99;
    const model = learner.latestModel();
    teach(learner, [LabeledPoint(10, [1, 1])]);
    expect([...model.weights]).toEqual([1, 2]);
    model.weights.fill(99);
    expect(Math.max(...weightsOf(learner))).toBeLessThan(10);
  });
});

it('takes sparse weights, and its model predicts dense and sparse points', () => {
  const model = line()
    .setInitialWeights(Vectors.sparse(3, [0, 2], [2, 4]), 1)
    .latestModel();
  expect(model.predict([10, 10, 1])).toBe(1 + 2 * 10 + 4);
  expect(model.predict(Vectors.sparse(3, [2], [0.5]))).toBe(1 + 4 * 0.5);
});
