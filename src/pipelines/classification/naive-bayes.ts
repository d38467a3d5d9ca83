import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { EstimatorStage } from '../stage.ts';
import { requireThresholds } from './class-columns.ts';
import { classRows, fittedClassSchema } from './classifier.ts';
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
    return fittedClassSchema(this, schema, this.find('weightCol'));
  }

  fit(table: Table): NaiveBayesModel {
    this.transformSchema(table.schema);
    const { rows, numClasses: k } = classRows(this, table, this.find('weightCol'));
    const modelType = this.get('modelType');
    requireBayesFeatures(table, this.uid, this.get('featuresCol'), rows.matrix, modelType);
    requireThresholds(this.uid, this.find('thresholds'), k);
    const learned =
      modelType === 'gaussian' ? gaussianBayes(rows, k) : discreteBayes(rows, k, modelType, this.get('smoothing'));
    return new NaiveBayesModel(learned, this.set, this.uid);
  }
}
