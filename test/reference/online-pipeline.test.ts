import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { OnlinePipeline } from '../../src/learners/online-pipeline.ts';
import { SGDClassifier } from '../../src/learners/sgd-classifier.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { StandardScaler } from '../../src/learners/transforms/standard-scaler.ts';
import { teach } from '../learners/teach.ts';
import { expectClose } from './expect-close.ts';
import { CHICK_WEIGHTS, SEA_LOGISTIC } from './golden.ts';
import { seaRows } from './sea-rows.ts';

const numFeatures = 3;

const chicks = readFileSync(new URL('../../datasets/chick-weights/chick-weights.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number))
  .map(([weight, ...features]) => LabeledPoint(weight!, features));

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a scaler and SGDRegressor give the figures of River’s table on ChickWeights', () => {
  it.each(CHICK_WEIGHTS)('λ = $regParam', (expected) => {
    const learner = new SGDRegressor({ numFeatures, regParam: expected.regParam });
    const pipeline = new OnlinePipeline({ transforms: [new StandardScaler({ numFeatures })], learner });
    const errors = chicks.map((chick) => {
      const [predicted] = pipeline.predict(toFeatures([chick.features], numFeatures));
      teach(pipeline, [chick]);
      return chick.label - predicted!;
    });
    expect(errors).toHaveLength(578);
    const middle = mean(chicks.map(({ label }) => label));
    const residual = mean(errors.map((error) => error ** 2));
    expectClose([mean(errors.map(Math.abs))], [expected.meanAbsoluteError], 1e-15);
    expectClose([Math.sqrt(residual)], [expected.rootMeanSquaredError], 1e-14);
    expectClose([1 - residual / mean(chicks.map(({ label }) => (label - middle) ** 2))], [expected.r2], 1e-14);
    if (expected.firstEleven !== undefined) {
      expectClose([mean(errors.slice(0, 11).map(Math.abs))], [expected.firstEleven], 1e-14);
    }
  });
});

describe('a scaler and SGDClassifier give the recomputed figures on SEA', () => {
  function evaluated(rows: readonly LabeledPoint[]) {
    const learner = new SGDClassifier({ numFeatures });
    const pipeline = new OnlinePipeline({ transforms: [new StandardScaler({ numFeatures })], learner });
    const probabilities = rows.map((row) => {
      const [, ones] = pipeline.predictProbabilities!(toFeatures([row.features], numFeatures));
      teach(pipeline, [row]);
      return ones![0]!;
    });
    const right = probabilities.map((p, i) => (p > 0.5 ? 1 : 0) === rows[i]!.label);
    const losses = probabilities.map((p, i) => {
      const clipped = Math.min(1 - 1e-15, Math.max(1e-15, p));
      return -Math.log(rows[i]!.label === 1 ? clipped : 1 - clipped);
    });
    return { learner, accuracy: right.filter(Boolean).length / rows.length, logLoss: mean(losses) };
  }

  it('that stands still', () => {
    const { learner, accuracy, logLoss } = evaluated(seaRows([8], 5000));
    const { still } = SEA_LOGISTIC;
    expect(accuracy).toBe(still.accuracy);
    expectClose([logLoss, ...learner.learnedValues()], [still.logLoss, ...still.weights, still.intercept], 1e-12);
  });

  it('with a tenth of the labels turned', () => {
    const { accuracy, logLoss } = evaluated(seaRows([8], 5000, 0.1));
    expect(accuracy).toBe(SEA_LOGISTIC.noisy.accuracy);
    expectClose([logLoss], [SEA_LOGISTIC.noisy.logLoss], 1e-12);
  });

  it('that drifts', () => {
    const { accuracy, logLoss } = evaluated(seaRows([8, 9, 7, 9.5], 2000));
    expect(accuracy).toBe(SEA_LOGISTIC.drifting.accuracy);
    expectClose([logLoss], [SEA_LOGISTIC.drifting.logLoss], 1e-12);
  });
});
