import { expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { GaussianNaiveBayes } from '../../src/learners/gaussian-naive-bayes.ts';
import { MultinomialNaiveBayes } from '../../src/learners/multinomial-naive-bayes.ts';
import { teach } from '../learners/teach.ts';
import { expectClose } from './expect-close.ts';
import { DOCUMENTS, PERSONS, SEA_BAYES_ACCURACY } from './golden.ts';
import { seaRows } from './sea-rows.ts';

it('GaussianNaiveBayes gives the recomputed accuracy on SEA', () => {
  const learner = new GaussianNaiveBayes({ numFeatures: 3 });
  const rows = seaRows([8], 5000);
  const right = rows.map((row) => {
    const [predicted] = learner.predict(toFeatures([row.features], 3));
    teach(learner, [row]);
    return predicted === row.label;
  });
  expect(right.slice(1).filter(Boolean).length / rows.length).toBe(SEA_BAYES_ACCURACY);
});

it('GaussianNaiveBayes gives the printed densities of the person classification', () => {
  const { male, female, sample, maleNumerator, femaleNumerator } = PERSONS;
  const learner = new GaussianNaiveBayes({ numFeatures: 3 });
  teach(learner, [...male.map((x) => LabeledPoint(0, x)), ...female.map((x) => LabeledPoint(1, x))]);
  const [ofMale, ofFemale] = learner.predictProbabilities(toFeatures([sample], 3));
  // The page goes on with variances that it has rounded to five digits.
  const [got, printed] = [ofMale![0]! / ofFemale![0]!, maleNumerator / femaleNumerator];
  expect(Math.abs(got / printed - 1)).toBeLessThan(3e-4);
  expect([...learner.predict(toFeatures([sample], 3))]).toEqual([1]);
});

it('MultinomialNaiveBayes gives the printed posterior of the example with five documents', () => {
  const { vocabulary, china, notChina, sample, chinaNumerator, notChinaNumerator } = DOCUMENTS;
  const counted = (words: readonly string[]) => vocabulary.map((term) => words.filter((word) => word === term).length);
  const learner = new MultinomialNaiveBayes({ numFeatures: 6 });
  teach(learner, [
    ...china.map((words) => LabeledPoint(1, counted(words))),
    ...notChina.map((words) => LabeledPoint(0, counted(words))),
  ]);
  const probabilities = learner.predictProbabilities(toFeatures([counted(sample)], 6));
  const total = chinaNumerator + notChinaNumerator;
  expectClose(
    probabilities.map(([p]) => p!),
    [notChinaNumerator / total, chinaNumerator / total],
    1e-14,
  );
});
