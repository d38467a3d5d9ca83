import * as assert from 'node:assert/strict';
import { type Snapshot, snapshotFromText, snapshotToText } from '../../batch/snapshot.ts';
import type { LabeledPoint } from '../../batch/vector.ts';
import { StateError } from '../../errors.ts';
import { OnlineLearner } from '../../learners/online-learner.ts';
import { type Check, check, notApplicable } from '../check.ts';
import { featuresOf, type LearnerSubject, learn, refuses, stateOf, taught } from './material.ts';

/** Sums in another order round otherwise. */
const MERGED_WITHIN = 1e-9;

/** What it remembers. */
export function* stateLaws(subject: LearnerSubject): Iterable<Check> {
  const { batches } = subject;
  const [first, second, third] = batches as [readonly LabeledPoint[], ...(readonly LabeledPoint[])[]];

  yield check('gives away nothing that it still needs', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    learner.learnedValues().fill(Number.NaN);
    learner.predict(featuresOf(learner, second!)).fill(Number.NaN);
    for (const part of Object.values(learner.snapshot())) if (part instanceof Float64Array) part.fill(Number.NaN);
    assert.equal(stateOf(learner), before);
  });

  yield check('goes on from its snapshot, bit for bit', async () => {
    const learner = taught(subject, first);
    const restored = subject.make();
    restored.restore(learner.snapshot());
    for (const batch of batches) {
      assert.deepEqual(restored.predict(featuresOf(restored, batch)), learner.predict(featuresOf(learner, batch)));
      assert.equal(learn(restored, batch), learn(learner, batch));
    }
    assert.equal(stateOf(restored), stateOf(learner));
  });

  yield check('makes snapshots that later batches do not touch, and keeps none that it is given', async () => {
    const learner = taught(subject, first);
    const snapshot = learner.snapshot();
    const text = snapshotToText(snapshot);
    learn(learner, second!);
    assert.equal(snapshotToText(snapshot), text);
    learner.restore(snapshot);
    learn(learner, third!);
    assert.equal(snapshotToText(snapshot), text);
  });

  yield check('gives its model of the moment, which stays as it is when the learner goes on', async () => {
    const learner = taught(subject, first);
    if (!(learner instanceof OnlineLearner)) return notApplicable('it is no OnlineLearner');
    const predicted = Array.from(learner.predict(featuresOf(learner, third!)));
    const model = learner.latestModel();
    for (const batch of [second!, third!]) learn(learner, batch);
    assert.deepEqual(
      third!.map(({ features }) => model.predict(features)),
      predicted,
    );
    return undefined;
  });

  yield check('has state and parameters that are the same after a journey as text', async () => {
    const learner = taught(subject, ...batches);
    for (const snapshot of [learner.snapshot(), learner.params()]) {
      for (const style of ['packed', 'readable'] as const) {
        assert.deepEqual(snapshotFromText(snapshotToText(snapshot, style)), snapshot);
      }
    }
  });

  yield check('counts the batches that it has learned, and no others', async () => {
    const learner = subject.make();
    const start = learner.version;
    for (const [learnt, batch] of batches.entries()) {
      assert.equal(learner.version, start + learnt);
      learner.predict(featuresOf(learner, batch));
      learn(learner, batch);
    }
    const restored = subject.make();
    restored.restore(learner.snapshot());
    assert.equal(restored.version, start + batches.length);
  });

  yield check('merged from two halves is as if it had learned the whole', async () => {
    const [one, other] = [taught(subject, first), taught(subject, ...batches.slice(1))];
    if (one.merge === undefined) return notApplicable('what it learns depends on the order of the rows');
    const before = stateOf(other);
    one.merge(other);
    assert.equal(stateOf(other), before);
    sameWithin(MERGED_WITHIN, one.snapshot(), taught(subject, ...batches).snapshot());
    const merged = stateOf(one);
    refuses(() => one.merge!(subject.makeOther()), StateError, 'does-not-fit');
    assert.equal(stateOf(one), merged);
    return undefined;
  });

  yield check('saved, loaded in a new process and taught on, is as if it had never stopped', async () => {
    if (subject.goOnInNewProcess === undefined) return notApplicable('the subject says no way to load it elsewhere');
    const [, ...rest] = batches;
    const elsewhere = await subject.goOnInNewProcess(taught(subject, first), rest);
    assert.equal(snapshotToText(elsewhere), stateOf(taught(subject, ...batches)));
    return undefined;
  });
}

/** Throws unless all numbers of two snapshots are within a relative distance. */
function sameWithin(tolerance: number, got: Snapshot, expected: Snapshot): void {
  if (typeof expected === 'number') {
    const apart = Math.abs((got as number) - expected);
    assert.ok(apart <= tolerance * Math.max(1, Math.abs(expected)), `expected ${expected}, got ${got}`);
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    assert.equal(got, expected);
    return;
  }
  assert.deepEqual(Object.keys(got as object), Object.keys(expected));
  for (const [name, part] of Object.entries(expected)) {
    sameWithin(tolerance, (got as Record<string, Snapshot>)[name]!, part);
  }
}
