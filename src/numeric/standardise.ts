import { blocksOf, copyBlock, copyRows, reserve } from './kernels.ts';

/** Each Float64Array[d]: weight of the values, their mean, their population variance. */
export type RunningMoments = {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
};

/**
 * Learns each row, and gives it as it is once it was learned: z = (x − mean) / √variance, and 0 where the variance is. Per value of
 * weight w > 0:
 *
 *     n ← n + w        d = x − mean        mean ← mean + w·d/n        variance ← variance + w·(d·(x − mean) − variance)/n
 *
 * To the bit what a row-by-row loop gives (`test/oracle/kernels.test.ts`). `columns`: d Float64Array[n]; `rowWeights`: Float64Array[n],
 * 1 each where absent. Changes `moments`. Gives d Float64Array[n]. Cost: O(n · d).
 */
export function standardiseByRows(
  columns: readonly Float64Array[],
  rowCount: number,
  rowWeights: Float64Array | undefined,
  moments: RunningMoments,
  { withMean, withStd }: { readonly withMean: boolean; readonly withStd: boolean },
): Float64Array[] {
  const d = columns.length;
  const { rows, stride, length } = blocksOf(d);
  const room = reserve(length, d + 1, d + 1, d + 1, rows);
  const { kernels, numbers } = room;
  const [x, counts, means, variances, weighing] = room.at;
  numbers.set(moments.counts, counts / 8);
  numbers.set(moments.means, means / 8);
  numbers.set(moments.variances, variances / 8);
  const out = columns.map(() => new Float64Array(rowCount));
  const rowWeighing = rowWeights === undefined ? 0 : weighing;
  for (let start = 0; start < rowCount; start += rows) {
    const n = Math.min(rows, rowCount - start);
    copyBlock(columns, start, n, room, x, stride);
    if (rowWeights !== undefined) copyRows(rowWeights, start, n, numbers, weighing);
    kernels.standardise(n, d, x, stride, rowWeighing, counts, means, variances, withMean, withStd);
    for (let f = 0, at = x / 8; f < d; f++, at += stride / 8) out[f]!.set(numbers.subarray(at, at + n), start);
  }
  moments.counts.set(numbers.subarray(counts / 8, counts / 8 + d));
  moments.means.set(numbers.subarray(means / 8, means / 8 + d));
  moments.variances.set(numbers.subarray(variances / 8, variances / 8 + d));
  return out;
}
