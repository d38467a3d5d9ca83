import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import { GaussianNaiveBayes } from '../../src/learners/gaussian-naive-bayes.ts';
import { MultinomialNaiveBayes } from '../../src/learners/multinomial-naive-bayes.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const numFeatures = 1;
const gaussian = () => new GaussianNaiveBayes({ numFeatures, numClasses: 3 });

describe('GaussianNaiveBayes', () => {
  it('takes all classes for equally likely before the first row, and none that it never saw after it', () => {
    const learner = gaussian();
    const point = toFeatures([[1]], 1);
    const probabilities = () => learner.predictProbabilities(point).map(([p]) => p);
    expect(probabilities()).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect([...learner.predict(point)]).toEqual([0]);
    teach(learner, [LabeledPoint(2, [5])]);
    expect(probabilities()).toEqual([0, 0, 1]);
  });

  it('tells a finite loss for a class that it never saw', () => {
    const learner = gaussian();
    teach(learner, [LabeledPoint(0, [5])]);
    expect(teach(learner, [LabeledPoint(1, [5])])).toBe(-Math.log(1e-15));
  });

  it('counts a row by its weight', () => {
    const [weighted, repeated] = [gaussian(), gaussian()];
    teach(weighted, [LabeledPoint(1, [4], 2), LabeledPoint(1, [1])]);
    teach(repeated, [LabeledPoint(1, [4]), LabeledPoint(1, [4]), LabeledPoint(1, [1])]);
    expect(weighted.snapshot()).toEqual(repeated.snapshot());
  });

  it('after a decay has learned the same from rows of so much weight', () => {
    const rows = [LabeledPoint(1, [4]), LabeledPoint(1, [1]), LabeledPoint(1, [3]), LabeledPoint(2, [7])];
    const [decayed, light] = [gaussian(), gaussian()];
    teach(decayed, rows);
    decayed.decay(0.5);
    teach(
      light,
      rows.map((row) => ({ ...row, weight: 0.5 })),
    );
    expect(decayed.snapshot()).toEqual(light.snapshot());
  });

  it('learns the same however the stream is cut into batches', () => {
    const rows = Array.from({ length: 20 }, (_, i) => LabeledPoint(i % 3, [i * i]));
    const [whole, cut] = [gaussian(), gaussian()];
    teach(whole, rows);
    for (const row of rows) teach(cut, [row]);
    expect({ ...cut.snapshot(), version: 1 }).toEqual(whole.snapshot());
  });
});

describe('MultinomialNaiveBayes', () => {
  it('after a decay has learned the same from rows of so much weight', () => {
    const rows = [LabeledPoint(1, [4]), LabeledPoint(0, [1]), LabeledPoint(1, [3])];
    const [decayed, light] = [0, 1].map(() => new MultinomialNaiveBayes({ numFeatures }));
    teach(decayed!, rows);
    decayed!.decay(0.25);
    teach(
      light!,
      rows.map((row) => ({ ...row, weight: 0.25 })),
    );
    expect(decayed!.snapshot()).toEqual(light!.snapshot());
  });

  it('refuses a feature below 0, and is then as before', () => {
    const learner = new MultinomialNaiveBayes({ numFeatures });
    teach(learner, [LabeledPoint(1, [2])]);
    const before = learner.snapshot();
    expectRefusal(
      () => teach(learner, [LabeledPoint(0, [1]), LabeledPoint(0, [-1])]),
      DataError,
      'bad-record',
      'MultinomialNaiveBayes: feature 0: expected 0 or more, got -1',
    );
    expect(learner.snapshot()).toEqual(before);
  });
});

it.each<[use: () => unknown, message: string]>([
  [
    () => new GaussianNaiveBayes({ numFeatures, numClasses: 1 }),
    'GaussianNaiveBayes: Number of classes must be at least 2 but got 1',
  ],
  [
    () => new GaussianNaiveBayes({ numFeatures, varianceFloor: 0 }),
    'GaussianNaiveBayes: Variance floor must be positive but got 0',
  ],
  [
    () => new MultinomialNaiveBayes({ numFeatures, smoothing: 0 }),
    'MultinomialNaiveBayes: Smoothing must be positive but got 0',
  ],
])('refuses by name: %s', (use, message) => {
  expectRefusal(use, UsageError, 'bad-option', message);
});
