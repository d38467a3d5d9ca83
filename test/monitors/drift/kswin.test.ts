import { describe, expect, it } from 'vitest';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { kolmogorovSmirnovSteps } from '../../../src/monitors/drift/kolmogorov-smirnov.ts';
import { Kswin } from '../../../src/monitors/drift/kswin.ts';

function normals(length: number, seed: number, scaleAt: (t: number) => number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, (_, t) => scaleAt(t) * nextNormal(random));
}

describe('Kswin', () => {
  it('finds that a series spreads, though its mean stays', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { drifts } = new Kswin({ alpha: 0.001, windowSize: 300, recentSize: 100 }).updateAll(
        normals(1000, seed, (t) => (t < 500 ? 1 : 15)),
      );
      expect(drifts.filter((position) => position >= 500 && position < 620).length, `seed ${seed}`).toBeGreaterThan(0);
    }
  });

  it('at most alpha of its tests show drift where there is none', () => {
    const alpha = 0.05;
    let tests = 0;
    let found = 0;
    for (let seed = 1; seed <= 40; seed++) {
      // Fresh windows, so that the tests are independent of each other: one test each.
      const values = normals(100 * 50, seed, () => 1);
      for (let start = 0; start < values.length; start += 100) {
        found += new Kswin({ alpha }).updateAll(values.subarray(start, start + 100)).drifts.length;
        tests++;
      }
    }
    const deviation = Math.sqrt((alpha * (1 - alpha)) / tests);
    expect(found / tests).toBeLessThan(alpha + 4 * deviation);
    expect(found).toBeGreaterThan(0);
  });

  it('does not depend on the unit of the values', () => {
    const values = normals(2000, 9, (t) => (t < 1000 ? 1 : 3));
    const scaled = values.map((value) => Math.exp(value));
    expect(new Kswin().updateAll(scaled)).toEqual(new Kswin().updateAll(values));
  });

  it('the seed says which older values are drawn', () => {
    const values = normals(5000, 9, () => 1);
    const drifts = (seed: number) => new Kswin({ seed, alpha: 0.05 }).updateAll(values).drifts;
    expect(drifts(1)).toEqual(drifts(1));
    expect(drifts(1)).not.toEqual(drifts(2));
  });

  it('lets a difference of a tenth pass, however large alpha is', () => {
    // With a window of twice the newest values, all older ones are drawn.
    const shifted = (by: number) => Float64Array.from({ length: 60 }, (_, t) => (t < 30 ? t : t - 30 + by));
    const drifts = (by: number) => new Kswin({ alpha: 0.9999, windowSize: 60 }).updateAll(shifted(by)).drifts;
    expect([drifts(3), drifts(4)]).toEqual([[], [59]]);
  });

  it('never shows drift where two samples so small never could', () => {
    expect(kolmogorovSmirnovSteps(3, 0.001)).toBe(4);
    const values = Float64Array.from({ length: 100 }, (_, t) => (t < 50 ? 0 : 100 + t));
    expect(new Kswin({ alpha: 0.001, windowSize: 6, recentSize: 3 }).updateAll(values).drifts).toEqual([]);
  });
});
