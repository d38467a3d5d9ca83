import { describe, expect, it } from 'vitest';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import { StreamingLogisticRegressionWithSGD } from '../../src/learners/streaming-logistic-regression-with-sgd.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const logistic = (...parameters: ConstructorParameters<typeof StreamingLogisticRegressionWithSGD>) =>
  new StreamingLogisticRegressionWithSGD(...parameters).setInitialWeights([1]);

describe('the threshold', () => {
  it('is strict: a score on it is of class 0', () => {
    const model = logistic().latestModel();
    expect([-1e-9, 0, 1e-9].map((x) => model.predict([x]))).toEqual([0, 0, 1]);
  });

  it('can be set, and cleared for scores', () => {
    const learner = logistic({ threshold: 0.9 });
    expect([2, 3].map((x) => learner.latestModel().predict([x]))).toEqual([0, 1]); // σ(2) = 0.88, σ(3) = 0.95
    expect(learner.clearThreshold().latestModel().predict([2])).toBeCloseTo(1 / (1 + Math.exp(-2)), 15);
    expect(new StreamingLogisticRegressionWithSGD({ threshold: null }).params()).toMatchObject({ threshold: null });
  });

  it('is refused out of its range', () => {
    expectRefusal(
      () => logistic({ threshold: 1.1 }),
      UsageError,
      'bad-option',
      'StreamingLogisticRegressionWithSGD: Threshold must be in range [0, 1] but got 1.1',
    );
  });
});

describe('a label other than 0 and 1', () => {
  const batches = [[LabeledPoint(1, [1]), LabeledPoint(2, [1]), LabeledPoint(0, [2])]];

  async function train(badRecords: 'fail' | 'skip') {
    const driver = new TestDriver({ badRecords });
    const learner = logistic();
    learner.trainOn(driver.context.queueStream(batches));
    try {
      await driver.runBatches(1);
    } finally {
      await driver.stop();
    }
    return { learner, progress: driver.progress };
  }

  it('fails the batch, by its place', async () => {
    await expect(train('fail')).rejects.toMatchObject({
      code: 'bad-record',
      message: 'label: expected 0 or 1, got 2 [operator labeled-1, batch 0, record 1]',
    });
  });

  it('is skipped on request, and counted', async () => {
    const { learner, progress } = await train('skip');
    const clean = logistic();
    teach(clean, [batches[0]![0]!, batches[0]![2]!]);
    expect(learner.snapshot()).toEqual(clean.snapshot());
    expect(progress[0]!.rejectedRecords).toBe(1);
  });

  it('is refused outside any stream, too', () => {
    const labels = Float64Array.of(0.5);
    const features = { rows: 1, columns: [Float64Array.of(1)] };
    expectRefusal(
      () => logistic().update({ features, labels }),
      DataError,
      'bad-record',
      'StreamingLogisticRegressionWithSGD: row 0: label: expected 0 or 1, got 0.5',
    );
  });
});

it('tells margins that no exponential reaches', () => {
  const learner = logistic({ numIterations: 0 });
  expect(teach(learner, [LabeledPoint(0, [800])])).toBe(800);
  expect(teach(learner, [LabeledPoint(1, [800])])).toBe(0);
  expect(teach(learner, [LabeledPoint(1, [-800])])).toBe(800);
  const [, ones] = learner.predictProbabilities({ rows: 2, columns: [Float64Array.of(800, -800)] });
  expect([...ones]).toEqual([1, 0]);
});
