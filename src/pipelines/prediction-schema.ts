import type { DataType, Schema } from '../batch/schema.ts';

/** A column that a model adds, unless its name is empty. */
export interface PredictionColumn {
  readonly name: string | undefined;
  readonly type: DataType;
  readonly width?: number;
}

/** Columns that an estimator reads besides the features. */
export interface LearnedFrom {
  readonly featuresCol: string;
  readonly labelCol?: string;
  readonly weightCol?: string | undefined;
}

/** Throws `UsageError` where the columns that are learned from are not there, or not of their types. */
export function requireTrainingColumns(schema: Schema, { featuresCol, labelCol, weightCol }: LearnedFrom): void {
  schema.require(featuresCol, ['vector']);
  if (labelCol) schema.requireNumeric(labelCol);
  if (weightCol) schema.requireNumeric(weightCol);
}

/** The schema with the columns that a model adds. */
export function withPredictions(schema: Schema, columns: readonly PredictionColumn[]): Schema {
  return columns.reduce(
    (current, { name, type, width }) => (name ? current.with({ name, type, width }) : current),
    schema,
  );
}
