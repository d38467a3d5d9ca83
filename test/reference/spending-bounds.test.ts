/** Bounds of group-sequential tests, from scipy 1.17.1: `multivariate_normal.cdf` of the looks, solved for each bound in turn. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { obrienFlemingSpending, powerSpending, SpendingBounds } from '../../src/experiments/spending-bounds.ts';
import { expectClose } from './expect-close.ts';

const boundsAt = (bounds: SpendingBounds, fractions: readonly number[]) => fractions.map((each) => bounds.next(each));
const FIFTHS = [0.2, 0.4, 0.6, 0.8, 1];

describe('spending bounds', () => {
  it("spend as O'Brien and Fleming do", () => {
    const expected = [4.876884948782942, 3.357011921583198, 2.680280055407246, 2.289816779805777, 2.031031966182699];
    expectClose(boundsAt(new SpendingBounds(0.05, obrienFlemingSpending), FIFTHS), expected, 1e-6);
  });

  it('spend with the square of the share', () => {
    const expected = [
      3.0902323061664405, 2.7141115856288875, 2.4727772014093503, 2.2798631578739115, 2.1140254316620197,
    ];
    expectClose(boundsAt(new SpendingBounds(0.05, powerSpending(2)), FIFTHS), expected, 2e-6);
  });

  it("end where Spotify's end, after 200 looks", () => {
    const looks = Array.from({ length: 200 }, (_, look) => (look + 1) / 200);
    expect(boundsAt(new SpendingBounds(0.0033, powerSpending(2)), looks).at(-1)).toBeCloseTo(3.3, 2);
  });

  it('hold up under looks that are next to each other', () => {
    const [coarse, fine] = [
      [0.5, 0.9, 1],
      [0.5, 0.9, 0.9001, 0.99, 0.9995, 1],
    ];
    const at = (fractions: readonly number[]) =>
      boundsAt(new SpendingBounds(0.05, powerSpending(2)), fractions).at(-1)!;
    // More looks spend the same, so that the last bound is higher, if by little.
    expect(at(fine)).toBeGreaterThan(at(coarse));
    expect(at(fine)).toBeLessThan(at(coarse) + 0.3);
  });

  it('are the fixed test at a single look, and no bound is above 8', () => {
    expect(new SpendingBounds(0.05, powerSpending(2)).next(1)).toBeCloseTo(1.959963984540054, 9);
    expect(new SpendingBounds(0.05, obrienFlemingSpending).next(0.001)).toBe(8);
  });

  it('refuse a look that goes back, or beyond the plan', () => {
    const bounds = new SpendingBounds(0.05, powerSpending(2));
    bounds.next(0.5);
    for (const fraction of [0.5, 0.4, 1.1]) expect(() => bounds.next(fraction)).toThrow(UsageError);
    expect(() => new SpendingBounds(1, powerSpending(2))).toThrow(UsageError);
  });
});
