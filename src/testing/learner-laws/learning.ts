import * as assert from 'node:assert/strict';
import type { Examples } from '../../batch/examples.ts';
import { isSparse, type LabeledPoint, type SparseVector, type Vector } from '../../batch/vector.ts';
import type { Learner } from '../../contracts/learner.ts';
import { UsageError } from '../../errors.ts';
import { OnlinePipeline } from '../../learners/online-pipeline.ts';
import { type Check, check, notApplicable } from '../check.ts';
import { examplesOf, featuresOf, type LearnerSubject, learn, refuses, stateOf, taught } from './material.ts';

const WEIGHTED_ROWS = 8;

/** Some learners add up losses in single precision. */
const SAME_LOSS_WITHIN = 1e-6;

/** How it learns and predicts. */
export function* learningLaws(subject: LearnerSubject): Iterable<Check> {
  const { batches } = subject;
  const [first, second, _third] = batches as [readonly LabeledPoint[], ...(readonly LabeledPoint[])[]];

  yield check('learns the same from the same batches', async () => {
    assert.ok(batches.length >= 3, `expected at least three batches, got ${batches.length}`);
    assert.equal(stateOf(taught(subject, ...batches)), stateOf(taught(subject, ...batches)));
    assert.notDeepEqual(
      { ...taught(subject, ...batches).snapshot(), version: 0 },
      { ...subject.make().snapshot(), version: 0 },
      'it learns nothing from the batches',
    );
  });

  yield check('predicts one number a row, and changes nothing by it', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    const predictions = learner.predict(featuresOf(learner, second!));
    assert.equal(predictions.length, second!.length);
    assert.ok(predictions.every(Number.isFinite), `expected finite predictions, got ${predictions}`);
    assert.deepEqual(learner.predict(featuresOf(learner, second!)), predictions);
    assert.equal(stateOf(learner), before);
  });

  yield check('neither changes nor keeps what it is given', async () => {
    const learner = subject.make();
    for (const batch of batches) {
      const examples = examplesOf(learner, batch);
      learner.update(examples);
      learner.predict(examples.features);
      assert.deepEqual(examples, examplesOf(learner, batch));
      spoil(examples);
    }
    assert.equal(stateOf(learner), stateOf(taught(subject, ...batches)));
  });

  yield check(
    'learns the same from rows of weight 1 as from rows without, and nothing from those of weight 0',
    async () => {
      const learner = subject.make();
      for (const batch of batches) {
        const doubled = batch.flatMap((row) => [
          { ...row, weight: 1 },
          { ...batch[0]!, weight: 0 },
        ]);
        assertSameLoss(learn(learner, doubled), learn(taughtUpTo(subject, batch), batch));
      }
      assert.equal(stateOf(learner), stateOf(taught(subject, ...batches)));
    },
  );

  const weighted = batches[2]!.slice(0, WEIGHTED_ROWS).map((row, i) => ({ ...row, weight: 1 + 2 * (i % 2) }));

  yield check('learns otherwise from rows of weight 3 than from rows of weight 1', async () => {
    const ones = weighted.map((row) => ({ ...row, weight: 1 }));
    assert.notEqual(stateOf(taught(subject, first, weighted)), stateOf(taught(subject, first, ones)));
  });

  yield check('tells the mean loss by weight', async () => {
    const [before, inTurn] = [taught(subject, first), taught(subject, first)];
    if (before instanceof OnlinePipeline)
      return notApplicable('its transforms learn a row, by its weight, before it is tested');
    const loss = learn(taught(subject, first), weighted)!;
    // Each row's under the model as it was before the batch, or before the row.
    const losses = weighted.map((row) => {
      const ofRow = [before, inTurn].map((learner) => lossOf(subject, learner, row));
      learn(inTurn, [row]);
      return ofRow;
    });
    const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
    const means = [0, 1].map(
      (way) => weighted.reduce((sum, { weight }, i) => sum + weight * losses[i]![way]!, 0) / total,
    );
    const isMean = means.some((mean) => Math.abs(loss - mean) <= SAME_LOSS_WITHIN * (1 + Math.abs(mean)));
    assert.ok(isMean, `expected a loss of ${means.join(' or ')}, got ${loss}`);
    return undefined;
  });

  yield check('counts what it learned as much less as it is told, and refuses what is no share', async () => {
    const learner = taught(subject, first);
    if (learner.decay === undefined) return notApplicable('what it has learned has no weight');
    const before = stateOf(learner);
    learner.decay(1);
    for (const factor of [-0.1, 1.1, Number.NaN]) refuses(() => learner.decay!(factor), UsageError, 'bad-option');
    assert.equal(stateOf(learner), before);
    for (const factor of [0.5, 0]) {
      learner.decay(factor);
      assert.notEqual(stateOf(learner), before);
      learn(learner, batches[2]!);
      assert.ok(learner.learnedValues().every(Number.isFinite), `expected finite numbers after a decay of ${factor}`);
    }
    return undefined;
  });

  yield check('takes an empty batch', async () => {
    const learner = taught(subject, first);
    assert.equal(learn(learner, []), undefined);
    assert.equal(learner.predict(featuresOf(learner, [])).length, 0);
    assert.ok(
      learner.learnedValues().every(Number.isFinite),
      `expected finite numbers, got ${learner.learnedValues()}`,
    );
  });

  yield check('gives a finite loss for every batch that has rows, and finite metrics', async () => {
    const learner = subject.make();
    for (const batch of batches) {
      assert.ok(Number.isFinite(learn(learner, batch)));
      const metrics = Object.entries(learner.metrics?.() ?? {});
      for (const [name, value] of metrics) assert.ok(Number.isFinite(value), `expected a finite ${name}, got ${value}`);
    }
  });

  yield check('gives probabilities that add up to 1, and predicts the likeliest class', async () => {
    const learner = taught(subject, first, second!);
    if (learner.predictProbabilities === undefined) return notApplicable('it gives no probabilities');
    const features = featuresOf(learner, batches.flat());
    const probabilities = learner.predictProbabilities(features);
    assert.equal(probabilities.length, learner.numClasses);
    for (const [row, predicted] of learner.predict(features).entries()) {
      const ofRow = probabilities.map((column) => column[row]!);
      assert.ok(Math.abs(ofRow.reduce((sum, p) => sum + p) - 1) < 1e-12, `expected a sum of 1 from ${ofRow}`);
      assert.ok(
        ofRow.every((p) => p >= 0 && p <= ofRow[predicted]!),
        `expected class ${predicted} likeliest of ${ofRow}`,
      );
    }
    return undefined;
  });

  yield check('learns the same from sparse rows as from dense ones', async () => {
    const sparse = batches.map((batch) =>
      batch.map(({ label, features }) => ({ label, features: toSparse(features) })),
    );
    assert.equal(stateOf(taught(subject, ...sparse)), stateOf(taught(subject, ...batches)));
  });
}

/** As `taught`, by the batches before this one. */
function taughtUpTo(subject: LearnerSubject, batch: readonly LabeledPoint[]): Learner {
  return taught(subject, ...subject.batches.slice(0, subject.batches.indexOf(batch)));
}

/** Of one row by itself; the learner stays as it is. */
function lossOf(subject: LearnerSubject, learner: Learner, { label, features }: LabeledPoint): number {
  const copy = subject.make();
  copy.restore(learner.snapshot());
  return learn(copy, [{ label, features }])!;
}

function spoil({ features, labels }: Examples): void {
  for (const column of features.columns) column.fill(Number.NaN);
  labels?.fill(Number.NaN);
}

function toSparse(vector: Vector): SparseVector {
  if (isSparse(vector)) return vector;
  const entries = Array.from(vector, (value, index) => [index, value] as const).filter(([, value]) => value !== 0);
  return {
    size: vector.length,
    indices: entries.map(([index]) => index),
    values: entries.map(([, value]) => value),
  };
}

/** Losses are equal but for the order in which they are added up; a learner that knows none gives none. */
function assertSameLoss(got: number | undefined, expected: number | undefined): void {
  if (got === undefined || expected === undefined) assert.equal(got, expected);
  else assert.ok(Math.abs(got - expected) <= 1e-12 * (1 + Math.abs(expected)), `${got} is not ${expected}`);
}
