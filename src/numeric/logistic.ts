/** 1 / (1 + e^−x), without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** ln(1 + e^x), without overflow: −ln P(label) where x is the margin against the label. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** Puts σ(m) in the place of each margin m. */
export function toSigmoids(margins: Float64Array): void {
  for (let i = 0; i < margins.length; i++) margins[i] = sigmoid(margins[i]!);
}

/** Puts 1 in the place of each score above the threshold, and 0 in that of the others. */
export function toClasses(scores: Float64Array, threshold: number): void {
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! > threshold ? 1 : 0;
}

/** So far from where σ crosses a threshold that is not next to 0 or 1, a margin is on one side of it, however σ is rounded. */
const DOUBTFUL = 1e-9;

/** Puts 1 in the place of each margin m whose σ(m) is above the threshold, and 0 in that of the others; few exponentials. */
export function toSigmoidClasses(margins: Float64Array, threshold: number): void {
  const border = Math.log(threshold / (1 - threshold));
  const doubtful = threshold > 0.001 && threshold < 0.999 ? DOUBTFUL : Number.POSITIVE_INFINITY;
  for (let i = 0; i < margins.length; i++) {
    const m = margins[i]!;
    if (Math.abs(m - border) > doubtful) margins[i] = m > border ? 1 : 0;
    else margins[i] = sigmoid(m) > threshold ? 1 : 0;
  }
}
