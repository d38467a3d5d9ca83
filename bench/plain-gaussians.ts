import { eachRow, type PlainRows } from './plain-rows.ts';

export interface PlainGaussians {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  readonly squares: Float64Array;
}

/** ln n_k + Σ_j ln N(x_j; …) of one class. */
export function plainGaussianScore(
  { counts, means, squares }: PlainGaussians,
  k: number,
  x: Float64Array,
  floor: number,
) {
  const degrees = counts[k]! - 1;
  let score = Math.log(counts[k]!);
  if (degrees <= 0) return score;
  for (let j = 0, at = k * x.length; j < x.length; j++, at++) {
    const variance = Math.max(squares[at]! / degrees, floor);
    score -= (Math.log(2 * Math.PI * variance) + (x[j]! - means[at]!) ** 2 / variance) / 2;
  }
  return score;
}

/** Gaussian naive Bayes. Gives each row's −ln P(y), at most `mostLoss`, before it was learned. */
export function plainGaussians(rows: PlainRows, state: PlainGaussians, floor: number, mostLoss: number): Float64Array {
  const { counts, means, squares } = state;
  const losses = new Float64Array(rows.labels.length);
  const scores = new Float64Array(counts.length);
  eachRow(rows, rows.columns.length, (x, y, weight, i) => {
    for (let k = 0; k < counts.length; k++) scores[k] = plainGaussianScore(state, k, x, floor);
    losses[i] = plainLoss(scores, y, mostLoss);
    counts[y] = counts[y]! + weight;
    const share = weight / counts[y]!;
    for (let j = 0, at = y * x.length; j < x.length; j++, at++) {
      const difference = x[j]! - means[at]!;
      means[at] = means[at]! + share * difference;
      squares[at] = squares[at]! + weight * difference * (x[j]! - means[at]!);
    }
  });
  return losses;
}

/** −ln P(y), at most `most`, by the logarithms of what classes weigh; where none does, all are equally likely. */
export function plainLoss(scores: Float64Array, y: number, most: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < scores.length; k++) if (scores[k]! > largest) largest = scores[k]!;
  if (largest === Number.NEGATIVE_INFINITY) return Math.log(scores.length);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += Math.exp(scores[k]! - largest);
  return Math.min(most, largest + Math.log(sum) - scores[y]!);
}

/** The score of each class and row. */
export function plainGaussianScores(
  columns: readonly Float64Array[],
  state: PlainGaussians,
  floor: number,
): Float64Array[] {
  const { counts, means, squares } = state;
  const d = columns.length;
  return Array.from(counts, (count, k) => {
    const scores = new Float64Array(columns[0]!.length).fill(Math.log(count));
    for (let j = 0; j < d; j++) {
      const [column, mean] = [columns[j]!, means[k * d + j]!];
      const variance = Math.max(squares[k * d + j]! / (count - 1), floor);
      const log = Math.log(2 * Math.PI * variance);
      for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! - (log + (column[i]! - mean) ** 2 / variance) / 2;
    }
    return scores;
  });
}
