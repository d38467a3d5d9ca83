import type { SparseVector } from '../../batch/vector.ts';
import { murmurHash3 } from '../../numeric/murmur-hash-3.ts';
import { checkOption } from '../check-option.ts';

export interface HashingTFOptions {
  /** Length of the vectors, ≥ 1. Default 2^18. */
  readonly numFeatures?: number;
  /** Whether a term counts once, however often it occurs. Default false. */
  readonly binary?: boolean;
}

/** Spark's. */
const SEED = 42;

/**
 * Turns terms, such as the words of a text, into a sparse vector of their counts, with no dictionary to keep: it learns nothing
 * and can be used in any `map`. Terms whose hashes meet are counted together.
 *
 * index(term) = hash(term) mod numFeatures, where hash is MurmurHash3 of the term's UTF-8 bytes with seed 42, and the remainder
 * is never negative: the indices of Spark 3 and later.
 *
 * Throws `UsageError` (`bad-option`). Cost: O(length of the terms). Source: Apache Spark, HashingTF (spark.ml, 3.0, 2020).
 */
export class HashingTF {
  readonly #numFeatures: number;
  readonly #binary: boolean;

  constructor({ numFeatures = 2 ** 18, binary = false }: HashingTFOptions = {}) {
    const valid = Number.isInteger(numFeatures) && numFeatures > 0 && numFeatures < 2 ** 31;
    this.#numFeatures = checkOption('HashingTF', valid, numFeatures, 'Number of features must be positive, below 2^31');
    this.#binary = binary;
  }

  /** Where a term is counted, in [0, numFeatures). */
  indexOf(term: string): number {
    const hash = murmurHash3(new TextEncoder().encode(term), SEED);
    return ((hash % this.#numFeatures) + this.#numFeatures) % this.#numFeatures;
  }

  transform(terms: readonly string[]): SparseVector {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const index = this.indexOf(term);
      counts.set(index, this.#binary ? 1 : (counts.get(index) ?? 0) + 1);
    }
    return this.vectorOf(counts);
  }

  /** The vector with these values by index. */
  vectorOf(values: ReadonlyMap<number, number>): SparseVector {
    const entries = [...values].sort(([a], [b]) => a - b);
    return {
      size: this.#numFeatures,
      indices: Int32Array.from(entries, ([index]) => index),
      values: Float64Array.from(entries, ([, value]) => value),
    };
  }
}
