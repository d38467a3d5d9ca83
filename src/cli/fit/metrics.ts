import {
  BinaryClassificationEvaluator,
  ClusteringEvaluator,
  type Evaluator,
  MulticlassClassificationEvaluator,
  RegressionEvaluator,
  type Stage,
  type Table,
} from '../../pipelines/index.ts';

/** A figure of a model on rows that it was not fitted on. */
export interface Metric {
  readonly name: string;
  readonly value: number;
}

/** What the evaluators say of a scored table. */
export function metricsOf(evaluators: readonly (Stage & Evaluator)[], scored: Table): Metric[] {
  return evaluators.map((evaluator) => ({
    name: String(paramOf(evaluator, 'metricName') ?? evaluator.uid),
    value: evaluator.evaluate(scored),
  }));
}

/**
 * The evaluators for what the last stage that predicts gives, in its columns: of clusters for one that has no label, of classes for one that
 * has scores for them, else of numbers. None where no stage predicts.
 */
export function usualEvaluators(model: Stage, scored: Table): readonly (Stage & Evaluator)[] {
  const last = predictorsIn(model).at(-1);
  if (last === undefined) return [];
  const column = (name: string) => paramOf(last, name) as string | undefined;
  const [featuresCol, labelCol, predictionCol] = ['featuresCol', 'labelCol', 'predictionCol'].map(column);
  if (labelCol === undefined) return [new ClusteringEvaluator({ featuresCol, predictionCol })];
  if (!scored.schema.has(labelCol)) return [];
  const judged = { labelCol, predictionCol };
  if (column('rawPredictionCol') === undefined && column('probabilityCol') === undefined) {
    return (['rmse', 'mae', 'r2'] as const).map((metricName) => new RegressionEvaluator({ ...judged, metricName }));
  }
  const classes = (['accuracy', 'f1'] as const).map(
    (metricName) => new MulticlassClassificationEvaluator({ ...judged, metricName }),
  );
  const rawPredictionCol = column('rawPredictionCol');
  const isBinary = scored.numbers(labelCol).values.every((label) => label === 0 || label === 1);
  if (!isBinary || rawPredictionCol === undefined) return classes;
  return [new BinaryClassificationEvaluator({ labelCol, rawPredictionCol }), ...classes];
}

/** Undefined where the stage has no such parameter, too. */
function paramOf(stage: Stage, name: string): unknown {
  return name in stage.stageClass.params ? stage.find(name) : undefined;
}

function predictorsIn(stage: Stage): Stage[] {
  const inner = stage.savedStages().flatMap(([, each]) => predictorsIn(each));
  return inner.length > 0 || !('predictionCol' in stage.stageClass.params) ? inner : [stage];
}
