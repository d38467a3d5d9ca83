import type { SparseVector } from '../../batch/vector.ts';
import { DataError } from '../../errors.ts';
import { HashingTF } from './hashing-tf.ts';

export interface FeatureHasherOptions {
  /** Length of the vectors, ≥ 1. Default 2^18. */
  readonly numFeatures?: number;
  /** Names of fields whose numbers are categories. Default none. */
  readonly categoricalCols?: readonly string[];
}

/** What a field may hold; null and undefined are left out. */
type Field = number | string | boolean | null | undefined;

/**
 * Turns a record of named fields into a sparse vector, with no dictionary to keep: it learns nothing and can be used in any `map`.
 *
 * A number goes to the index of its name, as it is. Text, a truth value, and a number of `categoricalCols` is a category: 1 at the
 * index of `name=value`. What meets at one index is added up. Indices are those of `HashingTF`, and of Spark 3; Spark writes a
 * `double` that is a category as `2.0`, where JavaScript, and so this, writes `2`.
 *
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`, `wrong-type`) for a field that is none of these.
 * Cost: O(length of the names and the text). Source: Apache Spark, FeatureHasher (spark.ml, 2.3, 2018).
 */
export class FeatureHasher {
  readonly #hashing: HashingTF;
  readonly #categorical: ReadonlySet<string>;

  constructor({ numFeatures = 2 ** 18, categoricalCols = [] }: FeatureHasherOptions = {}) {
    this.#hashing = new HashingTF({ numFeatures });
    this.#categorical = new Set(categoricalCols);
  }

  transform(record: Readonly<Record<string, Field>>): SparseVector {
    const sums = new Map<number, number>();
    for (const [name, field] of Object.entries(record)) {
      if (field === null || field === undefined) continue;
      const numeric = typeof checked(name, field) === 'number' && !this.#categorical.has(name);
      const index = this.#hashing.indexOf(numeric ? name : `${name}=${field}`);
      sums.set(index, (sums.get(index) ?? 0) + (numeric ? (field as number) : 1));
    }
    return this.#hashing.vectorOf(sums);
  }
}

function checked(name: string, field: unknown): unknown {
  if (typeof field === 'string' || typeof field === 'boolean' || Number.isFinite(field)) return field;
  if (typeof field === 'number')
    throw new DataError('not-finite', `field ${name}: expected a finite number, got ${field}`);
  throw new DataError('wrong-type', `field ${name}: expected a number, text or a truth value, got ${typeof field}`);
}
