import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam, listParam } from '../params/param-kinds.ts';
import { handleInvalid, inputCol, inputCols, outputCol, outputCols, relativeError } from '../params/shared-params.ts';
import { quantile, sortedNumbers } from '../quantile.ts';
import { requireRows } from '../require-rows.ts';
import { EstimatorStage } from '../stage.ts';
import { Bucketizer } from './bucketizer.ts';
import { type ColumnPair, columnPairs } from './column-pairs.ts';

const BUCKETS = { atLeast: 2 };

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...inputCols,
  ...outputCols,
  ...handleInvalid,
  ...relativeError,
  /** How many buckets, ≥ 2; fewer where too few values differ. Default 2. */
  numBuckets: intParam({ ...BUCKETS, default: 2 }),
  /** One number for each of `inputCols`. */
  numBucketsArray: listParam(intParam(BUCKETS)),
};

export type QuantileDiscretizerOptions = OptionsOf<typeof PARAMS>;

/**
 * Learns where to split numbers so that about as many rows fall into each bucket, and gives a `Bucketizer`. The outer buckets are
 * open: no number is outside. Null and NaN are not learned from; `handleInvalid` is the `Bucketizer`'s.
 *
 * Throws `UsageError` (`bad-option`, `too-few-records`). Cost: O(n · log n) a column. Source: Apache Spark, QuantileDiscretizer.
 */
export class QuantileDiscretizer extends EstimatorStage<Bucketizer, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.QuantileDiscretizer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return this.#columns().reduce((current, { input, output }) => {
      schema.requireNumeric(input);
      return current.with({ name: output, type: 'double' });
    }, schema);
  }

  fit(table: Table): Bucketizer {
    this.transformSchema(table.schema);
    requireRows(this.uid, table.rows);
    const lists = this.#columns().map(({ input, buckets }) => this.#splits(table.numbers(input).values, buckets));
    const { inputCol: single, ...several } = this.set;
    const common = { handleInvalid: this.find('handleInvalid') };
    const options =
      single === undefined
        ? { ...common, inputCols: several.inputCols, outputCols: several.outputCols, splitsArray: lists }
        : { ...common, inputCol: single, outputCol: this.get('outputCol'), splits: lists[0] };
    return new Bucketizer(options, this.uid);
  }

  #splits(values: Float64Array, buckets: number): number[] {
    const sorted = sortedNumbers(values);
    const inner = Array.from({ length: buckets - 1 }, (_, i) =>
      quantile(sorted, (i + 1) / buckets, this.get('relativeError')),
    );
    const splits = new Set([Number.NEGATIVE_INFINITY, ...inner.filter(Number.isFinite), Number.POSITIVE_INFINITY]);
    if (splits.size > 2) return [...splits];
    throw new UsageError('too-few-records', `${this.uid}: expected finite numbers to learn from, got none`);
  }

  #columns(): readonly (ColumnPair & { readonly buckets: number })[] {
    const pairs = columnPairs(this);
    const numbers = this.find('numBucketsArray') ?? pairs.map(() => this.get('numBuckets'));
    if (numbers.length === pairs.length) return pairs.map((pair, i) => ({ ...pair, buckets: numbers[i]! }));
    throw new UsageError(
      'bad-option',
      `${this.uid}: expected ${pairs.length} numbers of buckets, got ${numbers.length}`,
    );
  }
}
