import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/host/random.ts';
import { DescentRows } from '../../src/numeric/descent-rows.ts';
import { type LabeledRows, type Link, linearPredictions } from '../../src/numeric/linear.ts';
import { sigmoid } from '../../src/numeric/logistic.ts';
import { standardiseByRows } from '../../src/numeric/standardise.ts';
import { labeledRows } from './labeled-rows.ts';

describe('DescentRows', () => {
  it.each(['identity', 'logistic'] as const)('adds up gradients as a plain loop over rows does, %s', (link) => {
    fc.assert(
      fc.property(labeledRows, ({ d, rows, weights }) => {
        const kept = new DescentRows(rows);
        checkGradient(kept, rows, weights, link);
        checkGradient(
          kept,
          rows,
          weights.map((weight) => weight / 2),
          link,
        );
        linearPredictions(rows.columns, weights.subarray(0, d), 1, new Float64Array(rows.labels.length)); // uses the same memory
        checkGradient(kept, rows, weights, link);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [9_003, 13],
    [30_000, 40], // more than are kept
  ])('gives gradients and margins of %d rows of %d features', (n, d) => {
    const random = seededRandom(5);
    const column = (length: number) => Float64Array.from({ length }, () => random.next() - 0.5);
    const rows = {
      columns: Array.from({ length: d }, () => column(n)),
      labels: column(n).map((value) => (value > 0 ? 1 : 0)),
      weights: undefined,
    };
    const kept = new DescentRows(rows);
    for (let time = 0; time < 2; time++) {
      const weights = column(d + 1);
      checkGradient(kept, rows, weights, 'logistic');
      const margins = rows.labels.map((_, i) => marginOf(rows, weights, i));
      expect(kept.margins(weights.subarray(0, d), weights[d]!)).toEqual(margins);
      const predictions = new Float64Array(n);
      linearPredictions(rows.columns, weights, weights[d]!, predictions);
      expect(predictions).toEqual(margins);
    }
  });
});

/** The weights, and then the intercept. */
function marginOf({ columns }: LabeledRows, weights: Float64Array, i: number): number {
  let margin = weights[columns.length]!;
  for (const [f, column] of columns.entries()) margin += weights[f]! * column[i]!;
  return margin;
}

function checkGradient(kept: DescentRows, rows: LabeledRows, weights: Float64Array, link: Link): void {
  const { columns, labels, weights: rowWeights } = rows;
  const [n, d] = [labels.length, columns.length];
  const sums = kept.gradientSums(weights.slice(0, d), weights[d]!, link);
  const expected = new Float64Array(d + 1);
  const sizes = new Float64Array(d + 1);
  for (let i = 0; i < n; i++) {
    const margin = marginOf(rows, weights, i);
    const slope = (rowWeights?.[i] ?? 1) * ((link === 'logistic' ? sigmoid(margin) : margin) - labels[i]!);
    for (let f = 0; f <= d; f++) {
      const x = f === d ? 1 : columns[f]![i]!;
      expected[f]! += slope * x;
      // 1 − σ(m) is as exact as σ(m), near 1, can be.
      sizes[f]! += Math.abs(x) * (Math.abs(slope) + (link === 'logistic' ? 1 : 0));
    }
  }
  for (let f = 0; f <= d; f++) expect(Math.abs(sums[f]! - expected[f]!)).toBeLessThanOrEqual(1e-12 * sizes[f]!);
}

describe('standardiseByRows', () => {
  it('learns and gives what a plain loop does, to the bit', () => {
    fc.assert(
      fc.property(
        labeledRows,
        fc.boolean(),
        fc.boolean(),
        ({ n, d, rows: { columns, weights: rowWeights } }, withMean, withStd) => {
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
        },
      ),
      { numRuns: 60 },
    );
  });
});
