import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../src/contracts/monitor.ts';
import {
  Accuracy,
  generators,
  LabeledPoint,
  LogLoss,
  MeanAbsoluteError,
  type OnlineLearner,
  progressiveEvaluation,
  R2,
  RootMeanSquaredError,
} from '../../src/index.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { expectClose } from './expect-close.ts';
import { CHICK_WEIGHTS_EVALUATION, SEA_EVALUATION } from './golden-evaluation.ts';
import { ScaledLinear, ScaledLogistic } from './scaled-sgd.ts';

/** Tests and trains row by row: each row is a batch of its own. */
async function evaluated<L extends OnlineLearner<LabeledPoint>>(
  rows: readonly LabeledPoint[],
  learner: L,
  metrics: readonly Metric[],
) {
  const driver = new TestDriver();
  const stream = driver.context.queueStream(rows.map((row) => [row]));
  const evaluation = progressiveEvaluation<LabeledPoint, L>(stream, learner, metrics);
  await driver.runBatches(rows.length);
  await driver.stop();
  return { results: evaluation.results(), progress: driver.progress };
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

  it("give River's figures, and so does the mean as a baseline", async () => {
    const { results, progress } = await evaluated(chickWeights, new ScaledLinear(3), metrics);
    const { learner, baselines } = results;
    const { mae, rmse, r2 } = CHICK_WEIGHTS_EVALUATION.learner;
    expect([learner['mae'], learner['rmse']]).toEqual([mae, rmse]);
    expectClose([learner['r2']!], [r2], 1e-14);
    expectClose(Object.values(baselines['mean']!), Object.values(CHICK_WEIGHTS_EVALUATION.mean), 1e-13);
    expect(progress[10]!.metrics['ProgressiveEvaluation.mae']).toBe(CHICK_WEIGHTS_EVALUATION.maeOfFirst11);
  });
});

describe('SEA concepts, by a scaler and logistic regression', () => {
  it.each(SEA_EVALUATION)('$what', async ({ options, rows: count, accuracy, logLoss, weights, intercept }) => {
    const rows = take(generators.sea({ seed: 42, ...options }), count);
    const learner = new ScaledLogistic(3);
    const { results } = await evaluated(rows, learner, [new Accuracy(), new LogLoss()]);
    expect(results.learner['accuracy']).toBe(accuracy);
    expectClose([results.learner['logLoss']!], [logLoss], 1e-12);
    if (weights !== undefined) expectClose(learner.learnedValues(), [...weights, intercept], 1e-12);
    expect(results.learner['accuracy']).toBeGreaterThan(results.baselines['majority']!['accuracy']!);
    expect(results.learner['accuracy']).toBeGreaterThan(results.baselines['noChange']!['accuracy']!);
  });
});

function take<T>(endless: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const each of endless) {
    if (taken.length === count) break;
    taken.push(each);
  }
  return taken;
}
