import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { DataError, UsageError } from '../../errors.ts';
import { marginsOf, outputWeights } from '../../numeric/design.ts';
import { designMoments } from '../../numeric/design-moments.ts';
import { allFinite } from '../../numeric/linear.ts';
import { hingeLoss } from '../../numeric/margin-losses.ts';
import { standardisedFit } from '../../numeric/standardised-fit.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { doubleParam } from '../params/param-kinds.ts';
import {
  aggregationDepth,
  featuresCol,
  fitIntercept,
  labelCol,
  maxBlockSizeInMB,
  maxIter,
  predictionCol,
  rawPredictionCol,
  regParam,
  standardization,
  tol,
  weightCol,
} from '../params/shared-params.ts';
import { requireTrainingColumns } from '../prediction-schema.ts';
import { double, type RowOf, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { classesOf, trainingRows } from '../training-rows.ts';
import { withClassColumns, withClassSchema } from './class-columns.ts';

const PARAMS = {
  ...featuresCol,
  ...labelCol,
  ...predictionCol,
  ...rawPredictionCol,
  ...weightCol,
  ...regParam,
  ...maxIter(100),
  ...tol(1e-6),
  ...fitIntercept,
  ...standardization,
  /** 1 is predicted where the margin is above this. Default 0. */
  threshold: doubleParam({ default: 0 }),
  ...aggregationDepth,
  ...maxBlockSizeInMB,
};

export type LinearSVCOptions = OptionsOf<typeof PARAMS>;

/**
 * Fits a linear support vector machine of two classes: minimises mean(weight · max(0, 1 − (2·label − 1) · margin)) + regParam/2 · |b|₂², where
 * the penalty is on the coefficients of standardised features, unless `standardization` is false.
 *
 * Throws `BadRowsError` for rows that are not finite numbers or whose label is not 0 or 1; `UsageError` (`too-few-records`, `bad-option`).
 * Cost: O(values) a step. Source: Apache Spark, LinearSVC (spark.ml).
 */
export class LinearSVC extends EstimatorStage<LinearSVCModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.LinearSVC';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    const [featuresCol, labelCol, weightCol] = [this.get('featuresCol'), this.get('labelCol'), this.find('weightCol')];
    requireTrainingColumns(schema, { featuresCol, labelCol, weightCol });
    return withClassSchema(schema, {
      rawPredictionCol: this.get('rawPredictionCol'),
      predictionCol: this.get('predictionCol'),
    });
  }

  fit(table: Table): LinearSVCModel {
    this.transformSchema(table.schema);
    const labelCol = this.get('labelCol');
    const { matrix, labels, weights } = trainingRows(table, this.uid, {
      featuresCol: this.get('featuresCol'),
      labelCol,
      weightCol: this.find('weightCol'),
    });
    const numClasses = classesOf(table, this.uid, labelCol, labels);
    if (numClasses > 2) {
      throw new UsageError(
        'bad-option',
        `${this.uid}: only two classes, 0 and 1, can be told apart; got ${numClasses}`,
      );
    }
    const { weights: fitted } = standardisedFit({
      design: matrix,
      moments: designMoments(matrix, weights),
      loss: hingeLoss(labels, weights),
      outputs: 1,
      fitIntercept: this.get('fitIntercept'),
      standardization: this.get('standardization'),
      l1: 0,
      l2: this.get('regParam'),
      maxIter: this.get('maxIter'),
      tol: this.get('tol'),
    });
    if (!allFinite(fitted)) {
      throw new DataError(
        'not-finite',
        `${this.uid}: fitting left the finite numbers; bring features to a smaller scale`,
      );
    }
    return new LinearSVCModel({ coefficients: fitted.slice(0, -1), intercept: fitted.at(-1)! }, this.set, this.uid);
  }
}

const LEARNED = { coefficients: vector, intercept: double };

/** `coefficients`: Float64Array[d]. */
export type LinearSVCLearned = RowOf<typeof LEARNED>;

/** What `LinearSVC` has learned. */
export class LinearSVCModel extends ModelStage<LinearSVCLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.LinearSVCModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<LinearSVCModel> {
    return new LinearSVCModel(await saved.row(LEARNED), saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('featuresCol'), ['vector']);
    return withClassSchema(schema, this.#columns, 2);
  }

  protected transformChecked(table: Table): Table {
    const { coefficients, intercept } = this.learned;
    const matrix = featureMatrix(table, this.get('featuresCol'), coefficients.length, this.uid);
    const threshold = this.get('threshold');
    const [margins] = marginsOf(matrix, outputWeights(coefficients, intercept), 1) as [Float64Array];
    return withClassColumns(table, this.#columns, {
      raw: [margins.map((margin) => -margin), margins],
      prediction: margins.map((margin) => (margin > threshold ? 1 : 0)),
    });
  }

  get #columns() {
    return { rawPredictionCol: this.get('rawPredictionCol'), predictionCol: this.get('predictionCol') };
  }
}
