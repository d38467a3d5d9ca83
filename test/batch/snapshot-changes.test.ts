import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Snapshot, type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { changesBetween, withChanges } from '../../src/batch/snapshot-changes.ts';
import { StateError } from '../../src/errors.ts';
import { expectRefusal } from '../learners/expect-refusal.ts';

const name = fc.constantFrom('a', 'b', 'c', 'now', 'parts', 'gone', '0', 'constructor', 'toString', '__proto__');
const snapshot = fc.letrec<{ any: Snapshot; record: Record<string, Snapshot> }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Snapshot>(null, undefined, true, 0, -0, 1, Number.NaN, 'text', 2n, new Date(0), new Date(1)),
    fc.array(fc.constantFrom(0, -0, 1, Number.NaN), { maxLength: 3 }).map((values) => Float64Array.from(values)),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('record'),
  ),
  record: fc.dictionary(name, tie('any'), { maxKeys: 4, noNullPrototype: true }),
}));

it('the changes between two snapshots make the second of the first, as text too', () => {
  fc.assert(
    fc.property(snapshot.record, snapshot.record, (before, after) => {
      const changes = changesBetween(before, after);
      if (changes === undefined) expect(snapshotToText(after)).toBe(snapshotToText(before));
      else {
        const read = snapshotFromText(snapshotToText(changes)) as typeof changes;
        expect(sorted(withChanges(before, read))).toBe(sorted(after));
      }
    }),
  );
});

it('between a snapshot and itself there are none', () => {
  fc.assert(
    fc.property(snapshot.record, (record) => {
      expect(changesBetween(record, snapshotFromText(snapshotToText(record)) as typeof record)).toBeUndefined();
    }),
  );
});

it('holds only what differs, all the way down', () => {
  const before = { left: { weight: 1, moments: Float64Array.of(1, 2) }, right: { weight: 5 }, old: 1 };
  const after = { left: { weight: 1, moments: Float64Array.of(1, 3) }, right: { weight: 5 } };
  expect(changesBetween(before, after)).toEqual({
    parts: { left: { parts: { moments: { now: Float64Array.of(1, 3) } } } },
    gone: ['old'],
  });
});

it('knows a name that every object has from one of its own', () => {
  for (const each of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const one = Object.fromEntries([[each, { x: 1 }]]);
    const two = Object.fromEntries([[each, { x: 2 }]]);
    for (const [before, after] of [
      [{}, one],
      [one, two],
      [two, {}],
    ] as [SnapshotRecord, SnapshotRecord][]) {
      const changes = changesBetween(before, after)!;
      const read = snapshotFromText(snapshotToText(changes)) as SnapshotRecord;
      expect(Object.entries(withChanges(before, read))).toEqual(Object.entries(after));
    }
  }
});

it('refuses changes of another snapshot', () => {
  const use = () => withChanges({ a: 1 }, { parts: { a: { parts: { b: { now: 1 } } } } });
  expectRefusal(use, StateError, 'does-not-fit', 'snapshot: its changes are of another one');
});

/** The text of a snapshot, names in order. */
function sorted(value: Snapshot): string {
  const inOrder = (each: Snapshot): Snapshot => {
    if (Array.isArray(each)) return each.map(inOrder);
    if (typeof each !== 'object' || each === null || each instanceof Date || each instanceof Float64Array) return each;
    const entries = Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, part]) => [key, inOrder(part)]));
  };
  return snapshotToText(inOrder(value));
}
