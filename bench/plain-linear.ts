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

function descendPlainly(
  columns: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array,
  stepSize: number,
  iterations: number,
): void {
  const n = labels.length;
  const d = columns.length;
  const errors = new Float64Array(n);
  for (let iteration = 1; iteration <= iterations; iteration++) {
    for (let i = 0; i < n; i++) errors[i] = -labels[i]!;
    for (let f = 0; f < d; f++) {
      const column = columns[f]!;
      const weight = weights[f]!;
      for (let i = 0; i < n; i++) errors[i]! += weight * column[i]!;
    }
    const step = stepSize / Math.sqrt(iteration);
    for (let f = 0; f < d; f++) {
      const column = columns[f]!;
      let gradient = 0;
      for (let i = 0; i < n; i++) gradient += errors[i]! * column[i]!;
      weights[f]! -= (step * gradient) / n;
    }
  }
}
