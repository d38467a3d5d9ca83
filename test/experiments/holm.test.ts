import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/experiments/holm.ts';

describe('holm', () => {
  it("gives what R's p.adjust gives", () => {
    const got = holm([0.01, 0.02, 0.03, 0.04]);
    for (const [i, expected] of [0.04, 0.06, 0.06, 0.06].entries()) expect(got[i]).toBeCloseTo(expected, 14);
  });

  it('rejects what stepping down from the smallest p rejects', () => {
    const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pValues, (all) => {
        const order = all.map((_, i) => i).sort((a, b) => all[a]! - all[b]!);
        const end = order.findIndex((i, rank) => all[i]! * (all.length - rank) > 0.05);
        const rejected = new Set(end < 0 ? order : order.slice(0, end));
        expect(holm(all).map((p) => p <= 0.05)).toEqual(all.map((_, i) => rejected.has(i)));
      }),
    );
  });
});
