import type { NumberColumn } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { doubleParam, listParam, restricted } from '../params/param-kinds.ts';
import { handleInvalid, inputCol, inputCols, outputCol, outputCols } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { type ColumnPair, columnPairs } from './column-pairs.ts';

const SPLITS = restricted(
  listParam(doubleParam(), { minLength: 3 }),
  'at least three numbers that increase',
  (splits) => splits.every((split, i) => (i === 0 ? !Number.isNaN(split) : split > splits[i - 1]!)),
);

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...inputCols,
  ...outputCols,
  ...handleInvalid,
  /** Where the buckets end: bucket i is [splits[i], splits[i + 1]), the last one with its end. At least three, increasing. */
  splits: SPLITS,
  /** One list for each of `inputCols`. */
  splitsArray: listParam(SPLITS),
};

export type BucketizerOptions = OptionsOf<typeof PARAMS>;

/**
 * Gives each number the bucket that it falls into.
 *
 * `handleInvalid`: rows with NaN are an `error` (the default), are left out (`skip`), or get a bucket of their own, one past the last
 * (`keep`). Null stays null; `skip` leaves it out too. A number outside all buckets is always an error; let the splits begin and end with infinities where there may be some.
 * Throws `UsageError` (`bad-option`). Cost: O(n · log buckets). Source: Apache Spark, Bucketizer.
 */
export class Bucketizer extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.Bucketizer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return this.#columns().reduce((current, { input, output, splits }) => {
      schema.requireNumeric(input);
      return current.with({ name: output, type: 'double', categories: bucketsOf(splits) });
    }, schema);
  }

  protected transformChecked(table: Table): Table {
    const columns = this.#columns();
    const skips = this.get('handleInvalid') === 'skip';
    const whole = skips ? columns.reduce((current, { input }) => withoutNulls(current, input), table) : table;
    return columns.reduce((current, { input, output, splits }) => {
      const values = this.#buckets(current, input, splits);
      const { nulls } = current.numbers(input);
      return current.withColumn(output, { type: 'double', values, nulls, categories: bucketsOf(splits) });
    }, whole);
  }

  #buckets(table: Table, name: string, splits: readonly number[]): Float64Array {
    const numbers = table.numbers(name);
    const last = splits.length - 1;
    const ofNaN = this.get('handleInvalid') === 'keep' ? last : -1;
    const buckets = numbers.values.map((value, i) => {
      if (numbers.nulls?.[i] === 1) return Number.NaN;
      return Number.isNaN(value) ? ofNaN : bucketAt(splits, value);
    });
    if (!buckets.includes(-1)) return buckets;
    throw table.badRows(this.uid, (i) => {
      if (buckets[i] !== -1) return undefined;
      const value = numbers.values[i]!;
      if (Number.isNaN(value)) return `column ${name}: expected a number, got NaN; set handleInvalid to skip or keep`;
      return `column ${name}: expected a number in [${splits[0]}, ${splits[last]}], got ${value}; loosen the splits`;
    });
  }

  #columns(): readonly (ColumnPair & { readonly splits: readonly number[] })[] {
    const pairs = columnPairs(this);
    const lists = this.find('inputCols') === undefined ? [this.get('splits')] : this.get('splitsArray');
    if (lists.length === pairs.length) return pairs.map((pair, i) => ({ ...pair, splits: lists[i]! }));
    throw new UsageError('bad-option', `${this.uid}: expected ${pairs.length} lists of splits, got ${lists.length}`);
  }
}

/** The bucket of a number; −1 where there is none. */
function bucketAt(splits: readonly number[], value: number): number {
  const last = splits.length - 1;
  if (value === splits[last]) return last - 1;
  if (!(value >= splits[0]! && value < splits[last]!)) return -1;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value < splits[middle]!) high = middle;
    else low = middle;
  }
  return low;
}

/** Without the rows in which a column of numbers has a null or NaN. */
function withoutNulls(table: Table, name: string): Table {
  const { values }: NumberColumn = table.numbers(name);
  return table.filter((i) => !Number.isNaN(values[i]!));
}

function bucketsOf(splits: readonly number[]) {
  return new Map([[0, { count: splits.length - 1 }]]);
}
