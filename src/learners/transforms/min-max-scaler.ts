import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { checkOption } from '../check-option.ts';
import { ValueTransform } from './value-transform.ts';

export interface MinMaxScalerOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Where the smallest value goes. Default 0. */
  readonly min?: number;
  /** Where the largest value goes, > min. Default 1. */
  readonly max?: number;
}

/** Each Float64Array[d]: whether a value was seen, the smallest, the largest. */
type Range = { readonly seen: Float64Array; readonly smallest: Float64Array; readonly largest: Float64Array };

/**
 * Brings features to a range, by the smallest and the largest value seen so far. Use `StandardScaler` where outliers come.
 *
 * (x − smallest) / (largest − smallest) · (max − min) + min, held to [min, max], and their middle where smallest = largest, as in
 * Spark's.
 *
 * Throws `UsageError` (`bad-option`). Cost: O(d) a row. Source: Apache Spark, MinMaxScaler (1.5, 2015).
 */
export class MinMaxScaler extends ValueTransform<Range> {
  readonly kind = 'MinMaxScaler';
  readonly #min: number;
  readonly #max: number;

  constructor({ numFeatures, min = 0, max = 1 }: MinMaxScalerOptions) {
    super(numFeatures);
    checkOption(this.kind, Number.isFinite(min) && Number.isFinite(max - min), min, 'Range must be finite');
    this.#min = min;
    this.#max = checkOption(this.kind, max > min, max, `Max must be above ${min}`);
    const [seen, smallest, largest] = [0, 0, 0].map(() => new Float64Array(numFeatures));
    this.state = { seen: seen!, smallest: smallest!, largest: largest! };
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, min: this.#min, max: this.#max };
  }

  protected learnColumn(
    { seen, smallest, largest }: Range,
    j: number,
    column: Float64Array,
    weights: Float64Array | undefined,
    out: Float64Array,
  ): void {
    const min = this.#min;
    const span = this.#max - min;
    const middle = (min + this.#max) / 2;
    let low = smallest[j]!;
    let high = largest[j]!;
    let isSeen = seen[j] !== 0;
    let start = low / 2; // halves: the width of a range may be beyond the largest number
    let width = high / 2 - start;
    for (let i = 0; i < out.length; i++) {
      const value = column[i]!;
      if ((!isSeen || value < low || value > high) && (weights === undefined || weights[i]! > 0)) {
        if (!isSeen || value < low) low = value;
        if (!isSeen || value > high) high = value;
        isSeen = true;
        start = low / 2;
        width = high / 2 - start;
      }
      out[i] = width === 0 ? middle : Math.min(1, Math.max(0, (value / 2 - start) / width)) * span + min;
    }
    smallest[j] = low;
    largest[j] = high;
    seen[j] = isSeen ? 1 : 0;
  }

  protected giveColumn({ smallest, largest }: Range, j: number, column: Float64Array): Float64Array {
    const out = new Float64Array(column.length);
    const min = this.#min;
    const span = this.#max - min;
    const middle = (min + this.#max) / 2;
    const start = smallest[j]! / 2;
    const width = largest[j]! / 2 - start;
    if (width === 0) return out.fill(middle);
    for (let i = 0; i < out.length; i++) {
      out[i] = Math.min(1, Math.max(0, (column[i]! / 2 - start) / width)) * span + min;
    }
    return out;
  }
}
