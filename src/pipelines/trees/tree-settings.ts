import type { Schema } from '../../batch/schema.ts';
import { withClassSchema } from '../classification/class-columns.ts';
import { CLASSIFIER_PARAMS, classColumnsOf } from '../classification/classifier.ts';
import type { OptionsOf } from '../params/param.ts';
import { requireTrainingColumns, withPredictions } from '../prediction-schema.ts';
import type { Stage } from '../stage.ts';
import { withLeafSchema } from './leaf-columns.ts';
import type { TreeSettings } from './tree-growing.ts';
import { classImpurityParam, TREE_PARAMS } from './tree-params.ts';

/** Of every classifier that is made of trees. */
export const TREE_CLASSIFIER_PARAMS = { ...TREE_PARAMS, ...CLASSIFIER_PARAMS };

export const CLASS_TREE_PARAMS = { ...TREE_CLASSIFIER_PARAMS, ...classImpurityParam };

export type ClassTreeOptions = OptionsOf<typeof CLASS_TREE_PARAMS>;

type TreeStage = Stage<typeof TREE_PARAMS>;
type ClassifierStage = Stage<typeof TREE_CLASSIFIER_PARAMS>;

/** What a stage's parameters say of how its trees grow. */
export function treeSettings(stage: TreeStage): TreeSettings {
  return {
    featuresCol: stage.get('featuresCol'),
    labelCol: stage.get('labelCol'),
    weightCol: stage.find('weightCol'),
    seed: stage.get('seed'),
    maxDepth: stage.get('maxDepth'),
    maxBins: stage.get('maxBins'),
    minInstancesPerNode: stage.get('minInstancesPerNode'),
    minWeightFractionPerNode: stage.get('minWeightFractionPerNode'),
    minInfoGain: stage.get('minInfoGain'),
  };
}

/** Throws `UsageError` where the columns that a stage learns from are not there. */
export function requireTreeColumns(stage: TreeStage, schema: Schema): void {
  requireTrainingColumns(schema, treeSettings(stage));
}

/** What a classifier adds: a leaf for one tree, a vector of leaves for several. */
export function classTreeSchema(stage: ClassifierStage, schema: Schema, leaf: 'double' | 'vector', k?: number): Schema {
  schema.require(stage.get('featuresCol'), ['vector']);
  return withLeafSchema(withClassSchema(schema, classColumnsOf(stage), k), stage.get('leafCol'), leaf);
}

/** What a regressor adds. */
export function valueTreeSchema(
  stage: TreeStage,
  schema: Schema,
  leaf: 'double' | 'vector',
  varianceCol?: string,
): Schema {
  schema.require(stage.get('featuresCol'), ['vector']);
  const predicted = withPredictions(schema, [
    { name: stage.get('predictionCol'), type: 'double' },
    { name: varianceCol, type: 'double' },
  ]);
  return withLeafSchema(predicted, stage.get('leafCol'), leaf);
}
