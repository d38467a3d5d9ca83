import { plainLoss } from './plain-gaussians.ts';
import { eachRow, type PlainRows } from './plain-rows.ts';

export interface PlainMultinomial {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly totals: Float64Array;
}

/** ln n_k + Σ_j x_j · ln P(j | k) of one class. */
export function plainMultinomialScore(
  { counts, sums, totals }: PlainMultinomial,
  k: number,
  x: Float64Array,
  smoothing: number,
): number {
  const log = Math.log(totals[k]! + smoothing * x.length);
  let score = Math.log(counts[k]!);
  for (let j = 0, at = k * x.length; j < x.length; j++, at++) score += x[j]! * (Math.log(sums[at]! + smoothing) - log);
  return score;
}

/** Multinomial naive Bayes. Gives each row's −ln P(y), at most `mostLoss`, before it was learned. */
export function plainMultinomial(
  rows: PlainRows,
  state: PlainMultinomial,
  smoothing: number,
  mostLoss: number,
): Float64Array {
  const { counts, sums, totals } = state;
  const losses = new Float64Array(rows.labels.length);
  const scores = new Float64Array(counts.length);
  eachRow(rows, rows.columns.length, (x, y, weight, i) => {
    for (let k = 0; k < counts.length; k++) scores[k] = plainMultinomialScore(state, k, x, smoothing);
    losses[i] = plainLoss(scores, y, mostLoss);
    counts[y] = counts[y]! + weight;
    for (let j = 0, at = y * x.length; j < x.length; j++, at++) {
      sums[at] = sums[at]! + weight * x[j]!;
      totals[y] = totals[y]! + weight * x[j]!;
    }
  });
  return losses;
}

export interface PlainRange {
  readonly smallest: Float64Array;
  readonly largest: Float64Array;
}

/** Each value brought to [0, 1] by the range so far, which it first widens where `learns`. */
export function plainMinMax(
  columns: readonly Float64Array[],
  { smallest, largest }: PlainRange,
  learns: boolean,
): Float64Array[] {
  return columns.map((column, j) => {
    const out = new Float64Array(column.length);
    for (let i = 0; i < out.length; i++) {
      const value = column[i]!;
      if (learns && value < smallest[j]!) smallest[j] = value;
      if (learns && value > largest[j]!) largest[j] = value;
      const width = largest[j]! - smallest[j]!;
      out[i] = width === 0 ? 0.5 : Math.min(1, Math.max(0, (value - smallest[j]!) / width));
    }
    return out;
  });
}
