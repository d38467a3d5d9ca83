import * as assert from 'node:assert/strict';
import { assembleLabeled, type Examples, type Features } from '../batch/examples.ts';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../batch/snapshot.ts';
import { isSparse, type LabeledPoint, type SparseVector, type Vector } from '../batch/vector.ts';
import type { Learner } from '../contracts/learner.ts';
import { DataError, type ErrorCode, StateError, UsageError } from '../errors.ts';
import { type Check, check, notApplicable } from './check.ts';

/** A kind of learner, and data for it. */
export interface LearnerSubject {
  /** A new learner, ready to learn: the same each time. */
  make(): Learner;

  /** A new learner that can't learn yet. Absent: every new learner can. */
  makeUninitialised?(): Learner;

  /** A learner of the same kind whose state has another shape: another width, or more of what it learns. */
  makeOther(): Learner;

  /** At least three batches that it takes, dense, some values zero. Labels count where it is supervised. */
  readonly batches: readonly (readonly LabeledPoint[])[];

  /**
   * Saves the learner, lets a new process load it and learn `batches`, and gives the snapshot that it then has. Absent: the
   * check is left out.
   */
  goOnInNewProcess?(learner: Learner, batches: readonly (readonly LabeledPoint[])[]): Promise<SnapshotRecord>;
}

/** Its square, and its product with itself, are beyond the largest number. */
const TOO_LARGE = 1e300;

/** The laws of `contracts/learner.ts`. */
export function* learnerSuite(subject: LearnerSubject): Iterable<Check> {
  const { batches } = subject;
  const [first, second, third] = batches as [readonly LabeledPoint[], ...(readonly LabeledPoint[])[]];

  yield check('learns the same from the same batches', async () => {
    assert.ok(batches.length >= 3, `expected at least three batches, got ${batches.length}`);
    assert.equal(stateOf(taught(subject, ...batches)), stateOf(taught(subject, ...batches)));
    assert.notEqual(
      stateOf(taught(subject, ...batches)),
      stateOf(subject.make()),
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

  yield check('has state and parameters that are the same after a journey as text', async () => {
    const learner = taught(subject, ...batches);
    for (const snapshot of [learner.snapshot(), learner.params()]) {
      for (const style of ['packed', 'readable'] as const) {
        assert.deepEqual(snapshotFromText(snapshotToText(snapshot, style)), snapshot);
      }
    }
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

  yield check('refuses a batch that would take it out of the finite numbers, and is then as before', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    const huge = first.map(({ features }) => ({ label: -TOO_LARGE, features: fill(features, TOO_LARGE) }));
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

  yield check('refuses a snapshot of another shape, and is then as before', async () => {
    const learner = taught(subject, first);
    const before = stateOf(learner);
    for (const misfit of [subject.makeOther().snapshot(), ...misfitsOf(learner.snapshot())]) {
      refuses(() => learner.restore(misfit), StateError, 'does-not-fit');
      assert.equal(stateOf(learner), before);
    }
  });

  yield check('learns the same from sparse rows as from dense ones', async () => {
    const sparse = batches.map((batch) =>
      batch.map(({ label, features }) => ({ label, features: toSparse(features) })),
    );
    assert.equal(stateOf(taught(subject, ...sparse)), stateOf(taught(subject, ...batches)));
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

  yield check('saved, loaded in a new process and taught on, is as if it had never stopped', async () => {
    if (subject.goOnInNewProcess === undefined) return notApplicable('the subject says no way to load it elsewhere');
    const [, ...rest] = batches;
    const elsewhere = await subject.goOnInNewProcess(taught(subject, first), rest);
    assert.equal(snapshotToText(elsewhere), stateOf(taught(subject, ...batches)));
    return undefined;
  });
}

/** A new learner that has learned these batches. */
function taught({ make }: LearnerSubject, ...batches: readonly (readonly LabeledPoint[])[]): Learner {
  const learner = make();
  for (const batch of batches) learn(learner, batch);
  return learner;
}

function learn(learner: Learner, batch: readonly LabeledPoint[]): number | undefined {
  return learner.update(examplesOf(learner, batch));
}

function examplesOf(learner: Learner, batch: readonly LabeledPoint[]): Examples {
  const { labels, ...examples } = assembleLabeled(batch, learner.width, (_, error) => {
    throw error;
  });
  return learner.supervised ? { ...examples, labels: labels! } : examples;
}

function featuresOf(learner: Learner, batch: readonly LabeledPoint[]): Features {
  return examplesOf(learner, batch).features;
}

/** Every bit of what it has learned. */
function stateOf(learner: Learner): string {
  return snapshotToText(learner.snapshot());
}

function spoil({ features, labels }: Examples): void {
  for (const column of features.columns) column.fill(Number.NaN);
  labels?.fill(Number.NaN);
}

/** The snapshot without each of its parts, and with each column a value too long. */
function misfitsOf(snapshot: SnapshotRecord): SnapshotRecord[] {
  return Object.entries(snapshot).flatMap(([name, part]) => {
    const { [name]: _, ...others } = snapshot;
    return part instanceof Float64Array ? [others, { ...others, [name]: Float64Array.of(...part, 1) }] : [others];
  });
}

function fill(vector: Vector, value: number): Vector {
  return new Float64Array(isSparse(vector) ? vector.size : vector.length).fill(value);
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

type KindOfError = typeof DataError | typeof StateError | typeof UsageError;

function refuses(use: () => unknown, kind: KindOfError, code: ErrorCode): void {
  assert.throws(use, (error) => refusedWith(error, kind, code));
}

function refusedWith(error: unknown, kind: KindOfError, code: ErrorCode): true {
  assert.ok(error instanceof kind, `expected a ${kind.name}, got ${error}`);
  assert.equal(error.code, code);
  return true;
}
