import { describe, expect, it } from 'vitest';
import type { BatchProgress } from '../../src/engine/progress.ts';
import { RateControl, type RateOptions } from '../../src/engine/rate-control.ts';
import { TestDriver } from '../../src/testing/index.ts';

/** A batch that read so many records of the source `s`, and took a second for them. */
function batchOf(numRecords: number): BatchProgress {
  const sources = { s: { start: 0, end: 0, numRecords } };
  return { sources, processingTimeMs: 1000, schedulingDelayMs: 0 } as unknown as BatchProgress;
}

/** What is in force for `s` at first, and after each of these batches, a second apart. */
function ratesOver(batches: readonly number[], options: RateOptions): number[] {
  const rates = new RateControl(1000, options);
  return [
    rates.rateOf('s'),
    ...batches.map((numRecords, index) => {
      rates.batchCompleted(batchOf(numRecords), 1000 * (index + 1));
      return rates.rateOf('s');
    }),
  ];
}

const enabled = { enabled: true, integral: 0, minRate: 10 };

describe('the rate', () => {
  it('is without limit unless one is asked for', () => {
    expect(ratesOver([500, 400], {})).toEqual([Infinity, Infinity, Infinity]);
    expect(ratesOver([500, 400], { backpressure: { initialRate: 7 } })).toEqual([Infinity, Infinity, Infinity]);
  });

  it('is the initial rate until there is an estimate, which takes two batches', () => {
    expect(ratesOver([500, 400], { backpressure: enabled })).toEqual([Infinity, Infinity, 400]);
    expect(ratesOver([500, 400], { backpressure: { ...enabled, initialRate: 50 } })).toEqual([50, 50, 400]);
  });

  it('stays where a batch tells nothing', () => {
    expect(ratesOver([500, 400, 0], { backpressure: enabled })).toEqual([Infinity, Infinity, 400, 400]);
  });

  it('never exceeds maxRate, with backpressure and without', () => {
    expect(ratesOver([500, 400, 200], { maxRate: 300 })).toEqual([300, 300, 300, 300]);
    const backpressure = { ...enabled, initialRate: 1000 };
    expect(ratesOver([500, 400, 200], { maxRate: 300, backpressure })).toEqual([300, 300, 300, 200]);
  });

  it('is estimated for each source by itself', () => {
    const rates = new RateControl(1000, { backpressure: enabled });
    for (const timeMs of [1000, 2000]) {
      const sources = { a: { start: 0, end: 0, numRecords: 100 }, b: { start: 0, end: 0, numRecords: 700 } };
      rates.batchCompleted({ ...batchOf(0), sources }, timeMs);
    }
    expect(rates.limitsOf(['a', 'b', 'c'])).toEqual({ a: 100, b: 700 });
  });
});

describe('a batch', () => {
  it.each([
    [1000, 7.9, 7],
    [500, 7, 3],
    [20, 1000, 20],
    [10, 5, 1],
    [1000, Infinity, Infinity],
  ])('of %d ms takes, at %d records a second, %d', (batchDurationMs, maxRate, maxRecords) => {
    expect(new RateControl(batchDurationMs, { maxRate }).maxRecordsOf('s')).toBe(maxRecords);
  });
});

describe('options', () => {
  it.each<[RateOptions, string]>([
    [{ maxRate: 0 }, 'rate control: expected maxRate > 0, got 0'],
    [{ maxRate: Number.NaN }, 'rate control: expected maxRate > 0, got NaN'],
    [{ backpressure: { initialRate: -1 } }, 'rate control: expected backpressure.initialRate > 0, got -1'],
    [{ backpressure: { minRate: 0 } }, 'backpressure: expected minRate > 0, got 0'],
    [{ backpressure: { proportional: -1 } }, 'backpressure: expected proportional ≥ 0, got -1'],
    [{ backpressure: { integral: -1 } }, 'backpressure: expected integral ≥ 0, got -1'],
    [{ backpressure: { derivative: Number.NaN } }, 'backpressure: expected derivative ≥ 0, got NaN'],
  ])('%j are refused', (options, message) => {
    expect(() => new TestDriver(options)).toThrow(message);
  });
});
