import * as assert from 'node:assert/strict';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../batch/snapshot.ts';
import type { DriftDetector } from '../contracts/monitor.ts';
import { DataError, StateError } from '../errors.ts';
import { seededRandom } from '../host/random.ts';
import { Ddm } from '../monitors/drift/ddm.ts';
import { PageHinkley } from '../monitors/drift/page-hinkley.ts';
import { type Check, check } from './check.ts';
import { refuses } from './learner-laws/material.ts';

/** A kind of detector: a new one, the same each time, that takes losses of 0 and 1. */
export interface DetectorSubject {
  make(): DriftDetector;
}

/** Values of a series, in the middle of which the errors become seven times as many. */
const LENGTH = 2000;
const FOUND_WITHIN = 200;
const SEEDS = 30;

/** The laws of `DriftDetector` in `contracts/monitor.ts`. */
export function* detectorSuite({ make }: DetectorSubject): Iterable<Check> {
  yield check('finds a great change soon after it, whatever the seed', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { drifts } = make().updateAll(errors(LENGTH, seed));
      const late = drifts.find((position) => position >= LENGTH / 2) ?? Number.POSITIVE_INFINITY;
      assert.ok(late < LENGTH / 2 + FOUND_WITHIN, `expected a drift at ${LENGTH / 2}, got ${drifts} (seed ${seed})`);
    }
  });

  yield check('finds nothing where nothing ever happens', async () => {
    assert.deepEqual(make().updateAll(new Float64Array(5000)), { warnings: [], drifts: [] });
  });

  yield check('tells the same of a column as of its values one by one, and of its parts', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const values = errors(LENGTH, seed);
      const cut = (seed * 197) % LENGTH;
      const [whole, parts, single] = [make(), make(), make()];
      const all = whole.updateAll(values);
      const [first, second] = [parts.updateAll(values.subarray(0, cut)), parts.updateAll(values.subarray(cut))];
      const signals = Array.from(values, (value) => single.update(value));
      const positions = (signal: string) => signals.flatMap((each, at) => (each === signal ? [at] : []));
      assert.deepEqual([...first.drifts, ...second.drifts], all.drifts);
      assert.deepEqual([...first.warnings, ...second.warnings], all.warnings);
      assert.deepEqual({ drifts: positions('drift'), warnings: positions('warning') }, all);
      const { drifts, warnings } = whole.metrics?.() ?? {};
      assert.deepEqual([drifts, warnings], [all.drifts.length, all.warnings.length]);
    }
  });

  yield check('counts positions on through a reset, after which it is as if new', async () => {
    const detector = make();
    detector.updateAll(new Float64Array(500));
    detector.reset();
    const expected = make()
      .updateAll(errors(LENGTH, 1))
      .drifts.map((position) => position + 500);
    assert.deepEqual(detector.updateAll(errors(LENGTH, 1)).drifts, expected);
  });

  yield check('goes on from its snapshot, bit for bit', async () => {
    for (const cut of [0, 1, 250, 1010, 1900]) {
      const values = errors(LENGTH, 3);
      const [one, restored] = [make(), make()];
      one.updateAll(values.subarray(0, cut));
      restored.restore(snapshotFromText(textOf(one)) as SnapshotRecord);
      assert.deepEqual(restored.updateAll(values.subarray(cut)), one.updateAll(values.subarray(cut)));
      assert.equal(textOf(restored), textOf(one));
    }
  });

  yield check('makes snapshots that later values do not touch, and keeps none that it is given', async () => {
    const detector = taught(make);
    const snapshot = detector.snapshot();
    const text = snapshotToText(snapshot);
    detector.updateAll(errors(300, 4));
    detector.restore(snapshot);
    detector.updateAll(errors(300, 4));
    assert.equal(snapshotToText(snapshot), text);
  });

  yield check('refuses numbers that are none, with the whole column, and is then as before', async () => {
    const detector = taught(make);
    const before = textOf(detector);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      refuses(() => detector.update(value), DataError, 'not-finite');
      refuses(() => detector.updateAll(Float64Array.of(0, 1, value)), DataError, 'not-finite');
    }
    assert.equal(textOf(detector), before);
  });

  yield check('refuses a snapshot of another kind, and is then as before', async () => {
    const detector = taught(make);
    const before = textOf(detector);
    const others = [new Ddm(), new PageHinkley()].filter((other) => other.constructor !== detector.constructor);
    for (const misfit of [{}, { state: {} }, ...others.map((other) => other.snapshot())]) {
      refuses(() => detector.restore(misfit), StateError, 'does-not-fit');
    }
    assert.equal(textOf(detector), before);
  });
}

/** Errors at a rate of 0.1 and, from the middle on, 0.7. */
function errors(length: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, (_, t) => Number(random.next() < (t < length / 2 ? 0.1 : 0.7)));
}

function taught(make: () => DriftDetector): DriftDetector {
  const detector = make();
  detector.updateAll(errors(300, 3));
  return detector;
}

function textOf(detector: DriftDetector): string {
  return snapshotToText(detector.snapshot());
}
