import { chiSquare } from '../numeric/distributions/chi-square.ts';

export interface IndependenceTest {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/**
 * Pearson's chi-square test of whether a feature and a label, both categories, are independent: Σ (observed − expected)² / expected over the
 * table of their counts, with (rows − 1) · (columns − 1) degrees of freedom. Where one of them never varies, the p-value is 1.
 *
 * Both Float64Array[n]. Cost: O(n). Source: Pearson, 1900.
 */
export function independenceTest(feature: Float64Array, label: Float64Array): IndependenceTest {
  const counts = new Map<number, Map<number, number>>();
  const ofFeature = new Map<number, number>();
  const ofLabel = new Map<number, number>();
  for (let i = 0; i < feature.length; i++) {
    const [x, y] = [feature[i]!, label[i]!];
    const row = counts.get(x) ?? new Map<number, number>();
    counts.set(x, row.set(y, (row.get(y) ?? 0) + 1));
    ofFeature.set(x, (ofFeature.get(x) ?? 0) + 1);
    ofLabel.set(y, (ofLabel.get(y) ?? 0) + 1);
  }
  const degreesOfFreedom = (ofFeature.size - 1) * (ofLabel.size - 1);
  if (degreesOfFreedom <= 0) return { statistic: 0, degreesOfFreedom: 0, pValue: 1 };
  let statistic = 0;
  for (const [x, nx] of ofFeature) {
    for (const [y, ny] of ofLabel) {
      const expected = (nx * ny) / feature.length;
      statistic += ((counts.get(x)!.get(y) ?? 0) - expected) ** 2 / expected;
    }
  }
  return { statistic, degreesOfFreedom, pValue: chiSquare(degreesOfFreedom).survival(statistic) };
}
