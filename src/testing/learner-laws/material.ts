import * as assert from 'node:assert/strict';
import { assembleLabeled, type Examples, type Features } from '../../batch/examples.ts';
import { type SnapshotRecord, snapshotToText } from '../../batch/snapshot.ts';
import type { LabeledPoint } from '../../batch/vector.ts';
import type { Learner } from '../../contracts/learner.ts';
import type { DataError, ErrorCode, StateError, UsageError } from '../../errors.ts';

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

/** A new learner that has learned these batches. */
export function taught({ make }: LearnerSubject, ...batches: readonly (readonly LabeledPoint[])[]): Learner {
  const learner = make();
  for (const batch of batches) learn(learner, batch);
  return learner;
}

export function learn(learner: Learner, batch: readonly LabeledPoint[]): number | undefined {
  return learner.update(examplesOf(learner, batch));
}

export function examplesOf(learner: Learner, batch: readonly LabeledPoint[]): Examples {
  const reject = (_: number, error: Error) => {
    throw error;
  };
  const { labels, ...examples } = assembleLabeled(batch, learner.width, reject, learner.numClasses);
  return learner.supervised ? { ...examples, labels: labels! } : examples;
}

export function featuresOf(learner: Learner, batch: readonly LabeledPoint[]): Features {
  return examplesOf(learner, batch).features;
}

/** Every bit of what it has learned. */
export function stateOf(learner: Learner): string {
  return snapshotToText(learner.snapshot());
}

type KindOfError = typeof DataError | typeof StateError | typeof UsageError;

export function refuses(use: () => unknown, kind: KindOfError, code: ErrorCode): void {
  assert.throws(use, (error) => refusedWith(error, kind, code));
}

export function refusedWith(error: unknown, kind: KindOfError, code: ErrorCode): true {
  assert.ok(error instanceof kind, `expected a ${kind.name}, got ${error}`);
  assert.equal(error.code, code);
  return true;
}
