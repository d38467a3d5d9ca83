import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { sumOf } from '../../numeric/linear.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, choiceParam } from '../params/param-kinds.ts';
import { labelCol, predictionCol, weightCol } from '../params/shared-params.ts';
import { EvaluatorStage, judgedNumbers, judgedWeights } from './evaluator-stage.ts';

const PARAMS = {
  ...predictionCol,
  ...labelCol,
  ...weightCol,
  /** Root of the mean squared error (the default), that mean, R², mean absolute error, explained variance. */
  metricName: choiceParam(['rmse', 'mse', 'r2', 'mae', 'var'], 'rmse'),
  /** Whether R² measures from 0 and not from the mean. Default false. */
  throughOrigin: booleanParam(false),
};

export type RegressionEvaluatorOptions = OptionsOf<typeof PARAMS>;

/** Judges predicted values. Source: Apache Spark, RegressionEvaluator (spark.ml). */
export class RegressionEvaluator extends EvaluatorStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.evaluation.RegressionEvaluator';
  static readonly params = PARAMS;

  get isLargerBetter(): boolean {
    return ['r2', 'var'].includes(this.get('metricName'));
  }

  transformSchema(schema: Schema): Schema {
    for (const name of [this.get('predictionCol'), this.get('labelCol'), this.find('weightCol')]) {
      if (name) schema.requireNumeric(name);
    }
    return schema;
  }

  protected evaluateChecked(table: Table): number {
    const labels = judgedNumbers(table, this.uid, this.get('labelCol'));
    const predictions = judgedNumbers(table, this.uid, this.get('predictionCol'));
    const weights = judgedWeights(table, this.uid, this.find('weightCol'));
    const mean = (of: (i: number) => number) => {
      let [sum, total] = [0, 0];
      for (let i = 0; i < labels.length; i++) {
        const weight = weights?.[i] ?? 1;
        sum += weight * of(i);
        total += weight;
      }
      return sum / total;
    };
    const squared = () => mean((i) => (labels[i]! - predictions[i]!) ** 2);
    switch (this.get('metricName')) {
      case 'rmse':
        return Math.sqrt(squared());
      case 'mse':
        return squared();
      case 'mae':
        return mean((i) => Math.abs(labels[i]! - predictions[i]!));
      case 'r2': {
        const center = this.get('throughOrigin') ? 0 : mean((i) => labels[i]!);
        const spread = mean((i) => (labels[i]! - center) ** 2);
        return 1 - squared() / (this.get('throughOrigin') ? spread : spread * weightFactor(weights));
      }
      case 'var': {
        const center = mean((i) => labels[i]!);
        return mean((i) => (predictions[i]! - center) ** 2);
      }
    }
  }
}

/** Spark has the sample variance of weighted labels times Σw − 1, which is their sum of squares only where all weights are 1. */
function weightFactor(weights: Float64Array | undefined): number {
  if (weights === undefined) return 1;
  const total = sumOf(weights);
  return (total - 1) / (total - sumOf(weights.map((each) => each * each)) / total);
}
