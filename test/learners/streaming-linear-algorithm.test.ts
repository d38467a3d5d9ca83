import { describe, expect, it } from 'vitest';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import type { StepSchedule, StreamingLinearOptions } from '../../src/learners/streaming-linear-algorithm.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const line = (options: StreamingLinearOptions = {}) =>
  new StreamingLinearRegressionWithSGD({ convergenceTol: 0, ...options }).setInitialWeights([0]);

const weightOf = (learner: StreamingLinearRegressionWithSGD) => learner.latestModel().weights[0]!;

describe('the schedule', () => {
  const point = [LabeledPoint(1, [1])];

  it('perBatch begins each batch with the first step again; continuing counts on', () => {
    const trained = (schedule: StepSchedule, batches: number) => {
      const learner = line({ schedule, numIterations: 2 });
      for (let batch = 0; batch < batches; batch++) teach(learner, point);
      return weightOf(learner);
    };
    // The error shrinks by 1 − η/√i at step i.
    const left = (...steps: number[]) => 1 - steps.reduce((error, i) => error * (1 - 0.1 / Math.sqrt(i)), 1);
    expect(trained('perBatch', 2)).toBeCloseTo(left(1, 2, 1, 2), 15);
    expect(trained('continuing', 2)).toBeCloseTo(left(1, 2, 3, 4), 15);
    expect(trained('continuing', 1)).toBe(trained('perBatch', 1));
  });

  it('continuing settles on a stream that does not drift, where perBatch trembles', () => {
    const random = seededRandom(1);
    const batches = Array.from({ length: 200 }, () =>
      Array.from({ length: 5 }, () => LabeledPoint(3 + nextNormal(random), [1])),
    );
    const [begun, continued] = (['perBatch', 'continuing'] as const).map((schedule) => {
      const learner = line({ schedule, stepSize: 0.5, numIterations: 5 });
      const weights = batches.map((points) => {
        teach(learner, points);
        return weightOf(learner);
      });
      const late = weights.slice(100);
      return Math.max(...late) - Math.min(...late);
    });
    expect(continued).toBeLessThan(begun! / 3);
  });
});

describe('the decay factor', () => {
  /** Each batch's descent ends on its own mean: one step of 1 on the constant feature. */
  const meansOf = (decayFactor: number, batches: readonly (readonly number[])[]) => {
    const learner = line({ stepSize: 1, numIterations: 1, decayFactor });
    for (const labels of batches)
      teach(
        learner,
        labels.map((label) => LabeledPoint(label, [1])),
      );
    return weightOf(learner);
  };

  it('of 1 averages over all rows, and of 0 keeps the last batch, as Spark does', () => {
    const batches = [[1, 2, 3], [10], [4, 8]];
    expect(meansOf(1, batches)).toBeCloseTo((1 + 2 + 3 + 10 + 4 + 8) / 6, 14);
    expect(meansOf(0, batches)).toBeCloseTo(6, 14);
  });

  it('between them discounts the rows of each batch by the batches since', () => {
    expect(meansOf(0.5, [[4, 4], [10], [1]])).toBeCloseTo((0.25 * 8 + 0.5 * 10 + 1) / (0.25 * 2 + 0.5 + 1), 14);
  });
});

describe('the L1 penalty', () => {
  it('takes λ · step from the size of a weight, and stops at zero', () => {
    const trained = (start: number) => {
      const learner = line({ numIterations: 1, regParam: 2, elasticNetParam: 1 }).setInitialWeights([start]);
      teach(learner, [LabeledPoint(0, [0])]); // no error: only the penalty moves anything
      return weightOf(learner);
    };
    expect(trained(1)).toBeCloseTo(0.8, 15);
    expect(trained(-1)).toBeCloseTo(-0.8, 15);
    expect(Math.abs(trained(0.1))).toBe(0);
  });

  it('leaves a feature out that says nothing', () => {
    const random = seededRandom(1);
    const points = Array.from({ length: 500 }, () => {
      const x = nextNormal(random);
      return LabeledPoint(2 * x + 0.1 * nextNormal(random), [x, nextNormal(random)]);
    });
    const learner = line({ regParam: 0.1, elasticNetParam: 1, numIterations: 100 }).setInitialWeights([0, 0]);
    teach(learner, points);
    const [informative, noise] = learner.latestModel().weights;
    expect(informative).toBeGreaterThan(1.5);
    expect(Math.abs(noise!)).toBe(0);
  });
});

it.each<[StreamingLinearOptions, string]>([
  [{ elasticNetParam: 1.1 }, 'L1 share must be in range [0, 1] but got 1.1'],
  [{ decayFactor: -1 }, 'Decay factor must be nonnegative but got -1'],
  [{ schedule: 'never' as StepSchedule }, "Schedule must be 'perBatch' or 'continuing' but got never"],
])('refuses %j', (options, message) => {
  expectRefusal(() => line(options), UsageError, 'bad-option', `StreamingLinearRegressionWithSGD: ${message}`);
});
