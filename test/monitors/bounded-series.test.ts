import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { StateError } from '../../src/errors.ts';
import { BoundedSeries } from '../../src/monitors/bounded-series.ts';

describe('BoundedSeries', () => {
  it('holds the means of neighbouring batches, and never more than maxPoints', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 300 }), (figures) => {
        const series = new BoundedSeries(1, 8);
        for (const figure of figures) series.add([figure]);
        const size = series.batchesPerPoint;
        const whole = Math.floor(figures.length / size);
        const means = Array.from({ length: whole }, (_, point) => {
          const block = figures.slice(point * size, (point + 1) * size);
          return block.reduce((a, b) => a + b, 0) / size;
        });
        expect(series.length).toBeLessThan(8);
        expect(Array.from(series.column(0))).toEqual(means);
      }),
    );
  });

  it('goes on from a snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), fc.array(fc.double({ noNaN: true })), (before, after) => {
        const whole = new BoundedSeries(2, 4);
        const first = new BoundedSeries(2, 4);
        for (const figure of before) for (const series of [whole, first]) series.add([figure, 1]);
        const resumed = new BoundedSeries(2, 4);
        resumed.restore(snapshotFromText(snapshotToText(first.snapshot())) as SnapshotRecord);
        for (const figure of after) for (const series of [whole, resumed]) series.add([figure, 1]);
        expect(resumed.snapshot()).toEqual(whole.snapshot());
      }),
    );
  });

  it('refuses a snapshot of another width', () => {
    expect(() => new BoundedSeries(2).restore(new BoundedSeries(3).snapshot())).toThrow(StateError);
  });
});
