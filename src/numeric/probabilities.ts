/**
 * Turns logarithms of weights into probabilities that add up to 1, in place and without overflow, and tells whether a weight was above 0: where
 * none is, all are equally likely.
 */
export function toProbabilities(logs: Float64Array): boolean {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logs.length; k++) if (logs[k]! > largest) largest = logs[k]!;
  if (largest === Number.NEGATIVE_INFINITY) {
    logs.fill(1 / logs.length);
    return false;
  }
  let sum = 0;
  for (let k = 0; k < logs.length; k++) {
    const weight = Math.exp(logs[k]! - largest);
    logs[k] = weight;
    sum += weight;
  }
  for (let k = 0; k < logs.length; k++) logs[k] = logs[k]! / sum;
  return sum > 0;
}

/** The index of the largest value, of equally large ones the lowest. */
export function indexOfLargest(values: Float64Array): number {
  let largest = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[largest]!) largest = k;
  return largest;
}

/**
 * As `toProbabilities`, of many rows: `logs` are K ≥ 1 columns, one a class, Float64Array[n] each, overwritten. Cost: O(n · K), no allocation.
 */
export function toProbabilityColumns(logs: readonly Float64Array[]): void {
  const [first] = logs as [Float64Array, ...Float64Array[]];
  for (let i = 0; i < first.length; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < logs.length; k++) if (logs[k]![i]! > largest) largest = logs[k]![i]!;
    let sum = 0;
    for (let k = 0; k < logs.length; k++) {
      const weight = largest === Number.NEGATIVE_INFINITY ? 1 : Math.exp(logs[k]![i]! - largest);
      logs[k]![i] = weight;
      sum += weight;
    }
    for (let k = 0; k < logs.length; k++) logs[k]![i] = logs[k]![i]! / sum;
  }
}

/** The column that has the largest value of each row, of equally large ones the lowest: Float64Array[n]. Cost: O(n · K). */
export function indicesOfLargest(columns: readonly Float64Array[]): Float64Array {
  const [first, ...others] = columns as readonly [Float64Array, ...Float64Array[]];
  const largest = first.slice();
  const indices = new Float64Array(largest.length);
  for (const [k, column] of others.entries()) {
    for (let i = 0; i < column.length; i++) {
      if (!(column[i]! > largest[i]!)) continue;
      largest[i] = column[i]!;
      indices[i] = k + 1;
    }
  }
  return indices;
}

/** A product of odds is brought to its logarithm once it is this large. */
const LARGE = 1e200;

/**
 * Σ_i weight · ln odds over all rows. `odds`: Float64Array[n] from 1 to 1e100, anything where the weight is 0; `weights`: Float64Array[n], 1
 * each where absent. Cost: O(n), few logarithms where all weigh the same.
 */
export function sumOfLogs(odds: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  if (weights !== undefined) {
    for (let i = 0; i < odds.length; i++) if (weights[i]! > 0) sum += weights[i]! * Math.log(odds[i]!);
    return sum;
  }
  let product = 1;
  for (let i = 0; i < odds.length; i++) {
    product *= odds[i]!;
    if (product < LARGE) continue;
    sum += Math.log(product);
    product = 1;
  }
  return sum + Math.log(product);
}
