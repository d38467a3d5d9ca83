import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { softplus } from '../../src/numeric/logistic.ts';
import { sumOfLogs } from '../../src/numeric/probabilities.ts';
import { type RowLossName, sumOfRowLosses } from '../../src/numeric/row-loss.ts';

/** One row's loss, as it is defined. */
const LOSSES: Readonly<Record<RowLossName, (m: number, y: number) => number>> = {
  squared: (m, y) => (m - y) ** 2,
  absolute: (m, y) => Math.abs(m - y),
  logistic: (m, y) => softplus(y === 1 ? -m : m),
  hinge: (m, y) => Math.max(0, 1 - (y === 1 ? m : -m)),
};

const row = fc.record({
  margin: fc.oneof(fc.double({ min: -800, max: 800, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
  label: fc.constantFrom(0, 1),
  weight: fc.constantFrom(0, 0.5, 2),
});

/** Few, and more than a block of the kernels. */
const rows = fc.oneof(fc.array(row, { maxLength: 9 }), fc.array(row, { minLength: 1020, maxLength: 1100 }));

it.each(Object.keys(LOSSES) as RowLossName[])('the losses add up to their sum, within a relative 1e-12: %s', (name) => {
  const property = fc.property(rows, fc.boolean(), (given, weighted) => {
    const [margins, labels] = [given.map(({ margin }) => margin), given.map(({ label }) => label)];
    const weights = weighted ? Float64Array.from(given, ({ weight }) => weight) : undefined;
    const got = sumOfRowLosses(name, Float64Array.from(margins), Float64Array.from(labels), weights);
    const expected = given.reduce((sum, { margin, label, weight }) => {
      return sum + (weighted ? weight : 1) * LOSSES[name](margin, label);
    }, 0);
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-12 * expected);
  });
  fc.assert(property, { numRuns: 60 });
});

it.each(Object.keys(LOSSES) as RowLossName[])(
  'a margin that is no number makes the sum none, wherever it stands: %s',
  (name) => {
    const labels = new Float64Array(9);
    for (const place of labels.keys()) {
      const margins = labels.map((_, i) => (i === place ? Number.NaN : 0.5));
      expect(sumOfRowLosses(name, margins, labels, undefined)).toBeNaN();
    }
  },
);

it('logarithms add up to their sum, within a relative 1e-12', () => {
  const odds = fc.array(
    fc.record({ odds: fc.double({ min: 1, max: 1e15, noNaN: true }), weight: fc.constantFrom(0, 0.5, 2) }),
  );
  const property = fc.property(odds, fc.boolean(), (given, weighted) => {
    const weights = weighted ? Float64Array.from(given, ({ weight }) => weight) : undefined;
    const got = sumOfLogs(
      Float64Array.from(given, (each) => each.odds),
      weights,
    );
    const expected = given.reduce((sum, each) => sum + (weighted ? each.weight : 1) * Math.log(each.odds), 0);
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-12 * (1 + expected));
  });
  fc.assert(property);
});
