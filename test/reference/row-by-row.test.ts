import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { FTRLProximal } from '../../src/learners/ftrl-proximal.ts';
import { PassiveAggressiveClassifier } from '../../src/learners/passive-aggressive-classifier.ts';
import { PassiveAggressiveRegressor } from '../../src/learners/passive-aggressive-regressor.ts';
import { teach } from '../learners/teach.ts';
import { expectClose } from './expect-close.ts';
import { FIVE_ROWS, FLINK_FTRL, FTRL_ROWS, PASSIVE_AGGRESSIVE } from './golden.ts';

const { features, classes, values } = FIVE_ROWS;
const classified = features.map((x, i) => LabeledPoint(classes[i]!, x));
const valued = features.map((x, i) => LabeledPoint(values[i]!, x));
const lastTwo = valued.map(({ label }, i) => LabeledPoint(label, features[i]!.slice(1)));

describe('FTRLProximal', () => {
  it('gives the numbers of Flink ML’s test, a step a batch', () => {
    const learner = new FTRLProximal({ numFeatures: 2, fitIntercept: false, steps: 'perBatch', ...FLINK_FTRL.options });
    learner.setInitialWeights(FLINK_FTRL.start);
    for (const { zeros, ones, weights, zeroAt } of FLINK_FTRL.batches) {
      teach(learner, [...zeros.map((x) => LabeledPoint(0, x)), ...ones.map((x) => LabeledPoint(1, x))]);
      expectClose(learner.weights, weights);
      const points = toFeatures(
        zeroAt.map(({ x }) => x),
        2,
      );
      expectClose(
        learner.predictProbabilities(points)[0],
        zeroAt.map(({ probability }) => probability),
      );
    }
  });

  it('gives the numbers of its paper’s rule, row by row', () => {
    const learner = new FTRLProximal({ numFeatures: 3, fitIntercept: false, ...FTRL_ROWS.options });
    const predictions = classified.map((point) => {
      const [, ones] = learner.predictProbabilities(toFeatures([point.features], 3));
      teach(learner, [point]);
      return ones[0]!;
    });
    expectClose(predictions, FTRL_ROWS.predictions);
    expectClose(learner.weights, FTRL_ROWS.weights);
    const { z, n } = learner.snapshot() as { z: Float64Array; n: Float64Array };
    expectClose(z, FTRL_ROWS.z);
    expectClose(n, FTRL_ROWS.n);
  });
});

describe('the passive-aggressive learners give the numbers of their paper’s rules', () => {
  const { aggressiveness } = PASSIVE_AGGRESSIVE;

  it.each(PASSIVE_AGGRESSIVE.classifier)('classifier, $variant', ({ variant, weights }) => {
    const options = { numFeatures: 3, fitIntercept: false, variant, aggressiveness };
    const learner = new PassiveAggressiveClassifier(options);
    teach(learner, classified);
    expectClose(learner.weights, weights);
    expect(learner.intercept).toBe(0);
  });

  it.each(PASSIVE_AGGRESSIVE.regressor)('regressor, $variant', ({ variant, weights }) => {
    const options = { numFeatures: 2, fitIntercept: false, variant, aggressiveness, epsilon: 0.1 };
    const learner = new PassiveAggressiveRegressor(options);
    teach(learner, lastTwo);
    expectClose(learner.weights, weights);
  });
});
