import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, eBenjaminiHochberg, eValueOf } from '../../src/experiments/false-discoveries.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { mixtureTest } from '../../src/numeric/mixture-test.ts';

describe('benjaminiHochberg', () => {
  it("gives what R's p.adjust gives", () => {
    const got = benjaminiHochberg([0.01, 0.2, 0.03, 0.02, 0.9]);
    for (const [i, expected] of [0.05, 0.25, 0.05, 0.05, 0.9].entries()) expect(got[i]).toBeCloseTo(expected, 14);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  it('rejects what stepping up from the largest p rejects', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }), (all) => {
        const ascending = [...all].sort((a, b) => a - b);
        const last = ascending.findLastIndex((p, rank) => (p * all.length) / (rank + 1) <= 0.05);
        const bound = last < 0 ? -1 : ascending[last]!;
        expect(benjaminiHochberg(all).map((p) => p <= 0.05)).toEqual(all.map((p) => p <= bound));
      }),
    );
  });
});

describe('eValueOf', () => {
  it('is the mean of κ p^(κ−1) over κ from 0 to 1', () => {
    for (const p of [1, 0.9995, 0.99, 0.5, 0.05, 1e-3, 1e-9]) {
      // Simpson's rule.
      const n = 2000;
      const at = (i: number) => (i / n) * p ** (i / n - 1);
      let sum = at(0) + at(n);
      for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * at(i);
      expect(eValueOf(p) / (sum / (3 * n))).toBeCloseTo(1, 9);
    }
    expect(eValueOf(0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('has the mean 1 over uniform p-values, so that it is worth what it says', () => {
    // ∫ e(p) dp, with p = exp(−x): ∫ (1 − exp(−x) (1 + x)) / x² dx, of which 1/X is left beyond X.
    const [step, end] = [1e-3, 400];
    let sum = 0;
    for (let x = step / 2; x < end; x += step) sum += eValueOf(Math.exp(-x)) * Math.exp(-x) * step;
    expect(sum + 1 / end).toBeCloseTo(1, 4);
  });
});

describe('eBenjaminiHochberg', () => {
  it('keeps false discoveries at α among tests that hang together and are watched, and never takes one back', () => {
    const random = seededRandom(3);
    const [tests, real, looks, runs] = [40, 10, 100, 100];
    let falseShare = 0;
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const sums = new Array<number>(tests).fill(0);
      const pValues = new Array<number>(tests).fill(1);
      const rejected = new Set<number>();
      for (let look = 1; look <= looks; look++) {
        const common = nextNormal(random);
        for (let i = 0; i < tests; i++) {
          sums[i]! += 0.8 * common + 0.6 * nextNormal(random) + (i < real ? 0.6 : 0);
          const effect = { estimate: sums[i]! / look, standardError: 1 / Math.sqrt(look), n: look };
          pValues[i] = Math.min(pValues[i]!, mixtureTest(effect, 0.1, 0.05).pValue);
        }
        const now = eBenjaminiHochberg(pValues.map(eValueOf)).flatMap((p, i) => (p <= 0.05 ? [i] : []));
        for (const each of rejected) expect(now).toContain(each);
        for (const each of now) rejected.add(each);
      }
      const wrong = [...rejected].filter((i) => i >= real).length;
      falseShare += wrong / Math.max(1, rejected.size) / runs;
      found += (rejected.size - wrong) / runs;
    }
    expect(falseShare).toBeLessThan(0.05);
    expect(found).toBeGreaterThan(0.8 * real);
  });
});
