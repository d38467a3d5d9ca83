import { isSparseRows, type Matrix } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { doubleParam, listParam } from '../params/param-kinds.ts';
import { inputCol, inputCols, outputCol, outputCols } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { columnPairs } from './column-pairs.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...inputCols,
  ...outputCols,
  /** What a value has to exceed to become 1. Default 0. */
  threshold: doubleParam({ default: 0 }),
  /** One for each of `inputCols`. */
  thresholds: listParam(doubleParam()),
};

export type BinarizerOptions = OptionsOf<typeof PARAMS>;

/** Two categories, 0 and 1. */
const TWO = new Map([[0, { count: 2 }]]);

/**
 * Makes 1 of values above a threshold and 0 of others, NaN among them, in columns of numbers or of vectors. Null stays null, as in
 * Spark 3.5; Spark 4 makes 0 of it.
 *
 * Throws `UsageError` (`bad-option`) unless there is a threshold for each column. Cost: O(values). Source: Apache Spark, Binarizer.
 */
export class Binarizer extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.Binarizer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return this.#columns().reduce((current, { input, output }) => {
      const { type, width } = schema.field(input);
      if (type === 'vector') return current.with({ name: output, type, width });
      schema.requireNumeric(input);
      return current.with({ name: output, type: 'double', categories: TWO });
    }, schema);
  }

  protected transformChecked(table: Table): Table {
    return this.#columns().reduce((current, { input, output, threshold }) => {
      if (table.schema.field(input).type === 'vector') {
        return current.withColumn(output, { type: 'vector', matrix: binaryMatrix(table.matrix(input), threshold) });
      }
      const { values, nulls } = table.numbers(input);
      const out = binary(values, threshold).map((value, i) => (nulls?.[i] === 1 ? Number.NaN : value));
      return current.withColumn(output, { type: 'double', values: out, nulls, categories: TWO });
    }, table);
  }

  #columns() {
    const pairs = columnPairs(this);
    const thresholds = this.find('thresholds') ?? pairs.map(() => this.get('threshold'));
    if (thresholds.length !== pairs.length) {
      throw new UsageError('bad-option', `${this.uid}: expected ${pairs.length} thresholds, got ${thresholds.length}`);
    }
    return pairs.map((pair, i) => ({ ...pair, threshold: thresholds[i]! }));
  }
}

function binaryMatrix(matrix: Matrix, threshold: number): Matrix {
  if (isSparseRows(matrix) && threshold >= 0) return { ...matrix, values: binary(matrix.values, threshold) };
  const { rows, columns } = isSparseRows(matrix) ? toDense(matrix) : matrix;
  return { rows, columns: columns.map((column) => binary(column, threshold)) };
}

function binary(values: Float64Array, threshold: number): Float64Array {
  return values.map((value) => (value > threshold ? 1 : 0));
}
