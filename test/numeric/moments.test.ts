import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { Moments } from '../../src/numeric/moments.ts';

type Row = readonly [x: number, y: number];

const value = fc.double({ min: -1000, max: 1000, noNaN: true });
const rows = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 60 });

/** Two passes over all rows: the definition. */
function expectedOf(all: readonly (Row & { readonly weight?: number })[], weights = all.map(() => 1)) {
  const n = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (i: 0 | 1) => all.reduce((sum, row, at) => sum + weights[at]! * row[i], 0) / n;
  const means = [mean(0), mean(1)] as const;
  const covariance = (i: 0 | 1, j: 0 | 1) =>
    all.reduce((sum, row, at) => sum + weights[at]! * (row[i] - means[i]) * (row[j] - means[j]), 0) / (n - 1);
  return { n, means, variances: [covariance(0, 0), covariance(1, 1)], covariance: covariance(0, 1) };
}

/** Relative to what the numbers are made of: values up to 1000, and their squares. */
function expectMoments(moments: Moments, all: readonly Row[], weights?: number[]): void {
  const expected = expectedOf(all, weights);
  expect(moments.weight).toBeCloseTo(expected.n, 9);
  for (const i of [0, 1] as const) {
    expect(Math.abs(moments.mean(i) - expected.means[i])).toBeLessThan(1e-12 * 1000);
    expect(Math.abs(moments.variance(i) - expected.variances[i]!)).toBeLessThan(1e-12 * 1e6);
  }
  expect(Math.abs(moments.covariance(0, 1) - expected.covariance)).toBeLessThan(1e-12 * 1e6);
}

const added = (part: readonly Row[]) => {
  const moments = new Moments(2);
  for (const row of part) moments.add(row);
  return moments;
};

describe('Moments', () => {
  it('are the same for any cut of the rows, and any order of merging', () => {
    const cuts = fc.array(fc.nat(), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(rows, cuts, fc.array(fc.nat(), { maxLength: 8 }), (all, partOf, order) => {
        const parts = Array.from({ length: 5 }, (_, part) => all.filter((_row, i) => partOf[i]! % 5 === part));
        const left = parts.map(added);
        for (let n = 0; left.length > 1; n++) {
          const [from] = left.splice((order[n] ?? 0) % left.length, 1);
          left[(order[n + 1] ?? 0) % left.length]!.merge(from!);
        }
        expectMoments(left[0]!, all);
      }),
    );
  });

  it('count a row of weight w as w rows', () => {
    const weight = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, weight), { minLength: 2, maxLength: 30 }), (weighted) => {
        const moments = new Moments(2);
        for (const [x, y, w] of weighted) moments.add([x, y], w);
        expectMoments(
          moments,
          weighted.map(([x, y]) => [x, y]),
          weighted.map(([, , w]) => w),
        );
      }),
    );
  });

  it('are, with rows replaced and removed, those of the rows that are left', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const moments = added(first);
        const common = Math.min(first.length, second.length);
        for (let i = 0; i < common; i++) moments.replace(first[i]!, second[i]!);
        for (const row of second.slice(common)) moments.add(row);
        for (const row of first.slice(Math.max(common, 2))) moments.remove(row);
        expectMoments(moments, first.length > second.length ? second.slice(0, common) : second);
      }),
    );
  });

  it('keep their digits far from zero, where sums of squares have none left', () => {
    const offset = 1e9;
    const column = [4, 7, 13, 16].map((each) => each + offset);
    const squares = column.reduce((sum, each) => sum + each * each, 0);
    const mean = column.reduce((sum, each) => sum + each, 0) / 4;
    expect(Math.abs((squares - 4 * mean * mean) / 3 - 30)).toBeGreaterThan(1);
    expect(Moments.of(column).variance()).toBe(30);
  });

  it('have no mean of nothing, and no variance of one row', () => {
    const moments = new Moments();
    expect(moments.mean()).toBeNaN();
    moments.add([5]);
    expect(moments.mean()).toBe(5);
    expect(moments.variance()).toBeNaN();
    moments.remove([5]);
    expect(moments.values()).toEqual(new Float64Array(3));
  });

  it('are the same from their values', () => {
    const moments = Moments.of([1, 2, 4], [3, 5, 2]);
    expect(moments.copy().values()).toEqual(moments.values());
    expect(() => Moments.fromValues(1, moments.values())).toThrow(UsageError);
    expect(() => new Moments(0)).toThrow(UsageError);
  });
});
