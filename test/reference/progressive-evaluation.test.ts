import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../src/contracts/monitor.ts';
import {
  Accuracy,
  LabeledPoint,
  LogLoss,
  MeanAbsoluteError,
  OnlinePipeline,
  progressiveEvaluation,
  R2,
  RootMeanSquaredError,
  SGDClassifier,
  SGDRegressor,
  StandardScaler,
} from '../../src/index.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { expectClose } from './expect-close.ts';
import { CHICK_WEIGHTS, SEA_LOGISTIC } from './golden.ts';
import { seaRows } from './sea-rows.ts';

/** River's published table for ChickWeights, recomputed to all digits: the mean of the labels so far, 0 before the first. */
const CHICK_WEIGHTS_MEAN = { mae: 50.250899455914535, rmse: 71.114387433041, r2: -0.002929468639103261 };

const numFeatures = 3;

/** Tests and trains row by row, each row a batch of its own, with a scaler before the learner. */
async function evaluated(
  rows: readonly LabeledPoint[],
  learner: SGDRegressor | SGDClassifier,
  metrics: readonly Metric[],
) {
  const driver = new TestDriver();
  const stream = driver.context.queueStream(rows.map((row) => [row]));
  const pipeline = new OnlinePipeline({ transforms: [new StandardScaler({ numFeatures })], learner });
  const evaluation = progressiveEvaluation(stream, pipeline, metrics);
  await driver.runBatches(rows.length);
  await driver.stop();
  return { ...evaluation.results(), progress: driver.progress };
}

describe('the weights of chicks, by a scaler and linear regression', () => {
  const chickWeights = readFileSync(new URL('../../datasets/chick-weights/chick-weights.csv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [weight, ...features] = line.split(',').map(Number);
      return LabeledPoint(weight!, features);
    });
  const metrics = [new MeanAbsoluteError(), new RootMeanSquaredError(), new R2()];

  it.each(CHICK_WEIGHTS)("give River's figures to all digits, with λ = $regParam", async (expected) => {
    const learner = new SGDRegressor({ numFeatures, regParam: expected.regParam });
    const { learner: figures, progress } = await evaluated(chickWeights, learner, metrics);
    const { meanAbsoluteError, rootMeanSquaredError, r2, firstEleven } = expected;
    expect(figures['mae']).toBe(meanAbsoluteError);
    expectClose([figures['rmse']!, figures['r2']!], [rootMeanSquaredError, r2], 1e-14);
    if (firstEleven !== undefined) expect(progress[10]!.metrics['ProgressiveEvaluation.mae']).toBe(firstEleven);
  });

  it("give River's figures for the mean as a baseline", async () => {
    const { baselines } = await evaluated(chickWeights, new SGDRegressor({ numFeatures }), metrics);
    const { mae, rmse, r2 } = baselines['mean']!;
    expectClose(
      [mae!, rmse!, 1 - r2!],
      [CHICK_WEIGHTS_MEAN.mae, CHICK_WEIGHTS_MEAN.rmse, 1 - CHICK_WEIGHTS_MEAN.r2],
      1e-13,
    );
    expectClose([r2!], [CHICK_WEIGHTS_MEAN.r2], 1e-10);
  });
});

describe('SEA concepts, by a scaler and logistic regression, give the recomputed figures', () => {
  const cases = [
    { stream: 'that stands still', rows: seaRows([8], 5000), expected: SEA_LOGISTIC.still },
    { stream: 'with a tenth of the labels turned', rows: seaRows([8], 5000, 0.1), expected: SEA_LOGISTIC.noisy },
    { stream: 'that drifts', rows: seaRows([8, 9, 7, 9.5], 2000), expected: SEA_LOGISTIC.drifting },
  ];

  it.each(cases)('$stream', async ({ rows, expected }) => {
    const metrics = [new Accuracy(), new LogLoss()];
    const { learner, baselines } = await evaluated(rows, new SGDClassifier({ numFeatures }), metrics);
    expect(learner['accuracy']).toBe(expected.accuracy);
    expectClose([learner['logLoss']!], [expected.logLoss], 1e-12);
    expect(learner['accuracy']).toBeGreaterThan(baselines['majority']!['accuracy']!);
    expect(learner['accuracy']).toBeGreaterThan(baselines['noChange']!['accuracy']!);
  });
});
