import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { KeyedState } from '../../src/engine/keyed-state.ts';

type Key = string | readonly number[];
type Step = { readonly key: Key; readonly state: number | undefined };

/** Batches of steps on few keys, so that they meet; a step without a state deletes. */
const batches = fc.array(
  fc.record({
    later: fc.boolean(),
    steps: fc.array(
      fc.record({
        key: fc.constantFrom<Key>('a', 'b', '["a"]', [1, 2], [12]),
        state: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
      }),
    ),
  }),
);

function take(state: KeyedState<Key, number>, steps: readonly Step[], time: number): void {
  for (const each of steps) {
    if (each.state === undefined) state.delete(each.key);
    else state.set(each.key, each.state, time);
  }
}

/** As a snapshot comes out of a checkpoint. */
function saved(snapshot: SnapshotRecord): SnapshotRecord {
  return snapshotFromText(snapshotToText(snapshot)) as SnapshotRecord;
}

describe('KeyedState', () => {
  it('is the same, in the same order, when its changes are repeated on what was before them', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const state = new KeyedState<Key, number>();
        const repeated = new KeyedState<Key, number>();
        let time = 0;
        for (const { steps, later } of all) {
          time += later ? 1 : 0;
          take(state, steps, time);
          const changes = state.changes();
          state.keepChanges();
          if (changes !== undefined) repeated.applyChanges(saved(changes));
          repeated.keepChanges();
          expect(repeated.snapshot()).toEqual(state.snapshot());
        }
      }),
    );
  });

  it('undoes a batch to the last detail, order and all', () => {
    fc.assert(
      fc.property(batches, batches, (before, undone) => {
        const state = new KeyedState<Key, number>();
        let time = 0;
        for (const { steps } of before) take(state, steps, time++);
        state.keepChanges();
        const kept = state.snapshot();
        for (const { steps } of undone) take(state, steps, time);
        state.undoChanges();
        expect(state.snapshot()).toEqual(kept);
        expect(state.changes()).toBeUndefined();
      }),
    );
  });

  it('goes on from a snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(batches, batches, (before, after) => {
        const whole = new KeyedState<Key, number>();
        let time = 0;
        for (const { steps } of before) take(whole, steps, time++);
        whole.keepChanges();
        const resumed = new KeyedState<Key, number>();
        resumed.restore(saved(whole.snapshot()));
        for (const { steps, later } of after) {
          time += later ? 1 : 0;
          for (const each of [whole, resumed]) take(each, steps, time);
        }
        expect(resumed.changes()).toEqual(whole.changes());
        expect(resumed.snapshot()).toEqual(whole.snapshot());
        expect(resumed.untouchedSince(time)).toEqual(whole.untouchedSince(time));
      }),
    );
  });

  it('refuses a snapshot that is none of its kind', () => {
    expect(() => new KeyedState().restore({ weights: 1 })).toThrow(expect.objectContaining({ code: 'does-not-fit' }));
  });
});
