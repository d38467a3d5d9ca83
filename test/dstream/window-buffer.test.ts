import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { WindowBuffer } from '../../src/dstream/window-buffer.ts';

const recordsOf = (batches: readonly Batch<number>[]) => batches.flatMap((batch) => batch.collect());

/** As a snapshot comes out of a checkpoint. */
const saved = (snapshot: SnapshotRecord) => snapshotFromText(snapshotToText(snapshot)) as SnapshotRecord;

/** A buffer of 3 s into which a record came at each of these times: the time itself. */
function filled(...times: number[]): WindowBuffer<number> {
  const buffer = new WindowBuffer<number>(3000);
  for (const time of times) buffer.add(time, Batch.of([time]));
  return buffer;
}

describe('a window buffer', () => {
  it('gives the batches after T − length and until T, oldest first', () => {
    const buffer = filled(1000, 2000, 3000, 4000);
    expect(recordsOf(buffer.window(4000))).toEqual([2000, 3000, 4000]);
    expect(recordsOf(buffer.window(3000))).toEqual([2000, 3000]);
    expect(recordsOf(buffer.window(7000))).toEqual([]);
  });

  it('keeps what a window may still need, and no more', () => {
    expect(filled(1000, 2000, 3000, 4000).metrics()).toEqual({ records: 3 });
    expect(filled(1000, 2000, 9000).metrics()).toEqual({ records: 1 });
  });

  it('keeps the partitions of its batches, also when saved', () => {
    const buffer = filled();
    buffer.add(1000, new Batch([[1, 2], [], [3]]));
    const restored = filled();
    restored.restore(saved(buffer.snapshot()));
    for (const each of [buffer, restored]) expect(each.window(1000)[0]!.partitions).toEqual([[1, 2], [], [3]]);
  });

  it('slides from window to window, also over a gap', () => {
    const buffer = filled(1000, 2000);
    const slideTo = (time: number) => {
      const { left, entered } = buffer.slideTo(time);
      return { left: recordsOf(left), entered: recordsOf(entered) };
    };
    expect(slideTo(2000)).toEqual({ left: [], entered: [1000, 2000] });
    buffer.add(4000, Batch.of([4000]));
    expect(slideTo(4000)).toEqual({ left: [1000], entered: [4000] });
    buffer.add(20_000, Batch.of([20_000]));
    expect(slideTo(20_000)).toEqual({ left: [2000, 4000], entered: [20_000] });
  });

  it('slid with another length than it was saved with, tells what that makes leave', () => {
    const before = filled(1000, 2000, 3000);
    before.slideTo(3000);
    const shorter = new WindowBuffer<number>(1000);
    shorter.restore(saved(before.snapshot()));
    shorter.add(4000, Batch.of([4000]));
    const { left, entered } = shorter.slideTo(4000);
    expect([recordsOf(left), recordsOf(entered)]).toEqual([[1000, 2000, 3000], [4000]]); // biome-ignore format: one line
  });

  it('refuses a snapshot that is none of its kind, and stays as it was', () => {
    const buffer = filled(1000);
    const refusal = (what: string) => {
      const message = `window: expected ${what}, got something else`;
      return expect.objectContaining({ name: 'StateError', code: 'does-not-fit', message });
    };
    expect(() => buffer.restore({ entries: [] })).toThrow(refusal('the saved batches of a window'));
    expect(() => buffer.applyChanges({ set: [] })).toThrow(refusal('changes of a window'));
    expect(recordsOf(buffer.window(1000))).toEqual([1000]);
  });
});

/** A batch comes, some time after the one before; the window may slide then; and the batch may fail. */
const steps = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 1, max: 4 }).map((n) => n * 1000),
    records: fc.array(fc.integer()),
    slides: fc.boolean(),
    fails: fc.boolean(),
  }),
);

describe('with any batches, kept or undone', () => {
  it('what is in the window is what entered it and has not left', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const buffer = filled();
        let time = 0;
        let inside: Batch<number>[] = [];
        for (const { afterMs, records, slides } of all) {
          time += afterMs;
          buffer.add(time, Batch.of(records));
          if (!slides) continue;
          const { left, entered } = buffer.slideTo(time);
          expect(left.every((batch) => inside.includes(batch))).toBe(true);
          inside = [...inside.filter((batch) => !left.includes(batch)), ...entered];
          expect(inside).toEqual(buffer.window(time));
        }
      }),
    );
  });

  it('restored from its snapshot and its changes, it is as if it had never stopped nor failed', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (all, restart) => {
        let buffer = filled();
        const neverFailed = filled();
        let repeated = filled();
        let time = 0;
        for (const [n, { afterMs, records, slides, fails }] of all.entries()) {
          time += afterMs;
          for (const each of fails ? [buffer] : [buffer, neverFailed]) {
            each.add(time, Batch.of(records));
            if (slides) each.slideTo(time);
          }
          if (fails) buffer.undoChanges();
          const changes = buffer.changes();
          expect(changes === undefined).toBe(fails);
          if (changes !== undefined) repeated.applyChanges(saved(changes));
          buffer.keepChanges();
          repeated.keepChanges();
          expect(buffer.snapshot()).toEqual(neverFailed.snapshot());
          expect(repeated.snapshot()).toEqual(neverFailed.snapshot());
          if (n !== restart) continue;
          buffer = filled();
          buffer.restore(saved(repeated.snapshot()));
          repeated = filled();
          repeated.restore(buffer.snapshot());
        }
      }),
    );
  });
});
