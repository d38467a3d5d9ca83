/** A value this many standard deviations off counts as no further off. */
const FARTHEST = 6;

/** Means and standard deviations of d features, all rows so far. Source: Welford, 1962. */
export class RunningScale {
  /** [n, the d means, the d sums of squares around them]: Float64Array[1 + 2d]. */
  readonly values: Float64Array;
  readonly #d: number;

  /** Takes `values` as its own. */
  constructor(d: number, values: Float64Array = new Float64Array(1 + 2 * d)) {
    this.#d = d;
    this.values = values;
  }

  /** Takes in a row, and how many rows it counts as. Cost: O(d), no allocation. */
  add({ x, weight }: { readonly x: Float64Array; readonly weight: number }): void {
    const { values } = this;
    const d = this.#d;
    const n = values[0]! + weight;
    values[0] = n;
    for (let j = 0; j < d; j++) {
      const apart = x[j]! - values[1 + j]!;
      const mean = values[1 + j]! + (apart * weight) / n;
      values[1 + j] = mean;
      values[1 + d + j] = values[1 + d + j]! + weight * apart * (x[j]! - mean);
    }
  }

  /** Writes z = (x − mean) / deviation, within ±6, and 0 for a feature that was always the same. Cost: O(d). */
  writeScaled(x: Float64Array, z: Float64Array): void {
    const { values } = this;
    const d = this.#d;
    const n = values[0]!;
    for (let j = 0; j < d; j++) {
      const squares = values[1 + d + j]!;
      const scaled = squares > 0 ? (x[j]! - values[1 + j]!) / Math.sqrt(squares / n) : 0;
      z[j] = Math.max(-FARTHEST, Math.min(FARTHEST, scaled));
    }
  }
}
