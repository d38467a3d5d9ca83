import { type Column, isNumberColumn, isSparseRows, type Matrix, matrixWidth } from '../../batch/column.ts';
import { type Categories, type Category, isNumeric, type Schema } from '../../batch/schema.ts';
import { SparseRowsBuilder, toSparse } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { handleInvalid, inputCols, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';

const PARAMS = { ...inputCols, ...outputCol, ...handleInvalid };

export type VectorAssemblerOptions = OptionsOf<typeof PARAMS>;

/**
 * Puts columns of numbers, truth values and vectors side by side into one column of vectors.
 *
 * `handleInvalid`: rows with a null or NaN are an `error` (the default), are left out (`skip`), or `keep`: each null is NaN.
 * The result shares dense columns with the table; it is sparse where one of the vectors is.
 * Cost: O(1) a dense column, and the look for NaN, O(n · d). Source: Apache Spark, VectorAssembler.
 */
export class VectorAssembler extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.VectorAssembler';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    let width: number | undefined = 0;
    const categories = new Map<number, Category>();
    for (const name of this.get('inputCols')) {
      const field = schema.field(name);
      const isVector = field.type === 'vector';
      if (!isVector && field.type !== 'void' && !isNumeric(field.type)) {
        throw new UsageError(
          'wrong-type',
          `${this.uid}: column ${name}: expected numbers or vectors, got ${field.type}`,
        );
      }
      if (width !== undefined) for (const [slot, each] of field.categories ?? []) categories.set(width + slot, each);
      const own = isVector ? field.width : 1;
      width = width === undefined || own === undefined ? undefined : width + own;
    }
    return schema.with({ name: this.get('outputCol'), type: 'vector', width, categories: someOf(categories) });
  }

  protected transformChecked(table: Table): Table {
    const whole = this.get('handleInvalid') === 'keep' ? table : this.#withoutInvalid(table);
    const matrix = sideBySide(
      this.get('inputCols').map((name) => matrixIn(whole, name)),
      whole.rows,
    );
    const name = this.get('outputCol');
    const { categories } = this.transformSchema(whole.schema).field(name);
    return whole.withColumn(name, { type: 'vector', matrix, categories });
  }

  /** The table without rows that have a null or NaN; an error where they are not to be skipped. */
  #withoutInvalid(table: Table): Table {
    const names = this.get('inputCols');
    const invalid = new Map<number, string>();
    for (const name of names) {
      const matrix = matrixIn(table, name);
      for (const row of rowsWithNaN(matrix)) if (!invalid.has(row)) invalid.set(row, name);
    }
    if (invalid.size === 0) return table;
    if (this.get('handleInvalid') === 'skip') return table.filter((row) => !invalid.has(row));
    throw table.badRows(this.uid, (row) => {
      const name = invalid.get(row);
      return name && `column ${name}: expected a number, got null or NaN; set handleInvalid to skip or keep`;
    });
  }
}

function matrixIn(table: Table, name: string): Matrix {
  const column: Column = table.column(name);
  if (column.type === 'vector') return table.matrix(name);
  const numbers = isNumberColumn(column) ? column : table.numbers(name);
  return { rows: table.rows, columns: [numbers.values] };
}

function sideBySide(matrices: readonly Matrix[], rows: number): Matrix {
  if (!matrices.some(isSparseRows)) {
    return { rows, columns: matrices.flatMap((matrix) => (isSparseRows(matrix) ? [] : matrix.columns)) };
  }
  const sparse = matrices.map((matrix) => (isSparseRows(matrix) ? matrix : toSparse(matrix)));
  const builder = new SparseRowsBuilder(matrices.reduce((sum, matrix) => sum + matrixWidth(matrix), 0));
  for (let i = 0; i < rows; i++) {
    let from = 0;
    for (const { width, starts, indices, values } of sparse) {
      for (let p = starts[i]!; p < starts[i + 1]!; p++) builder.add(from + indices[p]!, values[p]!);
      from += width;
    }
    builder.endRow();
  }
  return builder.build();
}

function* rowsWithNaN(matrix: Matrix): Iterable<number> {
  if (isSparseRows(matrix)) {
    for (let i = 0; i < matrix.rows; i++) {
      if (matrix.values.subarray(matrix.starts[i]!, matrix.starts[i + 1]!).some(Number.isNaN)) yield i;
    }
    return;
  }
  for (const column of matrix.columns) {
    for (let i = 0; i < matrix.rows; i++) if (Number.isNaN(column[i]!)) yield i;
  }
}

function someOf(categories: Categories): Categories | undefined {
  return categories.size === 0 ? undefined : categories;
}
