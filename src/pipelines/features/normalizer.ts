import { isSparseRows, type Matrix } from '../../batch/column.ts';
import type { Features } from '../../batch/examples.ts';
import type { Schema } from '../../batch/schema.ts';
import type { SparseRows } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { doubleParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** Which norm, ≥ 1; infinity for the largest |x|. Default 2. */
  p: doubleParam({ atLeast: 1, default: 2 }),
};

export type NormalizerOptions = OptionsOf<typeof PARAMS>;

/**
 * Brings every row to length 1: x / (Σ|x|ᵖ)^(1/p). A row of zeros stays as it is.
 *
 * Cost: O(values). Source: Apache Spark, Normalizer (spark.ml).
 */
export class Normalizer extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.Normalizer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  protected transformChecked(table: Table): Table {
    const matrix = normalized(table.matrix(this.get('inputCol')), this.get('p'));
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix });
  }
}

function normalized(matrix: Matrix, p: number): Matrix {
  const sums = new Float64Array(matrix.rows);
  const add = adder(sums, p);
  if (isSparseRows(matrix)) {
    forEachValue(matrix, add);
    const norms = normsOf(sums, p);
    const values = matrix.values.slice();
    forEachValue(matrix, (i, value, at) => {
      values[at] = value / norms[i]!;
    });
    return { ...matrix, values };
  }
  for (const column of matrix.columns) for (let i = 0; i < column.length; i++) add(i, column[i]!);
  return divided(matrix, normsOf(sums, p));
}

/** Adds |x|ᵖ to a row's sum, or keeps the largest |x|. */
function adder(sums: Float64Array, p: number): (i: number, value: number) => void {
  const sum =
    p === Number.POSITIVE_INFINITY
      ? (soFar: number, value: number) => Math.max(soFar, Math.abs(value))
      : p === 2
        ? (soFar: number, value: number) => soFar + value * value
        : (soFar: number, value: number) => soFar + Math.abs(value) ** p;
  return (i, value) => {
    sums[i] = sum(sums[i]!, value);
  };
}

/** The norms; 1 in the place of 0. */
function normsOf(sums: Float64Array, p: number): Float64Array {
  const root =
    p === Number.POSITIVE_INFINITY || p === 1
      ? (sum: number) => sum
      : p === 2
        ? Math.sqrt
        : (sum: number) => sum ** (1 / p);
  return sums.map((sum) => (sum === 0 ? 1 : root(sum)));
}

function divided({ rows, columns }: Features, norms: Float64Array): Features {
  return { rows, columns: columns.map((column) => column.map((value, i) => value / norms[i]!)) };
}

function forEachValue({ rows, starts, values }: SparseRows, f: (i: number, value: number, at: number) => void): void {
  for (let i = 0; i < rows; i++) for (let at = starts[i]!; at < starts[i + 1]!; at++) f(i, values[at]!, at);
}
