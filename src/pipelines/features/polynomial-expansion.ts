import { isSparseRows, type Matrix } from '../../batch/column.ts';
import type { Features } from '../../batch/examples.ts';
import type { Schema } from '../../batch/schema.ts';
import { type SparseRows, SparseRowsBuilder } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** The largest sum of exponents, ≥ 1. Default 2. */
  degree: intParam({ atLeast: 1, default: 2 }),
};

export type PolynomialExpansionOptions = OptionsOf<typeof PARAMS>;

/** Indices of vectors are whole numbers of 32 bits. */
const MAX_WIDTH = 2 ** 31 - 1;

/**
 * Gives all products of features whose exponents sum to at most `degree`, the constant left out: (x, y) becomes
 * (x, x², y, x·y, y²) for degree 2.
 *
 * Throws `UsageError` (`wrong-width`) where that is more than 2³¹ − 1. Cost: O(products). Source: Apache Spark, PolynomialExpansion.
 */
export class PolynomialExpansion extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.PolynomialExpansion';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(
      schema,
      this.get('inputCol'),
      this.get('outputCol'),
      (width) => width && this.#widthFrom(width),
    );
  }

  protected transformChecked(table: Table): Table {
    const matrix = table.matrix(this.get('inputCol'));
    const expanded = isSparseRows(matrix) ? this.#expandedRows(matrix) : expandedColumns(matrix, this.get('degree'));
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: expanded });
  }

  #expandedRows(matrix: SparseRows): Matrix {
    const degree = this.get('degree');
    const builder = new SparseRowsBuilder(this.#widthFrom(matrix.width));
    for (let i = 0; i < matrix.rows; i++) {
      const [from, to] = [matrix.starts[i]!, matrix.starts[i + 1]!];
      expandRow(matrix.indices.subarray(from, to), matrix.values.subarray(from, to), degree, builder);
      builder.endRow();
    }
    return builder.build();
  }

  #widthFrom(width: number): number {
    const products = numberOfProducts(width, this.get('degree')) - 1;
    if (products <= MAX_WIDTH) return products;
    throw new UsageError('wrong-width', `${this.uid}: ${width} features would become ${products}; take a lower degree`);
  }
}

/** Products of n features of at most this degree, the constant among them: (n + degree over degree). */
function numberOfProducts(n: number, degree: number): number {
  let products = 1;
  for (let i = 1; i <= degree; i++) products = (products * (n + i)) / i;
  return Math.round(products);
}

/** Products of the features up to the last, by its exponent; within each, in the same way by those before it. */
function expandedColumns({ rows, columns }: Features, degree: number): Features {
  const products: Float64Array[] = [];
  const expand = (last: number, left: number, product: Float64Array | undefined): void => {
    if (last < 0 || left === 0) {
      if (product !== undefined) products.push(product);
      return;
    }
    let current = product;
    for (let exponent = 0; exponent <= left; exponent++) {
      expand(last - 1, left - exponent, current);
      if (exponent < left) current = times(columns[last]!, current);
    }
  };
  expand(columns.length - 1, degree, undefined);
  return { rows, columns: products };
}

function times(column: Float64Array, product: Float64Array | undefined): Float64Array {
  return product === undefined ? column : column.map((value, i) => value * product[i]!);
}

/** The same of one sparse row: only features that are there make products. */
function expandRow(indices: Int32Array, values: Float64Array, degree: number, builder: SparseRowsBuilder): void {
  // `at`: the place of the first product of features up to `indices[last]`; the constant's place is −1.
  const expand = (last: number, left: number, product: number, at: number): void => {
    if (last < 0 || left === 0) {
      if (at >= 0) builder.add(at, product);
      return;
    }
    let current = product;
    let place = at;
    for (let exponent = 0; exponent <= left && current !== 0; exponent++) {
      expand(last - 1, left - exponent, current, place);
      place += numberOfProducts(indices[last]!, left - exponent);
      current *= values[last]!;
    }
  };
  expand(indices.length - 1, degree, 1, -1);
}
