import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { columnMoments } from '../column-moments.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { type RowOf, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { matrixOfWidth, scaledColumns } from './scaled-columns.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** Whether the mean is taken off. Sparse vectors become dense then. Default false. */
  withMean: booleanParam(false),
  /** Whether features are divided by their standard deviation. Default true. */
  withStd: booleanParam(true),
};

export type StandardScalerOptions = OptionsOf<typeof PARAMS>;

/**
 * Brings features to variance 1, and to mean 0 where asked: (x − mean) / std, with std = √(Σ(x − mean)² / (n − 1)). A feature that
 * does not vary becomes 0.
 *
 * Throws `UsageError` (`too-few-records`) for a table without rows. Cost: O(n · d). Source: Apache Spark, StandardScaler (spark.ml).
 */
export class StandardScaler extends EstimatorStage<StandardScalerModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.StandardScaler';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  fit(table: Table): StandardScalerModel {
    this.transformSchema(table.schema);
    const matrix = table.matrix(this.get('inputCol'));
    requireRows(this.uid, matrix.rows);
    const { means, variances } = columnMoments(matrix);
    return new StandardScalerModel({ std: variances.map(Math.sqrt), mean: means }, this.set, this.uid);
  }
}

const LEARNED = { std: vector, mean: vector };

/** Each Float64Array[d]. */
export type StandardScalerLearned = RowOf<typeof LEARNED>;

/** What `StandardScaler` has learned. */
export class StandardScalerModel extends ModelStage<StandardScalerLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.StandardScalerModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<StandardScalerModel> {
    const learned = await saved.row(LEARNED);
    if (learned.std.length !== learned.mean.length) throw saved.damaged('a mean for each feature', learned.mean.length);
    return new StandardScalerModel(learned, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  protected transformChecked(table: Table): Table {
    const { std, mean } = this.learned;
    const matrix = matrixOfWidth(table, this.get('inputCol'), std.length, this.uid);
    const scale = this.get('withStd') ? std.map((each) => (each === 0 ? 0 : 1 / each)) : std.map(() => 1);
    const scaled = scaledColumns(matrix, scale, this.get('withMean') ? mean : undefined);
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: scaled });
  }
}
