import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { chosenClasses, requireThresholds, withClassColumns } from '../classification/class-columns.ts';
import { classColumnsOf } from '../classification/classifier.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam } from '../params/param-kinds.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage } from '../stage.ts';
import { classesOf } from '../training-rows.ts';
import { BOOSTING_LOSSES, BOOSTING_PARAMS, boosted } from './boosting.ts';
import { restoredEnsemble, type TreeEnsemble, ValueEnsembleModel } from './tree-ensemble.ts';
import { classTreeSchema, requireTreeColumns, TREE_CLASSIFIER_PARAMS, treeSettings } from './tree-settings.ts';

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
export class GBTClassificationModel extends ValueEnsembleModel<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.GBTClassificationModel';
  static readonly params = PARAMS;

  constructor(learned: TreeEnsemble, options: GBTClassifierOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), 2);
  }

  static override async restore(saved: SavedStage): Promise<GBTClassificationModel> {
    return new GBTClassificationModel(await restoredEnsemble(saved), saved.options(PARAMS), saved.uid);
  }

  /** Shares that add up to 1: how much each feature lowers the variance. Float64Array[d]. */
  get featureImportances(): Float64Array {
    return this.importances(false);
  }

  transformSchema(schema: Schema): Schema {
    return classTreeSchema(this, schema, 'vector', 2);
  }

  protected transformChecked(table: Table): Table {
    const design = this.designOf(table);
    const margins = this.weightedSums(design);
    const one = margins.map((margin) => 1 / (1 + Math.exp(-2 * margin)));
    const probability = [one.map((each) => 1 - each), one];
    const thresholds = this.find('thresholds');
    const prediction =
      thresholds === undefined ? margins.map((margin) => (margin > 0 ? 1 : 0)) : chosenClasses(probability, thresholds);
    const raw = [margins.map((margin) => -margin), margins];
    return this.withLeaves(withClassColumns(table, classColumnsOf(this), { raw, probability, prediction }), design);
  }
}
