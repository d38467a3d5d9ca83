/**
 * Linear predictions of all rows: out[i] = intercept + Σ_f weights[f] · columns[f][i].
 *
 * `columns`: d Float64Array[n]; `weights`: Float64Array[d]; `out`: Float64Array[n], overwritten. Cost: O(n · d).
 */
export function linearPredictions(
  columns: readonly Float64Array[],
  weights: Float64Array,
  intercept: number,
  out: Float64Array,
): void {
  const n = out.length;
  out.fill(intercept);
  for (let f = 0; f < columns.length; f++) {
    const column = columns[f]!;
    const w = weights[f]!;
    for (let i = 0; i < n; i++) out[i] = out[i]! + w * column[i]!;
  }
}

/** Σ_i a[i] · b[i] over the length of `a`. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Σ_i a[i], from the first to the last. */
export function sumOf(a: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]!;
  return sum;
}

/** Euclidean length of `a` − `b`. */
export function distanceBetween(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const t = a[i]! - b[i]!;
    sum += t * t;
  }
  return Math.sqrt(sum);
}

/** Whether every value is a finite number. */
export function allFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return false;
  return true;
}
