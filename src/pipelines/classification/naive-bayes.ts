import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { requireTrainingColumns } from '../prediction-schema.ts';
import { EstimatorStage } from '../stage.ts';
import { classesOf, trainingRows } from '../training-rows.ts';
import { requireThresholds, withClassSchema } from './class-columns.ts';
import { discreteBayes, gaussianBayes } from './naive-bayes-fits.ts';
import { NAIVE_BAYES_PARAMS, NaiveBayesModel, requireBayesFeatures } from './naive-bayes-model.ts';

/**
 * Fits naive Bayes: features that are counts (`multinomial`, or `complement`, which learns each class from the others), 0 or 1
 * (`bernoulli`), or any numbers (`gaussian`). `smoothing` is added to every count.
 *
 * Throws `BadRowsError` for rows that are no such features, or whose label is no class; `UsageError` (`too-few-records`).
 * Cost: O(values). Source: Apache Spark, NaiveBayes (spark.ml).
 */
export class NaiveBayes extends EstimatorStage<NaiveBayesModel, typeof NAIVE_BAYES_PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.NaiveBayes';
  static readonly params = NAIVE_BAYES_PARAMS;

  transformSchema(schema: Schema): Schema {
    const [featuresCol, labelCol, weightCol] = [this.get('featuresCol'), this.get('labelCol'), this.find('weightCol')];
    requireTrainingColumns(schema, { featuresCol, labelCol, weightCol });
    return withClassSchema(schema, {
      rawPredictionCol: this.get('rawPredictionCol'),
      probabilityCol: this.get('probabilityCol'),
      predictionCol: this.get('predictionCol'),
    });
  }

  fit(table: Table): NaiveBayesModel {
    this.transformSchema(table.schema);
    const labelCol = this.get('labelCol');
    const rows = trainingRows(table, this.uid, {
      featuresCol: this.get('featuresCol'),
      labelCol,
      weightCol: this.find('weightCol'),
    });
    const modelType = this.get('modelType');
    requireBayesFeatures(table, this.uid, this.get('featuresCol'), rows.matrix, modelType);
    const k = classesOf(table, this.uid, labelCol, rows.labels);
    requireThresholds(this.uid, this.find('thresholds'), k);
    const learned =
      modelType === 'gaussian' ? gaussianBayes(rows, k) : discreteBayes(rows, k, modelType, this.get('smoothing'));
    return new NaiveBayesModel(learned, this.set, this.uid);
  }
}
