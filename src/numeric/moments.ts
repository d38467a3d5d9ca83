import { UsageError } from '../errors.ts';

/**
 * Means, variances and covariances of d variables, brought up to date value by value and mergeable, without the cancellation
 * of sums of squares.
 *
 * A row x of weight w: n ← n + w, then mean ← mean + (w/n) δ and product_ij ← product_ij + w (1 − w/n) δ_i δ_j, with
 * δ = x − mean before. Merging a and b: product ← product_a + product_b + (n_a n_b / n) δ_i δ_j, with δ = mean_b − mean_a.
 * Law: any cut of the rows into parts, and any order of merging them, gives the same to 1e-12 (`moments.test.ts`).
 *
 * Weights are counts: the divisor of a variance is n − 1. Cost: O(d²) a row or merge. Memory: O(d²).
 * Source: Welford, Note on a Method for Calculating Corrected Sums, 1962; Chan, Golub & LeVeque, 1979.
 */
export class Moments {
  readonly dimensions: number;
  #weight = 0;
  readonly #means: Float64Array;
  /** d × d, row after row; symmetric. */
  readonly #products: Float64Array;
  /** What is being added, less the mean. */
  readonly #apart: Float64Array;

  constructor(dimensions = 1) {
    if (!Number.isSafeInteger(dimensions) || dimensions < 1) {
      throw new UsageError('bad-option', `moments: expected at least 1 dimension, got ${dimensions}`);
    }
    this.dimensions = dimensions;
    this.#means = new Float64Array(dimensions);
    this.#products = new Float64Array(dimensions * dimensions);
    this.#apart = new Float64Array(dimensions);
  }

  /** The moments of columns of n values each. */
  static of(...columns: readonly ArrayLike<number>[]): Moments {
    const moments = new Moments(columns.length);
    for (let i = 0; i < columns[0]!.length; i++) moments.add(columns.map((column) => column[i]!));
    return moments;
  }

  /** What `values` gave. Throws `UsageError` (`wrong-width`) where it is of another length. */
  static fromValues(dimensions: number, values: Float64Array): Moments {
    const moments = new Moments(dimensions);
    const expected = 1 + dimensions + dimensions * dimensions;
    if (values.length !== expected) {
      throw new UsageError('wrong-width', `moments: expected ${expected} values, got ${values.length}`);
    }
    moments.#weight = values[0]!;
    moments.#means.set(values.subarray(1, 1 + dimensions));
    moments.#products.set(values.subarray(1 + dimensions));
    return moments;
  }

  /** Rows so far, each counted by its weight: n. */
  get weight(): number {
    return this.#weight;
  }

  /** The mean of a variable; NaN before the first row. */
  mean(i = 0): number {
    return this.#weight > 0 ? this.#means[i]! : Number.NaN;
  }

  /** The sample variance of a variable; NaN below two rows. */
  variance(i = 0): number {
    return this.covariance(i, i);
  }

  covariance(i: number, j: number): number {
    return this.#weight > 1 ? this.product(i, j) / (this.#weight - 1) : Number.NaN;
  }

  /** Σ (x_i − mean_i) (x_j − mean_j). */
  product(i: number, j: number): number {
    return this.#products[i * this.dimensions + j]!;
  }

  /** `row`: d values. `weight`: positive, default 1. */
  add(row: ArrayLike<number>, weight = 1): void {
    const before = this.#weight;
    this.#weight += weight;
    const share = weight / this.#weight;
    for (let i = 0; i < this.dimensions; i++) this.#apart[i] = row[i]! - this.#means[i]!;
    this.#spread(before * share, share);
  }

  merge(other: Moments): void {
    if (other.#weight === 0) return;
    const before = this.#weight;
    this.#weight += other.#weight;
    const share = other.#weight / this.#weight;
    for (let i = 0; i < this.dimensions; i++) this.#apart[i] = other.#means[i]! - this.#means[i]!;
    this.#spread(before * share, share);
    for (let at = 0; at < this.#products.length; at++) this.#products[at]! += other.#products[at]!;
  }

  /** Puts `row` in the place of `old`, a row of weight 1 that was added. */
  replace(old: ArrayLike<number>, row: ArrayLike<number>): void {
    const d = this.dimensions;
    for (let i = 0; i < d; i++) this.#apart[i] = row[i]! - old[i]!;
    for (let i = 0; i < d; i++) {
      const step = this.#apart[i]!;
      const wasApart = old[i]! - this.#means[i]!;
      for (let j = 0; j < d; j++) {
        const isApart = row[j]! - this.#means[j]! - this.#apart[j]! / this.#weight;
        this.#products[i * d + j]! += step * isApart + wasApart * this.#apart[j]!;
      }
    }
    for (let i = 0; i < d; i++) this.#means[i]! += this.#apart[i]! / this.#weight;
  }

  /** Takes out `row`, a row of weight 1 that was added. */
  remove(row: ArrayLike<number>): void {
    const before = this.#weight;
    this.#weight -= 1;
    if (this.#weight === 0) {
      this.#means.fill(0);
      this.#products.fill(0);
      return;
    }
    const share = -1 / this.#weight;
    for (let i = 0; i < this.dimensions; i++) this.#apart[i] = row[i]! - this.#means[i]!;
    this.#spread(before * share, share);
  }

  copy(): Moments {
    return Moments.fromValues(this.dimensions, this.values());
  }

  /** All of it as 1 + d + d² numbers, a copy: weight, means, products. */
  values(): Float64Array {
    return Float64Array.of(this.#weight, ...this.#means, ...this.#products);
  }

  #spread(productShare: number, meanShare: number): void {
    const d = this.dimensions;
    const apart = this.#apart;
    for (let i = 0; i < d; i++) {
      const scaled = productShare * apart[i]!;
      for (let j = 0; j < d; j++) this.#products[i * d + j]! += scaled * apart[j]!;
    }
    for (let i = 0; i < d; i++) this.#means[i]! += meanShare * apart[i]!;
  }
}
