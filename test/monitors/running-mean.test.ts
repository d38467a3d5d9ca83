import { describe, expect, it } from 'vitest';
import { RunningMean } from '../../src/monitors/running-mean.ts';

describe('RunningMean', () => {
  it('gives the mean of all numbers and of the last batch that had any', () => {
    const running = new RunningMean();
    expect(running.metrics()).toEqual({});
    running.update([1, 2, 3]);
    running.update([10]);
    running.update([]);
    expect(running.count).toBe(4);
    expect(running.metrics()).toEqual({ mean: 4, last: 10 });
  });

  it('goes on from a snapshot, also from one of nothing', () => {
    const before = new RunningMean();
    const after = new RunningMean();
    after.restore(before.snapshot());
    expect(after.metrics()).toEqual({});
    before.update([0.1, 0.2]);
    after.restore(before.snapshot());
    for (const running of [before, after]) running.update([0.3]);
    expect(after.snapshot()).toEqual(before.snapshot());
  });
});
