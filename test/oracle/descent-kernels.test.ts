import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientSums, type LabeledRows } from '../../src/numeric/linear.ts';
import { sigmoid } from '../../src/numeric/logistic.ts';
import { newStepped, stepOf } from '../../src/numeric/optimizer.ts';
import { descendByRows } from '../../src/numeric/row-descent.ts';
import { ROW_LOSSES, type RowLossName } from '../../src/numeric/row-loss.ts';
import { standardiseByRows } from '../../src/numeric/standardise.ts';

/** Numbers of use to a learner; margins of them reach where e^x is 0 or infinite. */
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -300, max: 300, noNaN: true }));

const column = (length: number, each: fc.Arbitrary<number> = value) =>
  fc.array(each, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

/** Short ones, and such as pass a block of the kernels. */
const counts = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1023, max: 1034 }));

const given = fc.tuple(fc.integer({ min: 1, max: 5 }), counts).chain(([d, n]) =>
  fc.record({
    n: fc.constant(n),
    d: fc.constant(d),
    columns: fc.array(column(n), { minLength: d, maxLength: d }),
    labels: column(n, fc.integer({ min: 0, max: 1 })),
    rowWeights: fc.option(column(n, fc.integer({ min: 0, max: 3 })), { nil: undefined }),
    weights: column(d + 1, fc.double({ min: -2, max: 2, noNaN: true })),
  }),
);

const asRows = ({
  columns,
  labels,
  rowWeights,
}: {
  columns: Float64Array[];
  labels: Float64Array;
  rowWeights: Float64Array | undefined;
}): LabeledRows => ({
  columns,
  labels,
  weights: rowWeights,
});

describe('gradientSums', () => {
  it.each(['identity', 'logistic'] as const)('adds up what a plain loop over rows does, %s', (link) => {
    fc.assert(
      fc.property(given, ({ n, d, columns, labels, rowWeights, weights }) => {
        const sums = gradientSums(asRows({ columns, labels, rowWeights }), weights.slice(0, d), weights[d]!, link);
        const expected = new Float64Array(d + 1);
        const sizes = new Float64Array(d + 1);
        for (let i = 0; i < n; i++) {
          let margin = weights[d]!;
          for (let f = 0; f < d; f++) margin += weights[f]! * columns[f]![i]!;
          const slope = (rowWeights?.[i] ?? 1) * ((link === 'logistic' ? sigmoid(margin) : margin) - labels[i]!);
          for (let f = 0; f <= d; f++) {
            const x = f === d ? 1 : columns[f]![i]!;
            expected[f]! += slope * x;
            // 1 − σ(m) is as exact as σ(m), near 1, can be.
            sizes[f]! += Math.abs(x) * (Math.abs(slope) + (link === 'logistic' ? 1 : 0));
          }
        }
        for (let f = 0; f <= d; f++) expect(Math.abs(sums[f]! - expected[f]!)).toBeLessThanOrEqual(1e-12 * sizes[f]!);
      }),
      { numRuns: 60 },
    );
  });
});

describe('descendByRows', () => {
  it.each(Object.keys(ROW_LOSSES) as RowLossName[])('steps as a plain loop over rows does, to the bit: %s', (loss) => {
    fc.assert(
      fc.property(given, fc.boolean(), ({ n, d, columns, labels, rowWeights, weights }, intercept) => {
        const inputs = intercept ? d + 1 : d;
        const got = weights.slice(0, inputs);
        const margins = new Float64Array(n);
        descendByRows(asRows({ columns, labels, rowWeights }), got, margins, { loss, stepSize: 1e-4, l2: 0.1 });
        const stepped = newStepped('sgd', inputs);
        stepped.weights.set(weights.subarray(0, inputs));
        const step = stepOf('sgd', 1e-4);
        const expected = new Float64Array(n);
        for (let i = 0; i < n; i++) {
          const weight = rowWeights?.[i] ?? 1;
          if (weight === 0) continue;
          const x = Float64Array.from({ length: inputs }, (_, f) => (f === d ? 1 : columns[f]![i]!));
          for (let f = 0; f < inputs; f++) expected[i]! += stepped.weights[f]! * x[f]!;
          step(stepped, 0, x, weight * ROW_LOSSES[loss].slope(expected[i]!, labels[i]!), 0.1, d);
        }
        expect(got).toEqual(stepped.weights);
        for (let i = 0; i < n; i++) if (rowWeights?.[i] !== 0) expect(margins[i]).toBe(expected[i]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('standardiseByRows', () => {
  it('learns and gives what a plain loop does, to the bit', () => {
    fc.assert(
      fc.property(given, fc.boolean(), fc.boolean(), ({ n, d, columns, rowWeights }, withMean, withStd) => {
        const [counts, means, variances] = [1, 2, 3].map(() => new Float64Array(d)) as [
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        const moments = { counts: counts.slice(), means: means.slice(), variances: variances.slice() };
        const got = standardiseByRows(columns, n, rowWeights, moments, { withMean, withStd });
        const expected = columns.map((values, j) =>
          values.map((x, i) => {
            const weight = rowWeights?.[i] ?? 1;
            if (weight > 0) {
              counts[j]! += weight;
              const difference = x - means[j]!;
              means[j]! += (weight * difference) / counts[j]!;
              variances[j]! += (weight * (difference * (x - means[j]!) - variances[j]!)) / counts[j]!;
            }
            const centred = withMean ? x - means[j]! : x;
            if (!withStd) return centred;
            return variances[j]! > 0 ? centred / Math.sqrt(variances[j]!) : 0;
          }),
        );
        expect(got).toEqual(expected);
        expect(moments).toEqual({ counts, means, variances });
      }),
      { numRuns: 60 },
    );
  });
});
