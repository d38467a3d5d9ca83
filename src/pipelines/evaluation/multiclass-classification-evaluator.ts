import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { ClassCounts } from '../../numeric/class-counts.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam } from '../params/param-kinds.ts';
import { labelCol, predictionCol, probabilityCol, weightCol } from '../params/shared-params.ts';
import { EvaluatorStage, judgedNumbers, judgedWeights } from './evaluator-stage.ts';

const PARAMS = {
  ...predictionCol,
  ...labelCol,
  ...weightCol,
  ...probabilityCol,
  /** Default `f1`. */
  metricName: choiceParam(
    [
      'f1',
      'accuracy',
      'weightedPrecision',
      'weightedRecall',
      'weightedTruePositiveRate',
      'weightedFalsePositiveRate',
      'weightedFMeasure',
      'truePositiveRateByLabel',
      'falsePositiveRateByLabel',
      'precisionByLabel',
      'recallByLabel',
      'fMeasureByLabel',
      'logLoss',
      'hammingLoss',
    ],
    'f1',
  ),
  /** The class that figures by label are of. Default 0. */
  metricLabel: doubleParam({ atLeast: 0, default: 0 }),
  /** How much recall counts against precision in an F-measure. Above 0, default 1. */
  beta: doubleParam({ above: 0, default: 1 }),
  /** Probabilities nearer to 0 or 1 are taken for this far in `logLoss`. In (0, 0.5), default 1e-15. */
  eps: doubleParam({ above: 0, below: 0.5, default: 1e-15 }),
};

export type MulticlassClassificationEvaluatorOptions = OptionsOf<typeof PARAMS>;

const SMALLER_IS_BETTER = ['weightedFalsePositiveRate', 'falsePositiveRateByLabel', 'logLoss', 'hammingLoss'];

/** Judges predicted classes. Source: Apache Spark, MulticlassClassificationEvaluator (spark.ml). */
export class MulticlassClassificationEvaluator extends EvaluatorStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator';
  static readonly params = PARAMS;

  get isLargerBetter(): boolean {
    return !SMALLER_IS_BETTER.includes(this.get('metricName'));
  }

  transformSchema(schema: Schema): Schema {
    schema.requireNumeric(this.get('predictionCol'));
    schema.requireNumeric(this.get('labelCol'));
    const weightCol = this.find('weightCol');
    if (weightCol) schema.requireNumeric(weightCol);
    if (this.get('metricName') === 'logLoss') schema.require(this.get('probabilityCol'), ['vector']);
    return schema;
  }

  protected evaluateChecked(table: Table): number {
    const labels = judgedNumbers(table, this.uid, this.get('labelCol'));
    const weights = judgedWeights(table, this.uid, this.find('weightCol'));
    if (this.get('metricName') === 'logLoss') return this.#logLoss(table, labels, weights);
    const counts = new ClassCounts(judgedNumbers(table, this.uid, this.get('predictionCol')), labels, weights);
    const [label, beta] = [this.get('metricLabel'), this.get('beta')];
    switch (this.get('metricName')) {
      case 'f1':
        return counts.weighted((c) => counts.fMeasure(c, 1));
      case 'accuracy':
        return counts.accuracy;
      case 'weightedPrecision':
        return counts.weighted((c) => counts.precision(c));
      case 'weightedRecall':
      case 'weightedTruePositiveRate':
        return counts.weighted((c) => counts.recall(c));
      case 'weightedFalsePositiveRate':
        return counts.weighted((c) => counts.falsePositiveRate(c));
      case 'weightedFMeasure':
        return counts.weighted((c) => counts.fMeasure(c, beta));
      case 'truePositiveRateByLabel':
      case 'recallByLabel':
        return counts.recall(label);
      case 'falsePositiveRateByLabel':
        return counts.falsePositiveRate(label);
      case 'precisionByLabel':
        return counts.precision(label);
      case 'fMeasureByLabel':
        return counts.fMeasure(label, beta);
      case 'hammingLoss':
        return 1 - counts.accuracy;
    }
    return Number.NaN;
  }

  /** Mean of −ln of the probability of the right class, kept off 0 and 1. */
  #logLoss(table: Table, labels: Float64Array, weights: Float64Array | undefined): number {
    const name = this.get('probabilityCol');
    const { columns } = table.features(name);
    const eps = this.get('eps');
    let [sum, total] = [0, 0];
    const isBad = (i: number) => columns[labels[i]!] === undefined;
    for (let i = 0; i < labels.length; i++) {
      const probability = columns[labels[i]!]?.[i];
      if (probability === undefined) {
        throw table.badRows(this.uid, (row) =>
          isBad(row) ? `column ${name}: expected a probability for each class, got ${columns.length}` : undefined,
        );
      }
      const weight = weights?.[i] ?? 1;
      sum -= weight * Math.log(Math.min(1 - eps, Math.max(eps, probability)));
      total += weight;
    }
    return sum / total;
  }
}
