import { isSparseRows } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { columnRanges } from '../column-ranges.ts';
import type { OptionsOf } from '../params/param.ts';
import { doubleParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { type RowOf, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { matrixOfWidth } from './scaled-columns.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** Where the smallest value goes. Default 0. */
  min: doubleParam({ default: 0 }),
  /** Where the largest value goes. Default 1. */
  max: doubleParam({ default: 1 }),
};

export type MinMaxScalerOptions = OptionsOf<typeof PARAMS>;

/**
 * Brings features to a range: (x − originalMin) · (max − min) / (originalMax − originalMin) + min; their middle where a feature does not
 * vary. NaN stays, and is not learned from. Sparse vectors become dense.
 *
 * Throws `UsageError` (`too-few-records`). Cost: O(n · d). Source: Apache Spark, MinMaxScaler (spark.ml).
 */
export class MinMaxScaler extends EstimatorStage<MinMaxScalerModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.MinMaxScaler';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  fit(table: Table): MinMaxScalerModel {
    this.transformSchema(table.schema);
    const matrix = table.matrix(this.get('inputCol'));
    requireRows(this.uid, matrix.rows);
    const { smallest, largest } = columnRanges(matrix);
    return new MinMaxScalerModel({ originalMin: smallest, originalMax: largest }, this.set, this.uid);
  }
}

const LEARNED = { originalMin: vector, originalMax: vector };

/** Each Float64Array[d]. */
export type MinMaxScalerLearned = RowOf<typeof LEARNED>;

/** What `MinMaxScaler` has learned. */
export class MinMaxScalerModel extends ModelStage<MinMaxScalerLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.MinMaxScalerModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<MinMaxScalerModel> {
    const learned = await saved.row(LEARNED);
    if (learned.originalMin.length !== learned.originalMax.length) {
      throw saved.damaged(`${learned.originalMin.length} largest values`, learned.originalMax.length);
    }
    return new MinMaxScalerModel(learned, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  protected transformChecked(table: Table): Table {
    const { originalMin, originalMax } = this.learned;
    const matrix = matrixOfWidth(table, this.get('inputCol'), originalMin.length, this.uid);
    const { rows, columns } = isSparseRows(matrix) ? toDense(matrix) : matrix;
    const scaled = columns.map((column, j) => this.#scaled(column, originalMin[j]!, originalMax[j]!));
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: { rows, columns: scaled } });
  }

  #scaled(column: Float64Array, low: number, high: number): Float64Array {
    const [min, max] = [this.get('min'), this.get('max')];
    const scale = (max - min) / (high - low);
    const middle = (min + max) / 2;
    return column.map((value) => (Number.isNaN(value) ? value : high === low ? middle : (value - low) * scale + min));
  }
}
