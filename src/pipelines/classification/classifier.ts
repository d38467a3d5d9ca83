/** What classifiers that give probabilities share. */
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import {
  featuresCol,
  labelCol,
  predictionCol,
  probabilityCol,
  rawPredictionCol,
  thresholds,
} from '../params/shared-params.ts';
import { requireTrainingColumns } from '../prediction-schema.ts';
import type { Stage } from '../stage.ts';
import { classesOf, type TrainingRows, trainingRows } from '../training-rows.ts';
import { type ClassColumns, withClassSchema } from './class-columns.ts';

export const CLASSIFIER_PARAMS = {
  ...featuresCol,
  ...labelCol,
  ...predictionCol,
  ...rawPredictionCol,
  ...probabilityCol,
  ...thresholds,
};

type ClassifierStage = Stage<typeof CLASSIFIER_PARAMS>;

/** What a classifier adds. */
export function classColumnsOf(stage: ClassifierStage): ClassColumns {
  return {
    rawPredictionCol: stage.get('rawPredictionCol'),
    probabilityCol: stage.get('probabilityCol'),
    predictionCol: stage.get('predictionCol'),
  };
}

/** The schema with what the model will add. Throws `UsageError` where the columns that are learned from are not there. */
export function fittedClassSchema(stage: ClassifierStage, schema: Schema, weightCol?: string): Schema {
  requireTrainingColumns(schema, { featuresCol: stage.get('featuresCol'), labelCol: stage.get('labelCol'), weightCol });
  return withClassSchema(schema, classColumnsOf(stage));
}

/** The schema with what a model of so many classes adds. Throws `UsageError` where there are no features. */
export function classModelSchema(stage: ClassifierStage, schema: Schema, numClasses: number): Schema {
  schema.require(stage.get('featuresCol'), ['vector']);
  return withClassSchema(schema, classColumnsOf(stage), numClasses);
}

/** The rows to learn from, whose labels are classes. Throws as `trainingRows` and `classesOf`. */
export function classRows(
  stage: ClassifierStage,
  table: Table,
  weightCol?: string,
): { readonly rows: TrainingRows; readonly numClasses: number } {
  const [featuresCol, labelCol] = [stage.get('featuresCol'), stage.get('labelCol')];
  const rows = trainingRows(table, stage.uid, { featuresCol, labelCol, weightCol });
  return { rows, numClasses: classesOf(table, stage.uid, labelCol, rows.labels) };
}
