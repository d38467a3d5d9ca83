import type { Design } from './design.ts';
import { sumOf } from './linear.ts';

/** Of weighted rows, by feature: mean, and Σ weight · (x − mean)². Each Float64Array[d]. */
export interface DesignMoments {
  readonly means: Float64Array;
  readonly squares: Float64Array;
  /** Σ weight, and Σ weight². */
  readonly weightSum: number;
  readonly squaredWeightSum: number;
}

/** Two passes: means, then squares of what is left. `weights`: Float64Array[n], 1 each where absent. Cost: O(values). */
export function designMoments(design: Design, weights: Float64Array | undefined): DesignMoments {
  const weightSum = weights === undefined ? design.rows : sumOf(weights);
  const squaredWeightSum = weights === undefined ? design.rows : sumOf(weights.map((each) => each * each));
  const totals = { weightSum, squaredWeightSum };
  if (!('starts' in design)) {
    const means = Float64Array.from(design.columns, (column) => weightedSum(column, weights) / weightSum);
    const squares = Float64Array.from(design.columns, (column, j) => squaresAround(column, means[j]!, weights));
    return { means, squares, ...totals };
  }
  const { rows, width, starts, indices, values } = design;
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  const present = new Float64Array(width);
  const each = (use: (j: number, value: number, weight: number) => void) => {
    for (let i = 0; i < rows; i++) {
      for (let p = starts[i]!; p < starts[i + 1]!; p++) use(indices[p]!, values[p]!, weights?.[i] ?? 1);
    }
  };
  each((j, value, weight) => {
    means[j] = means[j]! + (weight * value) / weightSum;
    present[j] = present[j]! + weight;
  });
  each((j, value, weight) => {
    squares[j] = squares[j]! + weight * (value - means[j]!) ** 2;
  });
  for (let j = 0; j < width; j++) squares[j] = squares[j]! + (weightSum - present[j]!) * means[j]! ** 2;
  return { means, squares, ...totals };
}

/** Standard deviation with n − 1 below the line; with weights, Σw − Σw² / Σw. Float64Array[d]. */
export function sampleDeviations({ squares, weightSum, squaredWeightSum }: DesignMoments): Float64Array {
  const below = weightSum - squaredWeightSum / weightSum;
  return squares.map((each) => (below > 0 ? Math.sqrt(each / below) : 0));
}

function weightedSum(column: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  if (weights === undefined) for (let i = 0; i < column.length; i++) sum += column[i]!;
  else for (let i = 0; i < column.length; i++) sum += weights[i]! * column[i]!;
  return sum;
}

function squaresAround(column: Float64Array, mean: number, weights: Float64Array | undefined): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) {
    const difference = column[i]! - mean;
    sum += (weights === undefined ? 1 : weights[i]!) * difference * difference;
  }
  return sum;
}
