import { learnByRows, paddedWidth, stretchesOf, workOn } from './by-rows.ts';
import { type LabeledRows, linearScores } from './linear.ts';

/** `counts`: Float64Array[K], weights of the classes. `sums`: Float64Array[K·d]. `totals`: Float64Array[K], Σ_j sums. */
export type MultinomialClasses = {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly totals: Float64Array;
};

/**
 * Tests each row of counts ≥ 0 and then learns it, one after the other: P(j | k) = (sums_kj + α) / (totals_k + α·d). A row of weight 0 is passed
 * over. What is learned is to the bit what a loop over rows gives, and the odds are within a relative 1e-9 (`test/oracle/row-kernels.test.ts`).
 *
 * Changes `classes`. `odds`: Float64Array[n], 1 / P(label) before the row was learned, at most `mostOdds`; overwritten.
 * Cost: O(n · K · d), a logarithm for each count above 0.
 */
export function learnMultinomialByRows(
  rows: LabeledRows,
  { counts, sums, totals }: MultinomialClasses,
  odds: Float64Array,
  smoothing: number,
  mostOdds: number,
): void {
  const [width, k] = [rows.columns.length, counts.length];
  const logs = new Float64Array(sums.length);
  workOn(stretchesOf(width, sums, logs), (kernels, [from, to]) => {
    kernels.smoothedLogarithms(k * paddedWidth(width), smoothing, from, to);
  });
  const logTotals = totals.map((total) => Math.log(total + smoothing * width));
  const wide = stretchesOf(width, sums, logs, new Float64Array(width));
  const single = stretchesOf(k, counts, totals, counts.map(Math.log), logTotals, new Float64Array(k));
  learnByRows(rows, [...wide, ...single], odds, (kernels, block, at) => {
    const [sum, log, row, count, total, logCount, logTotal, scores] = at;
    const { n, x, stride, labels, weights, out } = block;
    kernels.learnMultinomial(
      n,
      width,
      k,
      x,
      stride,
      labels,
      weights,
      smoothing,
      mostOdds,
      count,
      sum,
      total,
      logCount,
      log,
      logTotal,
      row,
      scores,
      out,
    );
  });
}

/** ln n_k + Σ_j x_j · ln P(j | k) for each class k and row: K Float64Array[n]. Cost: O(n · K · d). */
export function multinomialScores(
  columns: readonly Float64Array[],
  rowCount: number,
  { counts, sums, totals }: MultinomialClasses,
  smoothing: number,
): Float64Array[] {
  const d = columns.length;
  const models = Array.from(counts, (count, k) => {
    const logTotal = Math.log(totals[k]! + smoothing * d);
    const weights = sums.slice(k * d, (k + 1) * d).map((sum) => Math.log(sum + smoothing) - logTotal);
    return { weights, first: Math.log(count) };
  });
  return linearScores(columns, rowCount, models);
}
