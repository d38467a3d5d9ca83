import { matrixWidth } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { requireTrainingColumns, withPredictions } from '../prediction-schema.ts';
import { EstimatorStage } from '../stage.ts';
import { trainingRows } from '../training-rows.ts';
import { fitHuber, fitLeastSquares } from './linear-fits.ts';
import { LINEAR_REGRESSION_PARAMS, LinearRegressionModel } from './linear-regression-model.ts';

/** Beyond so many features, the normal equations take too much memory. */
const MOST_NORMAL_FEATURES = 4096;

/**
 * Fits a line by least squares, with an elastic net:
 *
 *     ½ · mean(weight · (y − b·x − intercept)²) + regParam · (elasticNetParam · |b|₁ + (1 − elasticNetParam)/2 · |b|₂²)
 *
 * where the penalty is on the coefficients of standardised features and labels, unless `standardization` is false. `solver`: `normal`, the
 * normal equations, by Cholesky or coordinate descent, of up to 4096 features, `l-bfgs`, a search, or `auto`. `loss`: `squaredError`, or `huber`,
 * which lets errors beyond `epsilon` scales count less, and learns the scale.
 *
 * Throws `BadRowsError` for rows that are not finite numbers; `UsageError` (`too-few-records`, `bad-option`).
 * Cost: O(n · d²) by normal equations. Source: Apache Spark, LinearRegression (spark.ml).
 */
export class LinearRegression extends EstimatorStage<LinearRegressionModel, typeof LINEAR_REGRESSION_PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.LinearRegression';
  static readonly params = LINEAR_REGRESSION_PARAMS;

  transformSchema(schema: Schema): Schema {
    const [featuresCol, labelCol, weightCol] = [this.get('featuresCol'), this.get('labelCol'), this.find('weightCol')];
    requireTrainingColumns(schema, { featuresCol, labelCol, weightCol });
    return withPredictions(schema, [{ name: this.get('predictionCol'), type: 'double' }]);
  }

  fit(table: Table): LinearRegressionModel {
    this.transformSchema(table.schema);
    const rows = trainingRows(table, this.uid, {
      featuresCol: this.get('featuresCol'),
      labelCol: this.get('labelCol'),
      weightCol: this.find('weightCol'),
    });
    const settings = {
      who: this.uid,
      regParam: this.get('regParam'),
      elasticNetParam: this.get('elasticNetParam'),
      fitIntercept: this.get('fitIntercept'),
      standardization: this.get('standardization'),
      maxIter: this.get('maxIter'),
      tol: this.get('tol'),
    };
    const learned =
      this.get('loss').toLowerCase() === 'huber'
        ? fitHuber(rows, { ...settings, epsilon: this.get('epsilon') })
        : fitLeastSquares(rows, { ...settings, byNormalEquations: this.#byNormalEquations(matrixWidth(rows.matrix)) });
    return new LinearRegressionModel(learned, this.set, this.uid);
  }

  #byNormalEquations(d: number): boolean {
    const solver = this.get('solver').toLowerCase();
    if (solver !== 'normal' || d <= MOST_NORMAL_FEATURES) return solver !== 'l-bfgs' && d <= MOST_NORMAL_FEATURES;
    throw new UsageError(
      'bad-option',
      `${this.uid}: solver normal: expected at most ${MOST_NORMAL_FEATURES} features, got ${d}; take l-bfgs`,
    );
  }
}
