/**
 * Turns logarithms of weights into probabilities that add up to 1, in place and without overflow, and gives ln Σ e^log.
 * Where no weight is above 0, all are equally likely.
 */
export function toProbabilities(logs: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logs.length; k++) if (logs[k]! > largest) largest = logs[k]!;
  if (largest === Number.NEGATIVE_INFINITY) {
    logs.fill(1 / logs.length);
    return largest;
  }
  let sum = 0;
  for (let k = 0; k < logs.length; k++) {
    const weight = Math.exp(logs[k]! - largest);
    logs[k] = weight;
    sum += weight;
  }
  for (let k = 0; k < logs.length; k++) logs[k] = logs[k]! / sum;
  return largest + Math.log(sum);
}

/** The index of the largest value, of equally large ones the lowest. */
export function indexOfLargest(values: Float64Array): number {
  let largest = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[largest]!) largest = k;
  return largest;
}
