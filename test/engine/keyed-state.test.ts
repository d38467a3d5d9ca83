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

/** The same on a plain map: a key that was touched at another time goes to the end, and so does one that comes again. */
function takePlainly(before: ReadonlyMap<string, readonly [number, number]>, steps: readonly Step[], time: number) {
  const after = new Map(before);
  for (const { key, state } of steps) {
    const text = JSON.stringify(key);
    const held = after.get(text);
    if (state === undefined || (held !== undefined && held[1] !== time)) after.delete(text);
    if (state !== undefined) after.set(text, [state, time]);
  }
  return after;
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

  it('holds what a plain map holds, in the order of the last touch, whatever is undone or restored', () => {
    const run = fc.array(fc.record({ batch: batches, fails: fc.boolean(), restarts: fc.boolean() }), { maxLength: 8 });
    fc.assert(
      fc.property(run, (all) => {
        let state = new KeyedState<Key, number>();
        let snapshot: SnapshotRecord = saved(state.snapshot());
        let changes: SnapshotRecord[] = [];
        let plain = new Map<string, readonly [number, number]>();
        for (const [time, { batch, fails, restarts }] of all.entries()) {
          const steps = batch.flatMap((each) => each.steps);
          take(state, steps, time);
          if (fails) state.undoChanges();
          else {
            plain = takePlainly(plain, steps, time);
            const changed = state.changes();
            if (changed !== undefined) changes.push(saved(changed));
            state.keepChanges();
          }
          if (restarts) {
            state = new KeyedState();
            state.restore(snapshot);
            for (const each of changes) state.applyChanges(each);
            state.keepChanges();
            snapshot = saved(state.snapshot());
            changes = [];
          }
          const held = Array.from(state.entries(), ([key, value]) => [JSON.stringify(key), value]);
          expect(held).toEqual(Array.from(plain, ([key, [value]]) => [key, value]));
          expect(state.size).toBe(plain.size);
        }
      }),
    );
  });

  it('compares keys by value, and keeps the first of equal ones', () => {
    const state = new KeyedState<unknown, number>();
    const twins = [[1, '1'], [null, 'null'], [[1, 2], '[1,2]'], [{ x: 1, y: 2 }, { x: 2, y: 1 }], [0, false]]; // biome-ignore format: one line
    for (const [i, [one, other]] of twins.entries()) {
      state.set(one, i);
      expect(state.has(other), String(other)).toBe(false);
    }
    state.set({ y: 2, x: 1 }, 9);
    expect([state.size, state.get([1, 2]), state.get({ x: 1, y: 2 })]).toEqual([twins.length, 2, 9]);
    expect(Array.from(state.entries(), ([key]) => key)).toContain(twins[3]![0]);
    state.delete([1, 2]);
    expect(state.has([1, 2])).toBe(false);
  });

  it('freezes the states that it takes, all the way down', () => {
    const state = new KeyedState<string, { sums: number[]; last?: { time: number } }>();
    state.set('a', Object.freeze({ sums: [1], last: { time: 2 } }));
    const held = state.get('a')!;
    expect(() => held.sums.push(2)).toThrow(TypeError);
    expect(() => Object.assign(held.last!, { time: 3 })).toThrow(TypeError);
    expect(() => delete held.last).toThrow(TypeError);
    expect(held).toEqual({ sums: [1], last: { time: 2 } });
  });

  it('copies columns of numbers, which can not be frozen, on the way in and out', () => {
    const state = new KeyedState<string, { center: Float64Array }>();
    const center = Float64Array.of(1, 2);
    state.set('a', { center });
    state.keepChanges();
    center[0] = 9;
    for (const [, held] of [['', state.get('a')!] as const, ...state.entries()]) held.center[1] = 9;
    expect(state.get('a')).toEqual({ center: Float64Array.of(1, 2) });
    expect(state.changes()).toBeUndefined();
  });

  it('copies dates in the same way', () => {
    const state = new KeyedState<string, readonly Date[]>();
    const seen = new Date(1000);
    state.set('a', [seen]);
    seen.setTime(9);
    state.get('a')![0]!.setTime(9);
    expect(state.get('a')).toEqual([new Date(1000)]);
  });

  it.each([
    ['Map', new Map()],
    ['Set', [new Set()]],
    ['function', { f: () => {} }],
  ])('refuses a state of %s, and stays as it was', (name, state) => {
    const states = new KeyedState<string, unknown>();
    expect(() => states.set('a', state)).toThrow(`state: expected plain data or Float64Array, got ${name}`);
    expect(states.size).toBe(0);
  });

  it('begins once: not again after a restart, but again where the first batch failed', () => {
    const initial: [string, number][] = [['a', 1], ['b', 2]]; // biome-ignore format: one line
    const state = new KeyedState<string, number>();
    const begin = () => {
      state.begin(initial, 1000);
      state.delete('a');
      return [...state.entries()];
    };
    expect(begin()).toEqual([['b', 2]]);
    state.undoChanges();
    expect(state.size).toBe(0);
    expect(begin()).toEqual([['b', 2]]);
    const [byChanges, bySnapshot] = [new KeyedState<string, number>(), new KeyedState<string, number>()];
    byChanges.applyChanges(saved(state.changes()!));
    bySnapshot.restore(saved(state.snapshot()));
    state.keepChanges();
    for (const each of [state, byChanges, bySnapshot]) {
      each.begin(initial, 2000);
      expect([...each.entries()]).toEqual([['b', 2]]);
    }
  });

  it('that has begun with nothing has begun, also after a restart', () => {
    const state = new KeyedState<string, number>();
    state.begin([]);
    const restarted = new KeyedState<string, number>();
    restarted.applyChanges(saved(state.changes()!));
    restarted.begin([['a', 1]]);
    expect(restarted.size).toBe(0);
  });

  it('refuses a snapshot or changes of another kind', () => {
    const refusal = (message: string) => expect.objectContaining({ name: 'StateError', code: 'does-not-fit', message });
    expect(() => new KeyedState().applyChanges({ added: [] })).toThrow(
      refusal('keyed state: expected changes of entries, got something else'),
    );
    expect(() => new KeyedState().restore({ weights: 1 })).toThrow(
      refusal('keyed state: expected saved entries, got none'),
    );
  });
});
