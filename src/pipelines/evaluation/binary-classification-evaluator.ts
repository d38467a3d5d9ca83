import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { areaUnder, binaryCurve } from '../../numeric/binary-curve.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, intParam } from '../params/param-kinds.ts';
import { labelCol, rawPredictionCol, weightCol } from '../params/shared-params.ts';
import { EvaluatorStage, judgedNumbers, judgedWeights } from './evaluator-stage.ts';

const PARAMS = {
  ...rawPredictionCol,
  ...labelCol,
  ...weightCol,
  /** Area under the receiver operating characteristic (the default), or under precision by recall. */
  metricName: choiceParam(['areaUnderROC', 'areaUnderPR'], 'areaUnderROC'),
  /** Into about how many points a curve is thinned out; 0: not at all. Default 1000. */
  numBins: intParam({ atLeast: 0, default: 1000 }),
};

export type BinaryClassificationEvaluatorOptions = OptionsOf<typeof PARAMS>;

/**
 * Judges how well scores tell two classes. `rawPredictionCol`: vectors, whose second number is the score of class 1, or that score.
 * Source: Apache Spark, BinaryClassificationEvaluator (spark.ml).
 */
export class BinaryClassificationEvaluator extends EvaluatorStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.evaluation.BinaryClassificationEvaluator';
  static readonly params = PARAMS;
  readonly isLargerBetter = true;

  transformSchema(schema: Schema): Schema {
    const name = this.get('rawPredictionCol');
    if (schema.field(name).type !== 'vector') schema.requireNumeric(name);
    schema.requireNumeric(this.get('labelCol'));
    const weightCol = this.find('weightCol');
    if (weightCol) schema.requireNumeric(weightCol);
    return schema;
  }

  protected evaluateChecked(table: Table): number {
    const labels = judgedNumbers(table, this.uid, this.get('labelCol'));
    const weights = judgedWeights(table, this.uid, this.find('weightCol'));
    const curve = binaryCurve(this.#scores(table), labels, weights, this.get('numBins'));
    const { positives, negatives } = curve.at(-1) ?? { positives: 0, negatives: 0 };
    if (this.get('metricName') === 'areaUnderROC') {
      const points = curve.map((at) => [at.negatives / negatives, at.positives / positives] as const);
      return areaUnder([[0, 0], ...points, [1, 1]]);
    }
    const points = curve.map((at) => [at.positives / positives, at.positives / (at.positives + at.negatives)] as const);
    return areaUnder([[0, points[0]![1]], ...points]);
  }

  #scores(table: Table): Float64Array {
    const name = this.get('rawPredictionCol');
    if (table.schema.field(name).type !== 'vector') return judgedNumbers(table, this.uid, name);
    const { columns } = table.features(name);
    if (columns.length === 2) return columns[1]!;
    throw table.badRows(this.uid, () => `column ${name}: expected vectors of 2 numbers, got ${columns.length}`);
  }
}
