import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { silhouette } from '../../numeric/silhouette.ts';
import { unitRows } from '../clustering/row-lengths.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam } from '../params/param-kinds.ts';
import { featuresCol, predictionCol, weightCol } from '../params/shared-params.ts';
import { EvaluatorStage, judgedNumbers, judgedWeights } from './evaluator-stage.ts';

const PARAMS = {
  ...featuresCol,
  ...predictionCol,
  ...weightCol,
  metricName: choiceParam(['silhouette'], 'silhouette'),
  /** Default `squaredEuclidean`. */
  distanceMeasure: choiceParam(['squaredEuclidean', 'cosine'], 'squaredEuclidean'),
};

export type ClusteringEvaluatorOptions = OptionsOf<typeof PARAMS>;

/**
 * Judges clusters by their mean silhouette, from −1 to 1: how much nearer rows are to their own cluster than to the next.
 *
 * Throws `UsageError` (`too-few-records`) for fewer than two clusters. Source: Apache Spark, ClusteringEvaluator (spark.ml).
 */
export class ClusteringEvaluator extends EvaluatorStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.evaluation.ClusteringEvaluator';
  static readonly params = PARAMS;
  readonly isLargerBetter = true;

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('featuresCol'), ['vector']);
    schema.requireNumeric(this.get('predictionCol'));
    const weightCol = this.find('weightCol');
    if (weightCol) schema.requireNumeric(weightCol);
    return schema;
  }

  protected evaluateChecked(table: Table): number {
    const clusters = judgedNumbers(table, this.uid, this.get('predictionCol'));
    const weights = judgedWeights(table, this.uid, this.find('weightCol'));
    const features = table.features(this.get('featuresCol'));
    const isCosine = this.get('distanceMeasure') === 'cosine';
    const { columns } = isCosine ? unitRows(table, this.uid, features) : features;
    // Between rows of length 1, the squared distance is twice 1 − cosine, and a silhouette has no unit.
    const mean = silhouette(columns, clusters, weights);
    if (mean !== undefined) return mean;
    throw new UsageError('too-few-records', `${this.uid}: number of clusters must be greater than one`);
  }
}
