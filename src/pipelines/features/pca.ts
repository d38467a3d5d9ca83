import { isSparseRows, type Matrix } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { symmetricEigen } from '../../numeric/symmetric-eigen.ts';
import { covariances } from '../covariances.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { matrix as matrixType, type RowOf, vector } from '../saved/data-types.ts';
import type { DenseMatrix } from '../saved/dense-matrix.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { matrixOfWidth } from './scaled-columns.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** How many components, from 1 to the number of features. */
  k: intParam({ above: 0 }),
};

export type PCAOptions = OptionsOf<typeof PARAMS>;

/**
 * Projects features on the k directions in which they vary most: y = pcᵀ · x. The mean is not taken off. A direction's sign says
 * nothing; here its largest part is positive.
 *
 * Throws `UsageError` (`too-few-records` for fewer than two rows; `bad-option` for a k beyond the features). Cost: O(n · d² + d³).
 * Source: Apache Spark, PCA (spark.ml).
 */
export class PCA extends EstimatorStage<PCAModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.PCA';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'), () => this.get('k'));
  }

  fit(table: Table): PCAModel {
    this.transformSchema(table.schema);
    const features = table.features(this.get('inputCol'));
    requireRows(this.uid, features.rows, 2);
    const [d, k] = [features.columns.length, this.get('k')];
    if (k > d) throw new UsageError('bad-option', `${this.uid}: expected k of at most ${d} features, got ${k}`);
    const { values: variances, vectors } = symmetricEigen(Float64Array.from(covariances(features).flat()), d, this.uid);
    const order = Array.from(variances, (_, j) => j).sort((a, b) => variances[b]! - variances[a]!);
    const values = Float64Array.from(order.slice(0, k).flatMap((j) => signed(vectors[j]!)));
    const total = variances.reduce((sum, variance) => sum + Math.max(0, variance), 0);
    const explainedVariance = Float64Array.from(order.slice(0, k), (j) => Math.max(0, variances[j]!) / total);
    return new PCAModel({ pc: { numRows: d, numCols: k, values }, explainedVariance }, this.set, this.uid);
  }
}

const LEARNED = { pc: matrixType, explainedVariance: vector };

/** Directions, d × k, a column each, and the share of the variance that each explains. */
export type PCALearned = RowOf<typeof LEARNED>;

/** What `PCA` has learned. */
export class PCAModel extends ModelStage<PCALearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.PCAModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<PCAModel> {
    return new PCAModel(await saved.row(LEARNED), saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'), () => this.learned.pc.numCols);
  }

  protected transformChecked(table: Table): Table {
    const { pc } = this.learned;
    const matrix = matrixOfWidth(table, this.get('inputCol'), pc.numRows, this.uid);
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: projected(matrix, pc) });
  }
}

function projected(matrix: Matrix, { numRows: d, numCols: k, values: pc }: DenseMatrix): Matrix {
  const columns = Array.from({ length: k }, () => new Float64Array(matrix.rows));
  columns.forEach((out, c) => {
    if (isSparseRows(matrix)) {
      const { starts, indices, values } = matrix;
      for (let i = 0; i < out.length; i++) {
        for (let p = starts[i]!; p < starts[i + 1]!; p++) out[i] = out[i]! + values[p]! * pc[c * d + indices[p]!]!;
      }
    } else for (let j = 0; j < matrix.columns.length; j++) addScaled(out, matrix.columns[j]!, pc[c * d + j]!);
  });
  return { rows: matrix.rows, columns };
}

function addScaled(out: Float64Array, column: Float64Array, factor: number): void {
  for (let i = 0; i < out.length; i++) out[i] = out[i]! + column[i]! * factor;
}

function signed(direction: Float64Array): number[] {
  const largest = direction.reduce((best, part) => (Math.abs(part) > Math.abs(best) ? part : best), 0);
  return Array.from(direction, (part) => (largest < 0 ? -part : part));
}
