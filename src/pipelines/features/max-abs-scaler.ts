import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { columnRanges } from '../column-ranges.ts';
import type { OptionsOf } from '../params/param.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { type RowOf, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { matrixOfWidth, scaledColumns } from './scaled-columns.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = { ...inputCol, ...outputCol };

export type MaxAbsScalerOptions = OptionsOf<typeof PARAMS>;

/**
 * Brings features to [−1, 1]: x / max |x|. Zero stays zero, so sparse vectors stay sparse.
 *
 * Throws `UsageError` (`too-few-records`). Cost: O(values). Source: Apache Spark, MaxAbsScaler (spark.ml).
 */
export class MaxAbsScaler extends EstimatorStage<MaxAbsScalerModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.MaxAbsScaler';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  fit(table: Table): MaxAbsScalerModel {
    this.transformSchema(table.schema);
    const matrix = table.matrix(this.get('inputCol'));
    requireRows(this.uid, matrix.rows);
    const { smallest, largest } = columnRanges(matrix);
    const maxAbs = smallest.map((low, j) => Math.max(Math.abs(low), Math.abs(largest[j]!)));
    return new MaxAbsScalerModel({ maxAbs }, this.set, this.uid);
  }
}

const LEARNED = { maxAbs: vector };

/** Float64Array[d]. */
export type MaxAbsScalerLearned = RowOf<typeof LEARNED>;

/** What `MaxAbsScaler` has learned. */
export class MaxAbsScalerModel extends ModelStage<MaxAbsScalerLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.MaxAbsScalerModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<MaxAbsScalerModel> {
    return new MaxAbsScalerModel(await saved.row(LEARNED), saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  protected transformChecked(table: Table): Table {
    const { maxAbs } = this.learned;
    const matrix = matrixOfWidth(table, this.get('inputCol'), maxAbs.length, this.uid);
    const scaled = scaledColumns(
      matrix,
      maxAbs.map((largest) => (largest === 0 ? 1 : 1 / largest)),
    );
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: scaled });
  }
}
