import { toColumns } from './plain-k-means.ts';

interface Point {
  readonly label: number;
  readonly features: readonly number[];
}

/** Linear regression by gradient descent, written for this benchmark alone: columns, plain loops, no checks, nothing of Millrace. */
export function plainLinear(
  batches: readonly (readonly Point[])[],
  d: number,
  stepSize: number,
  iterations: number,
): Float64Array {
  const weights = new Float64Array(d);
  for (const points of batches) {
    const columns = toColumns(
      points.map(({ features }) => features),
      d,
    );
    const labels = Float64Array.from(points, ({ label }) => label);
    descendPlainly(columns, labels, weights, stepSize, iterations);
  }
  return weights;
}

/** Steps so many times along the gradient of all rows, and gives Σ of the losses before the first step. */
export function descendPlainly(
  columns: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array,
  stepSize: number,
  iterations: number,
  link: 'identity' | 'logistic' = 'identity',
): number {
  const n = labels.length;
  const d = columns.length;
  const errors = new Float64Array(n);
  let loss = 0;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    errors.fill(0);
    for (let f = 0; f < d; f++) {
      const column = columns[f]!;
      const weight = weights[f]!;
      for (let i = 0; i < n; i++) errors[i]! += weight * column[i]!;
    }
    for (let i = 0; i < n; i++) {
      const m = errors[i]!;
      if (iteration === 1 && link === 'identity') loss += (m - labels[i]!) ** 2;
      if (iteration === 1 && link === 'logistic') {
        loss += Math.max(labels[i] === 1 ? -m : m, 0) + Math.log1p(Math.exp(-Math.abs(m)));
      }
      errors[i] = (link === 'identity' ? m : 1 / (1 + Math.exp(-m))) - labels[i]!;
    }
    const step = stepSize / Math.sqrt(iteration);
    for (let f = 0; f < d; f++) {
      const column = columns[f]!;
      let gradient = 0;
      for (let i = 0; i < n; i++) gradient += errors[i]! * column[i]!;
      weights[f]! -= (step * gradient) / n;
    }
  }
  return loss;
}
