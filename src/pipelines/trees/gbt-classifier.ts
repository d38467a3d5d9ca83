import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { type Forest, forestOf } from '../../numeric/trees/forest.ts';
import { chosenClasses, requireThresholds, withClassColumns } from '../classification/class-columns.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam } from '../params/param-kinds.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { classesOf } from '../training-rows.ts';
import { BOOSTING_LOSSES, BOOSTING_PARAMS, type Boosted, boosted, weightedLeaves } from './boosting.ts';
import { DecisionTreeRegressionModel } from './decision-tree-regressor.ts';
import { leafSums, withLeafColumn } from './leaf-columns.ts';
import { ensembleData, restoredShape, restoredTrees } from './tree-data.ts';
import {
  classColumnsOf,
  classTreeSchema,
  requireTreeColumns,
  TREE_CLASSIFIER_PARAMS,
  treeSettings,
} from './tree-settings.ts';

const PARAMS = {
  ...TREE_CLASSIFIER_PARAMS,
  ...BOOSTING_PARAMS,
  lossType: choiceParam(['logistic'], 'logistic', { anyCase: true }),
};

export type GBTClassifierOptions = OptionsOf<typeof PARAMS>;

/**
 * Boosts decision trees that tell two classes: the first predicts the labels, as −1 and 1, each further one the slope of the logistic loss.
 *
 * Throws as `DecisionTreeClassifier`; `UsageError` (`bad-option`) for more than two classes. Cost: O(trees · n · d · depth).
 * Source: Apache Spark, GBTClassifier (spark.ml).
 */
export class GBTClassifier extends EstimatorStage<GBTClassificationModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.GBTClassifier';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTreeColumns(this, schema);
    return classTreeSchema(this, schema, 'vector');
  }

  fit(table: Table): GBTClassificationModel {
    this.transformSchema(table.schema);
    const labelCol = this.get('labelCol');
    const numClasses = classesOf(table, this.uid, labelCol, table.numbers(labelCol).values);
    if (numClasses > 2) {
      throw new UsageError(
        'bad-option',
        `${this.uid}: only two classes, 0 and 1, can be told apart; got ${numClasses}`,
      );
    }
    const learned = boosted(table, this, treeSettings(this), BOOSTING_LOSSES.logistic, (label) => 2 * label - 1);
    return new GBTClassificationModel(learned, this.set, this.uid);
  }
}

/** What `GBTClassifier` has learned: with F the weighted sum of what the trees predict, 1 where F > 0, with probability 1 / (1 + e^−2F). */
export class GBTClassificationModel extends ModelStage<Boosted, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.GBTClassificationModel';
  static readonly params = PARAMS;
  readonly #forest: Forest;

  constructor(learned: Boosted, options: GBTClassifierOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), 2);
    this.#forest = forestOf(learned.trees.map(({ nodes }) => nodes));
  }

  static override async restore(saved: SavedStage): Promise<GBTClassificationModel> {
    const shape = restoredShape(saved, 0);
    const learned = { trees: await restoredTrees(saved, shape), numFeatures: shape.numFeatures };
    return new GBTClassificationModel(learned, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    const { trees, numFeatures } = this.learned;
    return ensembleData(
      trees,
      (nodes, index) => new DecisionTreeRegressionModel({ nodes, numFeatures }, {}, `dtr_${index}`),
    );
  }

  override savedExtra() {
    return { numFeatures: this.learned.numFeatures, numTrees: this.learned.trees.length };
  }

  /** Shares that add up to 1: how much each feature lowers the variance. Float64Array[d]. */
  get featureImportances(): Float64Array {
    const { trees, numFeatures } = this.learned;
    const all = trees.map(({ nodes }) => nodes);
    return featureImportances(all, numFeatures, ([count]) => count!, { perTree: false });
  }

  transformSchema(schema: Schema): Schema {
    return classTreeSchema(this, schema, 'vector', 2);
  }

  protected transformChecked(table: Table): Table {
    const { trees, numFeatures } = this.learned;
    const design = featureMatrix(table, this.get('featuresCol'), numFeatures, this.uid);
    const margins = leafSums(this.#forest, design, weightedLeaves(trees));
    const one = margins.map((margin) => 1 / (1 + Math.exp(-2 * margin)));
    const probability = [one.map((each) => 1 - each), one];
    const thresholds = this.find('thresholds');
    const prediction =
      thresholds === undefined ? margins.map((margin) => (margin > 0 ? 1 : 0)) : chosenClasses(probability, thresholds);
    const raw = [margins.map((margin) => -margin), margins];
    const scored = withClassColumns(table, classColumnsOf(this), { raw, probability, prediction });
    const leaves = { forest: this.#forest, trees: trees.map(({ nodes }) => nodes), design };
    return withLeafColumn(scored, this.get('leafCol'), 'vector', leaves);
  }
}
