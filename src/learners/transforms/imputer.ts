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

  protected learnValue({ counts, means }: Means, j: number, value: number, weight: number): void {
    if (value === this.#missingValue) return;
    counts[j] = counts[j]! + weight;
    means[j] = means[j]! + (weight * (value - means[j]!)) / counts[j]!;
  }

  protected give({ means }: Means, j: number, value: number): number {
    return value === this.#missingValue ? means[j]! : value;
  }
}
