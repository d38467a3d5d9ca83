import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { checkOption } from '../check-option.ts';
import { ValueTransform } from './value-transform.ts';

export interface ImputerOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** The finite number that stands for a missing value, such as −999: records hold no NaN. */
  readonly missingValue: number;
}

/** Each Float64Array[d]: weight of the values that were there, and their mean. */
type Means = { readonly counts: Float64Array; readonly means: Float64Array };

/**
 * Puts the mean of the values seen so far in the place of missing ones; 0 before there was one.
 *
 * Throws `UsageError` (`bad-option`). Cost: O(d) a row. Source: Apache Spark, Imputer (2.2, 2017), strategy `mean`.
 */
export class Imputer extends ValueTransform<Means> {
  readonly kind = 'Imputer';
  readonly #missingValue: number;

  constructor({ numFeatures, missingValue }: ImputerOptions) {
    super(numFeatures);
    const valid = Number.isFinite(missingValue);
    this.#missingValue = checkOption(this.kind, valid, missingValue, 'Missing value must be a finite number');
    this.state = { counts: new Float64Array(numFeatures), means: new Float64Array(numFeatures) };
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, missingValue: this.#missingValue };
  }

  protected learnColumn(
    { counts, means }: Means,
    j: number,
    column: Float64Array,
    weights: Float64Array | undefined,
    out: Float64Array,
  ): void {
    const missing = this.#missingValue;
    for (let i = 0; i < out.length; i++) {
      const value = column[i]!;
      const weight = weights === undefined ? 1 : weights[i]!;
      if (value !== missing && weight > 0) {
        counts[j] = counts[j]! + weight;
        means[j] = means[j]! + (weight * (value - means[j]!)) / counts[j]!;
      }
      out[i] = value === missing ? means[j]! : value;
    }
  }

  protected giveColumn({ means }: Means, j: number, column: Float64Array): Float64Array {
    const out = column.slice();
    for (let i = 0; i < out.length; i++) if (out[i] === this.#missingValue) out[i] = means[j]!;
    return out;
  }
}
