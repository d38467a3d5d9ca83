import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { marginsOf, outputWeights } from '../../numeric/design.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam } from '../params/param-kinds.ts';
import {
  aggregationDepth,
  elasticNetParam,
  featuresCol,
  fitIntercept,
  labelCol,
  maxBlockSizeInMB,
  maxIter,
  predictionCol,
  regParam,
  standardization,
  tol,
  weightCol,
} from '../params/shared-params.ts';
import { withPredictions } from '../prediction-schema.ts';
import { double, optional, type RowOf, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { ModelStage } from '../stage.ts';

export const LINEAR_REGRESSION_PARAMS = {
  ...featuresCol,
  ...labelCol,
  ...predictionCol,
  ...weightCol,
  ...regParam,
  ...elasticNetParam,
  ...maxIter(100),
  ...tol(1e-6),
  ...fitIntercept,
  ...standardization,
  /** Default `auto`: the normal equations where there are at most 4096 features. */
  solver: choiceParam(['auto', 'normal', 'l-bfgs'], 'auto', { anyCase: true }),
  loss: choiceParam(['squaredError', 'huber'], 'squaredError', { anyCase: true }),
  /** Of the huber loss: beyond how many scales an error counts less. Above 1, default 1.35. */
  epsilon: doubleParam({ above: 1, default: 1.35 }),
  ...aggregationDepth,
  ...maxBlockSizeInMB,
};

export type LinearRegressionOptions = OptionsOf<typeof LINEAR_REGRESSION_PARAMS>;

const LEARNED = { intercept: double, coefficients: vector, scale: optional(double) };

/** `coefficients`: Float64Array[d]; `scale`: of the errors, where the loss is huber, else 1. */
export type LinearRegressionLearned = RowOf<typeof LEARNED>;

/** What `LinearRegression` has learned: prediction = coefficients · x + intercept. */
export class LinearRegressionModel extends ModelStage<LinearRegressionLearned, typeof LINEAR_REGRESSION_PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.LinearRegressionModel';
  static readonly params = LINEAR_REGRESSION_PARAMS;

  static override async restore(saved: SavedStage): Promise<LinearRegressionModel> {
    const { scale = 1, ...learned } = await saved.row(LEARNED);
    return new LinearRegressionModel({ ...learned, scale }, saved.options(LINEAR_REGRESSION_PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  get coefficients(): Float64Array {
    return this.learned.coefficients;
  }

  get intercept(): number {
    return this.learned.intercept;
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('featuresCol'), ['vector']);
    return withPredictions(schema, [{ name: this.get('predictionCol'), type: 'double' }]);
  }

  protected transformChecked(table: Table): Table {
    const { coefficients, intercept } = this.learned;
    const name = this.get('predictionCol');
    const matrix = featureMatrix(table, this.get('featuresCol'), coefficients.length, this.uid);
    if (!name) return table;
    const [values] = marginsOf(matrix, outputWeights(coefficients, intercept), 1);
    return table.withColumn(name, { type: 'double', values: values! });
  }
}
