import { type LabeledRows, linearPredictions } from './linear.ts';

/** `counts`: Float64Array[K], weights of the classes. `sums`: Float64Array[K·d]. `totals`: Float64Array[K], Σ_j sums. */
export type MultinomialClasses = {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly totals: Float64Array;
};

/**
 * Tests each row of counts ≥ 0 and then learns it, one after the other: P(j | k) = (sums_kj + α) / (totals_k + α·d). A row of weight 0 is passed
 * over. Changes `classes`. `odds`: Float64Array[n], 1 / P(label) before the row was learned, at most `mostOdds`; overwritten.
 * Cost: O(n · K · d), a logarithm for each count above 0; no allocation for a row.
 */
export function learnMultinomialByRows(
  { columns, labels, weights }: LabeledRows,
  { counts, sums, totals }: MultinomialClasses,
  odds: Float64Array,
  smoothing: number,
  mostOdds: number,
): void {
  const [d, k] = [columns.length, counts.length];
  const logCounts = counts.map(Math.log);
  const logSums = sums.map((sum) => Math.log(sum + smoothing));
  const logTotals = totals.map((total) => Math.log(total + smoothing * d));
  const scores = new Float64Array(k);
  for (let i = 0; i < labels.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    if (weight === 0) continue;
    for (let c = 0; c < k; c++) {
      let score = logCounts[c]!;
      for (let j = 0, at = c * d; j < d; j++, at++) score += columns[j]![i]! * (logSums[at]! - logTotals[c]!);
      scores[c] = score;
    }
    const label = labels[i]! | 0;
    odds[i] = 0; // summed up and bounded in place: a variable for it may be allocated for each row
    for (let c = 0; c < k; c++) {
      if (counts[c]! > 0) odds[i] = odds[i]! + Math.exp(scores[c]! - scores[label]!);
    }
    if (odds[i] === 0) odds[i] = k;
    else if (odds[i]! > mostOdds) odds[i] = mostOdds;
    counts[label] = counts[label]! + weight;
    logCounts[label] = Math.log(counts[label]!);
    for (let j = 0, at = label * d; j < d; j++, at++) {
      const value = columns[j]![i]!;
      if (value === 0) continue;
      sums[at] = sums[at]! + weight * value;
      totals[label] = totals[label]! + weight * value;
      logSums[at] = Math.log(sums[at]! + smoothing);
    }
    logTotals[label] = Math.log(totals[label]! + smoothing * d);
  }
}

/** ln n_k + Σ_j x_j · ln P(j | k) for each class k and row: K Float64Array[n]. Cost: O(n · K · d). */
export function multinomialScores(
  columns: readonly Float64Array[],
  rowCount: number,
  { counts, sums, totals }: MultinomialClasses,
  smoothing: number,
): Float64Array[] {
  const d = columns.length;
  return Array.from(counts, (count, k) => {
    const logTotal = Math.log(totals[k]! + smoothing * d);
    const weights = sums.slice(k * d, (k + 1) * d).map((sum) => Math.log(sum + smoothing) - logTotal);
    const scores = new Float64Array(rowCount);
    linearPredictions(columns, weights, Math.log(count), scores);
    return scores;
  });
}
