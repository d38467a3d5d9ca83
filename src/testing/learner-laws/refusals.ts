import * as assert from 'node:assert/strict';
import type { Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { isSparse, type LabeledPoint, type Vector } from '../../batch/vector.ts';
import { DataError, StateError, UsageError } from '../../errors.ts';
import { type Check, check, notApplicable } from '../check.ts';
import { examplesOf, type LearnerSubject, learn, refusedWith, refuses, stateOf, taught } from './material.ts';

/** Its square, and its product with itself, are beyond the largest number. */
const TOO_LARGE = 1e300;

/** What it refuses, unchanged by it. */
export function* refusalLaws(subject: LearnerSubject): Iterable<Check> {
  const { batches } = subject;
  const [first, second, _third] = batches as [readonly LabeledPoint[], ...(readonly LabeledPoint[])[]];

  yield check('refuses a batch that would take it out of the finite numbers, and is then as before', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    const huge = first.map(({ label, features }) => ({
      label: learner.numClasses === undefined ? -TOO_LARGE : label,
      features: fill(features, TOO_LARGE),
    }));
    try {
      learn(learner, huge);
    } catch (error) {
      refusedWith(error, DataError, 'not-finite');
      assert.equal(stateOf(learner), before);
      return undefined;
    }
    assert.ok(learner.learnedValues().every(Number.isFinite), 'expected a refusal, or finite numbers');
    return notApplicable('it can learn from numbers of any size');
  });

  yield check('refuses features of another width, and is then as before', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    const { features, ...rest } = examplesOf(learner, second!);
    const column = new Float64Array(features.rows);
    for (const columns of [features.columns.slice(1), [...features.columns, column]]) {
      const other: Features = { rows: features.rows, columns };
      refuses(() => learner.update({ ...rest, features: other }), UsageError, 'wrong-width');
      refuses(() => learner.predict(other), UsageError, 'wrong-width');
      if (learner.predictProbabilities === undefined) continue;
      refuses(() => learner.predictProbabilities!(other), UsageError, 'wrong-width');
    }
    assert.equal(stateOf(learner), before);
  });

  yield check('refuses examples without a label for each row, and is then as before', async () => {
    const learner = taught(subject, first);
    if (!learner.supervised) return notApplicable('it needs no labels');
    const before = stateOf(learner);
    const { labels, ...rest } = examplesOf(learner, second!);
    refuses(() => learner.update(rest), UsageError, 'wrong-type');
    refuses(() => learner.update({ ...rest, labels: labels!.subarray(1) }), UsageError, 'wrong-type');
    assert.equal(stateOf(learner), before);
    return undefined;
  });

  yield check('refuses a label that is none of its classes, and is then as before', async () => {
    const learner = taught(subject, first);
    const { numClasses } = learner;
    if (numClasses === undefined) return notApplicable('it takes any label, or none');
    const before = stateOf(learner);
    for (const label of [-1, 0.5, numClasses]) {
      const examples = examplesOf(learner, second!);
      examples.labels![0] = label;
      refuses(() => learner.update(examples), DataError, 'bad-record');
    }
    assert.equal(stateOf(learner), before);
    return undefined;
  });

  yield check('refuses weights that are not one a row, and is then as before', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    const examples = examplesOf(learner, second!);
    const weights = new Float64Array(examples.features.rows + 1);
    refuses(() => learner.update({ ...examples, weights }), UsageError, 'wrong-type');
    assert.equal(stateOf(learner), before);
  });

  yield check('refuses numbers that are none, in any column, and is then as before', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    const { features, labels } = examplesOf(learner, second!);
    const weights = new Float64Array(features.rows).fill(1);
    const examples = { features, weights, ...(labels && { labels }) };
    for (const column of [...features.columns, weights, ...(labels ? [labels] : [])]) {
      const [good] = column;
      for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        column[0] = number;
        assert.throws(() => learner.update(examples), DataError, `${number}`);
      }
      column[0] = good!;
    }
    weights[0] = -1;
    refuses(() => learner.update(examples), DataError, 'bad-record');
    assert.equal(stateOf(learner), before);
  });

  yield check('refuses a snapshot of another shape, and is then as before', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    for (const misfit of [subject.makeOther().snapshot(), ...misfitsOf(learner.snapshot())]) {
      refuses(() => learner.restore(misfit), StateError, 'does-not-fit');
      assert.equal(stateOf(learner), before);
    }
  });

  yield check('refuses to work before it has something to start from', async () => {
    const learner = subject.makeUninitialised?.();
    if (learner === undefined) return notApplicable('a new one can learn at once');
    const examples = examplesOf(subject.make(), first);
    const uses = [
      () => learner.width,
      () => learner.update(examples),
      () => learner.predict(examples.features),
      () => learner.learnedValues(),
      () => learner.snapshot(),
    ];
    for (const use of uses) refuses(use, UsageError, 'not-initialised');
    return undefined;
  });
}

/** The snapshot without each of its columns, with each a value too long, and with text in place of each other part. */
function misfitsOf(snapshot: SnapshotRecord): SnapshotRecord[] {
  return Object.entries(snapshot).flatMap(([name, part]) => {
    const { [name]: _, ...others } = snapshot;
    if (!(part instanceof Float64Array)) return [{ ...others, [name]: 'text' }];
    return [others, { ...others, [name]: Float64Array.of(...part, 1) }];
  });
}

function fill(vector: Vector, value: number): Vector {
  return new Float64Array(isSparse(vector) ? vector.size : vector.length).fill(value);
}
