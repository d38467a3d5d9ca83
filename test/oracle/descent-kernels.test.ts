import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientSums } from '../../src/numeric/linear.ts';
import { sigmoid } from '../../src/numeric/logistic.ts';
import { standardiseByRows } from '../../src/numeric/standardise.ts';
import { labeledRows } from './labeled-rows.ts';

describe('gradientSums', () => {
  it.each(['identity', 'logistic'] as const)('adds up what a plain loop over rows does, %s', (link) => {
    fc.assert(
      fc.property(labeledRows, ({ n, d, rows, weights }) => {
        const { columns, labels, weights: rowWeights } = rows;
        const sums = gradientSums(rows, weights.slice(0, d), weights[d]!, link);
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
